"""Names what keeps a command from its controller, and carries what a controller refused."""

from collections.abc import Mapping
from typing import ClassVar

from jobnet.errors import ControllerError


class ControllerAway(ControllerError):
    """Nobody answers where the controller should be."""

    code: ClassVar[str] = "controller_away"

    def __init__(self, url: str, *, problem: str = "") -> None:
        self.url = url
        self.problem = problem
        why = f" ({problem.rstrip('.')})" if problem else ""
        super().__init__(
            f"No controller answers at {url}{why}; start one with jobnet up, or name another with"
            " JOBNET_URL."
        )


class NoControllerFound(ControllerError):
    """No controller of this user runs on this machine, and no other was named."""

    code: ClassVar[str] = "no_controller_found"

    def __init__(self, folder: str) -> None:
        self.folder = folder
        super().__init__(
            f"No controller runs on {folder}; start one with jobnet up, or name one with JOBNET_URL"
            " and JOBNET_TOKEN."
        )


class TokenNotFound(ControllerError):
    """A controller was named without the token that it asks for."""

    code: ClassVar[str] = "token_not_found"

    def __init__(self, url: str, *, file: str) -> None:
        self.url = url
        self.file = file
        where = f" or make {file} readable for you" if file else ""
        super().__init__(f"The controller at {url} wants a token; set JOBNET_TOKEN{where}.")


class AnswerIsNoController(ControllerError):
    """Something answers, but what it says is no answer of a controller."""

    code: ClassVar[str] = "answer_is_no_controller"

    def __init__(self, url: str, *, status: int) -> None:
        self.url = url
        self.status = status
        super().__init__(
            f"What answers at {url} is no controller of this release (HTTP status {status}); check"
            " JOBNET_URL, and jobnet doctor."
        )


class ControllerRefused(ControllerError):
    """A refusal of the controller; ``told`` is its code there, ``facts`` what it is about."""

    code: ClassVar[str] = "controller_refused"

    def __init__(
        self, sentence: str, *, told: str, status: int, facts: Mapping[str, object] | None = None
    ) -> None:
        self.told = told
        self.status = status
        self.facts = dict(facts or {})
        super().__init__(sentence)


class CommandUsage(ControllerError):
    """A command was typed in a way that asks for nothing that can be done."""

    code: ClassVar[str] = "command_usage"

    def __init__(self, problem: str, *, command: str) -> None:
        self.problem = problem
        super().__init__(f"{problem.rstrip('.')}; see {command} --help.")


class NothingMeant(ControllerError):
    """A short id, or a word such as ``@last``, that names no run or more than one."""

    code: ClassVar[str] = "nothing_meant"

    def __init__(self, text: str, *, found: tuple[str, ...] = ()) -> None:
        self.text = text
        self.found = found
        if found:
            said = f"means more than one run: {', '.join(found)}; type more of it"
        else:
            said = "names no run; see jobnet run list"
        super().__init__(f"{text!r} {said}.")


class StartUnclear(ControllerError):
    """A short key that names no start of the plan, or more than one."""

    code: ClassVar[str] = "start_unclear"

    def __init__(self, text: str, *, found: tuple[str, ...] = ()) -> None:
        self.text, self.found = text, found
        if found:
            said = f"may mean {', '.join(found)}; type more of it"
        else:
            said = "names no start of the plan; see jobnet plan show"
        super().__init__(f"{text[:200]!r} {said}.")


class FileNotWritten(ControllerError):
    """A file that a command was to write; one that is there is never overwritten."""

    code: ClassVar[str] = "file_not_written"

    def __init__(self, path: str, *, problem: str) -> None:
        self.path = path
        self.problem = problem
        super().__init__(f"{path} was not written ({problem}); name another place with --to.")
