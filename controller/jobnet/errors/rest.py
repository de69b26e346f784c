"""Names what the REST API refuses before any service is asked, and what its views do not find."""

from typing import ClassVar

from jobnet.errors import ControllerError

_QUOTED_MAX = 80


class TokenRefused(ControllerError):
    """A request without a token that the controller knows."""

    code: ClassVar[str] = "token_refused"

    def __init__(self) -> None:
        super().__init__(
            "This needs a token that the controller knows: send Authorization: Bearer TOKEN; the"
            " token of this machine stands in the file that jobnet up names."
        )


class HostRefused(ControllerError):
    """A request under a name that the controller does not go by: perhaps DNS rebinding."""

    code: ClassVar[str] = "host_refused"

    def __init__(self, host: str) -> None:
        self.host = host
        super().__init__(
            f"The controller does not go by the name {host[:_QUOTED_MAX]!r}; ask it as 127.0.0.1 or"
            " localhost."
        )


class BodyTooLarge(ControllerError):
    """A request that holds more than may be sent at once."""

    code: ClassVar[str] = "body_too_large"

    def __init__(self, *, size_max: int) -> None:
        self.size_max = size_max
        super().__init__(
            f"A request may hold {size_max // 1024} KiB at most; send less at once, or let the"
            " controller read files of its own machine."
        )


class RequestNotUnderstood(ControllerError):
    """A request with a field that is missing, unknown, or of another shape."""

    code: ClassVar[str] = "request_not_understood"

    def __init__(self, problems: tuple[tuple[str, str], ...]) -> None:
        self.problems = tuple(f"{where}: {what}" for where, what in problems)
        told = "; ".join(self.problems[:5])
        super().__init__(f"The request was not understood and nothing was done: {told}.")


class NoSuchAddress(ControllerError):
    """A path or method that the API does not have."""

    code: ClassVar[str] = "no_such_address"

    def __init__(self, method: str, path: str) -> None:
        self.method = method
        self.path = path
        super().__init__(
            f"There is no {method[:_QUOTED_MAX]} {path[:_QUOTED_MAX]}; /api/v1/openapi.json lists"
            " all that there is."
        )


class KeyUsedOtherwise(ControllerError):
    """An idempotency key that stands for another request already."""

    code: ClassVar[str] = "key_used_otherwise"

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(
            f"The key {key[:_QUOTED_MAX]!r} was used for another request; nothing was done. Send a"
            " new Idempotency-Key with every new request, and the same one only with the same."
        )


class KeyRefused(ControllerError):
    """An idempotency key that is none: empty, too long, or with characters of other kinds."""

    code: ClassVar[str] = "key_refused"

    def __init__(self, *, length_max: int) -> None:
        self.length_max = length_max
        super().__init__(
            f"An Idempotency-Key has 1 to {length_max} visible ASCII characters; nothing was done."
        )


class CursorRefused(ControllerError):
    """A place in a list that is none of the list's own."""

    code: ClassVar[str] = "cursor_refused"

    def __init__(self, cursor: str) -> None:
        self.cursor = cursor
        super().__init__(
            f"{cursor[:_QUOTED_MAX]!r} is no place in this list; follow the address in next, or"
            " begin without a cursor."
        )


class PartNotFound(ControllerError):
    """A part was named that the run does not have."""

    code: ClassVar[str] = "part_not_found"

    def __init__(self, run: str, part: str) -> None:
        self.run = run
        self.part = part
        super().__init__(
            f"Run {run!r} has no part {part[:_QUOTED_MAX]!r}; jobnet run show {run} lists its"
            " parts."
        )


class ArtifactNotFound(ControllerError):
    """An artifact was named that a part has not left, or that is not there any more."""

    code: ClassVar[str] = "artifact_not_found"

    def __init__(self, run: str, part: str, name: str, *, was_there: bool) -> None:
        self.run, self.part, self.name = run, part, name
        said = "is no plain file any more" if was_there else "was not left by it"
        super().__init__(
            f"Artifact {name[:_QUOTED_MAX]!r} of {run}/{part[:_QUOTED_MAX]} {said}; jobnet"
            f" artifacts {run}/{part[:_QUOTED_MAX]} lists those there are."
        )


class FaultMet(ControllerError):
    """Something that should not be possible: a fault of Jobnet."""

    code: ClassVar[str] = "fault_met"

    def __init__(self, mark: str) -> None:
        self.mark = mark
        super().__init__(
            f"The controller met a fault of its own; its log says more at {mark}. Please report it."
        )


class EtagRefused(ControllerError):
    """A condition on a version that names none."""

    code: ClassVar[str] = "etag_refused"

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            f"{text[:_QUOTED_MAX]} is no ETag of a document; send back the one that came with it,"
            ' such as "3", or * in If-None-Match for one that must be new.'
        )
