"""Names one kind of identifier each, so that a part is never passed for a run.

All of them are plain text at run time; the type checker keeps them apart.
"""

from typing import NewType

RunId = NewType("RunId", str)
"""One execution of a network, such as ``monthly_backup-20260529-2155``."""

NetworkName = NewType("NetworkName", str)
"""A network as its folder and name say: ``payroll/emea/backup`` or ``backup``."""

PartId = NewType("PartId", str)
"""A part inside its network's text: ``stop_db``."""

PartKey = NewType("PartKey", str)
"""A part inside one run, with its scope: ``per_customer[acme].load``, ``batch.load``."""

FlowKey = NewType("FlowKey", str)
"""One sequence inside one run: the key of its container and its slot, ``backup_night/rescue``."""

HostName = NewType("HostName", str)
"""A host of an Ansible inventory."""

EventName = NewType("EventName", str)
"""What ``send_event`` sends and ``wait_event`` receives."""

EventId = NewType("EventId", str)
"""One event that was sent."""

OperatorName = NewType("OperatorName", str)
"""Who gave an order: a user of the controller, or of this machine for ``jobnet play``."""

EditionId = NewType("EditionId", int)
"""One edition of all definitions, counted from 1; 0 is the empty one."""
