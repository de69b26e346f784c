"""Names what keeps a controller from being started, found or ended on this machine."""

from typing import ClassVar

from jobnet.errors import ControllerError


class ControllerRunsAlready(ControllerError):
    """A second controller on one state home; the first goes on."""

    code: ClassVar[str] = "controller_runs_already"

    def __init__(self, folder: str, *, pid: int | None, url: str) -> None:
        self.folder = folder
        self.pid = pid
        self.url = url
        which = "another process" if pid is None else f"process {pid}"
        where = f" at {url}" if url else ""
        super().__init__(
            f"A controller runs already on {folder} ({which}{where}); use it, or end it with"
            " jobnet down."
        )


class ControllerFolderUnsafe(ControllerError):
    """The controller's folder belongs to another user, who could read and change everything."""

    code: ClassVar[str] = "controller_folder_unsafe"

    def __init__(self, folder: str) -> None:
        self.folder = folder
        super().__init__(
            f"The folder {folder} belongs to another user; set JOBNET_HOME to a folder of yours."
        )


class ControllerFolderNotMade(ControllerError):
    """The controller's folder, or a file of it, could not be made."""

    code: ClassVar[str] = "controller_folder_not_made"

    def __init__(self, path: str, *, problem: str) -> None:
        self.path = path
        self.problem = problem
        super().__init__(
            f"{path} could not be written ({problem}); free some space, or set JOBNET_HOME to a"
            " folder that you may write to."
        )


class NotLoopback(ControllerError):
    """An address that other machines reach; a controller has no rights and no TLS yet."""

    code: ClassVar[str] = "not_loopback"

    def __init__(self, host: str) -> None:
        self.host = host
        super().__init__(
            f"A controller listens on this machine only, not at {host!r}; use 127.0.0.1 or ::1, and"
            " ssh -L to reach it from elsewhere."
        )


class AddressInUse(ControllerError):
    """The address to listen at is taken by another program, or may not be used."""

    code: ClassVar[str] = "address_in_use"

    def __init__(self, host: str, port: int, *, problem: str) -> None:
        self.host = host
        self.port = port
        self.problem = problem
        super().__init__(
            f"The controller cannot listen at {host} port {port} ({problem}); choose another with"
            " jobnet up --port N, or --port 0 for any that is free."
        )


class NoControllerHere(ControllerError):
    """``jobnet down`` where no controller of this state home runs."""

    code: ClassVar[str] = "no_controller_here"

    def __init__(self, folder: str) -> None:
        self.folder = folder
        super().__init__(
            f"No controller runs on {folder}; start one with jobnet up, or name another state home"
            " with JOBNET_HOME."
        )


class ControllerDidNotStart(ControllerError):
    """``jobnet up --detach`` whose controller ended, or did not answer in time."""

    code: ClassVar[str] = "controller_did_not_start"

    def __init__(self, log: str, *, last_line: str) -> None:
        self.log = log
        self.last_line = last_line
        said = f" ({last_line.rstrip('.')})" if last_line else ""
        super().__init__(
            f"The controller did not start{said}; read {log}, or start it in this terminal with"
            " jobnet up."
        )


class ControllerDidNotEnd(ControllerError):
    """``jobnet down`` whose controller was still there after its time; it may still be ending."""

    code: ClassVar[str] = "controller_did_not_end"

    def __init__(self, pid: int, *, seconds: float) -> None:
        self.pid = pid
        self.seconds = seconds
        super().__init__(
            f"The controller (process {pid}) was asked to end and is still there after"
            f" {seconds:g} s; look again with jobnet down, or kill -9 {pid}: nothing is lost then."
        )
