"""Names what `jobnet play` refuses: parameters, answers, times and places that cannot serve.

A ``PlayUsage`` is a mistake in what was typed; all others are refusals of the run itself.
"""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import ClassVar

from jobnet.errors import ControllerError

_QUOTED_MAX = 80


def _quoted(text: str) -> str:
    return repr(text if len(text) <= _QUOTED_MAX else text[:_QUOTED_MAX] + "...")


def _near(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name[:_QUOTED_MAX], known, n=1)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"known are {', '.join(known[:10])}." if known else "there is none."


class PlayUsage(ControllerError):
    """The root of everything that was mistyped on the command line."""

    code: ClassVar[str] = "play_usage"


class StartTimeRefused(PlayUsage):
    """``--at`` got a text that is no wall time."""

    code: ClassVar[str] = "start_time_refused"

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            f"--at {_quoted(text)} is no time; write date and time such as 2026-05-29T21:55"
            " (in the zone of the network) or with an offset such as 2026-05-29T21:55+09:00."
        )


class DayRefused(PlayUsage):
    """``--day`` got a text that is no date."""

    code: ClassVar[str] = "day_refused"

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(f"--day {_quoted(text)} is no date; write it such as 2026-05-29.")


class ParamTextRefused(PlayUsage):
    """``-e`` got something that gives no parameters."""

    code: ClassVar[str] = "param_text_refused"

    def __init__(self, text: str, *, problem: str) -> None:
        self.text = text
        self.problem = problem
        super().__init__(
            f"-e {_quoted(text)}: {problem}; write key=value, @file.yml or a JSON object."
        )


class SecretIsLiteral(PlayUsage):
    """A param of type secret was given a value, which the journal would keep for ever."""

    code: ClassVar[str] = "secret_is_literal"

    def __init__(self, network: str, names: Sequence[str]) -> None:
        self.network = network
        self.names = tuple(names)
        super().__init__(
            f"Params of {network}: {', '.join(names)} of type secret cannot be given a value here,"
            " since a run journals its params; let the job read it from Ansible's vault, from a"
            " file or from its environment."
        )


class AnswerTextRefused(PlayUsage):
    """``--answer`` got something without a part and a choice."""

    code: ClassVar[str] = "answer_text_refused"

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            f"--answer {_quoted(text)} names no part and choice; write part=choice, or"
            " part.field=value for a field of its form."
        )


class AnswerPartUnknown(PlayUsage):
    """``--answer`` names a part that is no dialog of the network."""

    code: ClassVar[str] = "answer_part_unknown"

    def __init__(self, part: str, *, dialogs: Sequence[str]) -> None:
        self.part = part
        self.dialogs = tuple(dialogs)
        super().__init__(
            f"--answer names {_quoted(part)}, which is no dialog of this network;"
            f" {_near(part, self.dialogs)}"
        )


class AnswerAssumedRefused(PlayUsage):
    """``--answer`` names a unit job where nothing can be assumed of it."""

    code: ClassVar[str] = "answer_assumed_refused"

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            f"--answer {_quoted(text)} names a unit job; only with --check, and as a whole number,"
            " is an exit code assumed of it."
        )


class AnswerChoiceUnknown(PlayUsage):
    """``--answer`` names a choice that the dialog does not offer."""

    code: ClassVar[str] = "answer_choice_unknown"

    def __init__(self, part: str, choice: str, *, choices: Sequence[str]) -> None:
        self.part = part
        self.choice = choice
        self.choices = tuple(choices)
        super().__init__(
            f"Dialog {part!r} does not offer {_quoted(choice)}; give --answer"
            f" {part}={'|'.join(choices)}."
        )


class AnswerFieldRefused(PlayUsage):
    """``--answer`` gives a field that the form does not have, lacks, or cannot take."""

    code: ClassVar[str] = "answer_field_refused"

    def __init__(self, part: str, field: str, *, problem: str) -> None:
        self.part = part
        self.field = field
        self.problem = problem
        super().__init__(f"Field {field!r} of dialog {part!r}: {problem}.")


class SettingRefused(ControllerError):
    """A ``JOBNET_*`` variable of the environment has a value that cannot be used."""

    code: ClassVar[str] = "setting_refused"

    def __init__(self, name: str, *, problem: str) -> None:
        self.name = name
        self.problem = problem
        super().__init__(f"The environment variable {name} {problem}.")


class JournalNotWritten(ControllerError):
    """The facts of a run could not be kept, so that it was stopped."""

    code: ClassVar[str] = "journal_not_written"

    def __init__(self, path: str, *, problem: str) -> None:
        self.path = path
        self.problem = problem
        super().__init__(
            f"The journal {path} could not be written ({problem}); the run was stopped and its"
            " jobs were killed. Make room or set JOBNET_HOME to another folder, then play again."
        )


class JournalEntryTooLong(JournalNotWritten):
    """A fact of a run is larger than an entry of its journal may be, so that it was stopped."""

    code: ClassVar[str] = "journal_entry_too_long"

    def __init__(self, *, position: int, kind: str, size: int, size_max: int) -> None:
        self.position = position
        self.kind = kind
        ControllerError.__init__(
            self,
            f"Entry {position} of the journal ({kind}) would take {size // 1024} KiB;"
            f" {size_max // 1024} KiB are allowed. The run was stopped and its jobs were killed;"
            " pass large data by file, then play again.",
        )


class JournalNotRead(ControllerError):
    """A line of a journal file does not hold a fact that this version knows."""

    code: ClassVar[str] = "journal_not_read"

    def __init__(self, *, line: int, problem: str) -> None:
        self.line = line
        self.problem = problem
        super().__init__(
            f"Line {line} of the journal cannot be read: {problem}; it was changed by hand or"
            " written by a newer Jobnet."
        )


class RunFolderNotMade(ControllerError):
    """No folder for the pieces of a run could be made."""

    code: ClassVar[str] = "run_folder_not_made"

    def __init__(self, path: str, *, problem: str) -> None:
        self.path = path
        self.problem = problem
        super().__init__(
            f"The folder {path} for the pieces of the run could not be made ({problem});"
            " set JOBNET_HOME to a folder that you may write to."
        )


class MessageNotSent(ControllerError):
    """A message did not reach the mail server or web address that it was meant for."""

    code: ClassVar[str] = "message_not_sent"

    def __init__(self, target: str, *, problem: str) -> None:
        self.target = target
        self.problem = problem
        super().__init__(f"The message to {target} was not sent: {problem}")


class KindUnknown(PlayUsage):
    """`jobnet schema` was asked for a kind of document that does not exist."""

    code: ClassVar[str] = "kind_unknown"

    def __init__(self, kind: str, *, known: Sequence[str]) -> None:
        self.kind = kind
        self.known = tuple(known)
        super().__init__(f"There is no kind {_quoted(kind)}; {_near(kind, self.known)}")


class NothingToPlay(PlayUsage):
    """`jobnet play` was given neither a file nor a run."""

    code: ClassVar[str] = "nothing_to_play"

    def __init__(self) -> None:
        super().__init__(
            "There is nothing to play; name a network as FILE or FILE:NAME, or a run of before as"
            " --rerun RUN."
        )
