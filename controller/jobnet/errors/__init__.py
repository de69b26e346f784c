"""Names every failure that Jobnet expects and says to its reader what to do.

A *refusal* is a ``ControllerError``: a stable ``code``, its facts as attributes, and
its message written once, in the class. A bug is an ``assert``; a job that failed is a
fact of the journal and no error at all. Each package has its own file here.
"""

from typing import ClassVar


class ControllerError(Exception):
    """The root of all refusals; never raised itself.

    ``code`` is stable, lower case with underscores, and is what programs compare;
    ``str(error)`` is one or two sentences for a person.
    """

    code: ClassVar[str] = "refused"
