"""Finds the processes of a job that are not below its supervisor: those of its modules.

A module server's keepers and modules are children of the server. They carry the job's mark,
and what a module starts with an environment of its own is below a process that does.
"""

import os

from jobnet.execution.masters import without_masters
from jobnet.execution.processes import marked
from jobnet.execution.warm_modules.server.keeper import descendants


def tree_of_marked(mark: str) -> list[int]:
    """Return the living processes that carry the mark, and all below them; never this one.

    Meant for the ``find`` of ``processes.end_all``, together with the supervisor's own tree.
    An empty mark finds nothing.
    Connections that other jobs use as well are left out.
    """
    if not mark:
        return []
    found = marked(mark)
    return sorted(without_masters({*found, *descendants(found)} - {os.getpid()}))
