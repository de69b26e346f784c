"""Names why an attempt of a unit job cannot be started."""

from jobnet.errors import ControllerError


class WorldWritableProject(ControllerError):
    """The project folder can be written by everybody, so anybody could plant code in it."""

    code = "world_writable_project"

    def __init__(self, *, path: str) -> None:
        self.path = path
        super().__init__(
            f"The project folder '{path}' can be written by every user of this machine; "
            f"take that right away with 'chmod o-w {path}'."
        )


class PathNotFound(ControllerError):
    """A file or folder that the order names is not there."""

    code = "path_not_found"

    def __init__(self, *, kind: str, path: str) -> None:
        self.kind = kind
        self.path = path
        super().__init__(f"The {kind} '{path}' does not exist; correct the path or create it.")


class FolderTooFull(ControllerError):
    """A folder beside the network has more entries than a job's folder can mirror."""

    code = "folder_too_full"

    def __init__(self, *, path: str, entries_max: int) -> None:
        self.path = path
        self.entries_max = entries_max
        super().__init__(
            f"The folder '{path}' holds more than {entries_max} entries; "
            "move the network file to a folder of its own."
        )


class AttemptAlreadyStarted(ControllerError):
    """The attempt has a spool already."""

    code = "attempt_already_started"

    def __init__(self, *, folder: str) -> None:
        self.folder = folder
        super().__init__(
            f"This attempt was already started, its spool is '{folder}'; start a new attempt."
        )


class SettingsUnreadable(ControllerError):
    """Ansible itself could not read the project's configuration."""

    code = "settings_unreadable"

    def __init__(self, *, root: str, reason: str) -> None:
        self.root = root
        self.reason = reason
        super().__init__(
            f"Ansible cannot read the configuration of '{root}': {reason}; "
            "try 'ansible-config dump' there."
        )


class AnsibleNotFound(ControllerError):
    """There is no ansible-core beside this Python."""

    code = "ansible_not_found"

    def __init__(self, *, program: str) -> None:
        self.program = program
        super().__init__(
            f"The program '{program}' was not found; install ansible-core beside jobnet."
        )


class ValueTooDeep(ControllerError):
    """A value that a run hands over is nested deeper than anything readable."""

    code = "value_too_deep"

    def __init__(self, *, depth_max: int) -> None:
        self.depth_max = depth_max
        super().__init__(
            f"A value handed to the job is nested deeper than {depth_max} levels; flatten it."
        )


class VariableNameRefused(ControllerError):
    """A name handed over is none that Ansible accepts for a variable."""

    code = "variable_name_refused"

    def __init__(self, *, name: str) -> None:
        self.name = name
        super().__init__(
            f"'{name}' cannot be the name of an Ansible variable; "
            "use letters, digits and underscores."
        )
