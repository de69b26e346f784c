"""Sends the messages of a run: of its notify parts, and what notification documents ask for.

Each letter is sent aside, once. In check mode letters are shown and not sent; digests are
collected and sent when the run is over, since there is no later hour in one process.
"""

from collections.abc import Callable, Mapping, Sequence

from jobnet.definition import Address, Notification
from jobnet.engine.commands import SendMessage
from jobnet.engine.inputs import MessageAnswered
from jobnet.errors.play import MessageNotSent
from jobnet.ids import PartKey
from jobnet.ports.desk import Desk, Note, NoteKind
from jobnet.ports.messages import Attachment, Letter, Messenger
from jobnet.ports.pieces import RunPieces
from jobnet.services.file_waits import Aside
from jobnet.services.inbox import Inbox

ATTACHMENTS_MAX = 20
ADDRESSES_MAX = 100


class Letters:
    """The letters of one run."""

    def __init__(
        self,
        *,
        notifications: Mapping[str, Notification],
        details: Callable[[], Mapping[str, object]],
        messenger: Messenger,
        pieces: RunPieces,
        desk: Desk,
        inbox: Inbox,
        aside: Aside,
        is_check: bool,
    ) -> None:
        self._notifications, self._details = notifications, details
        self._messenger, self._pieces = messenger, pieces
        self._desk, self._inbox, self._aside = desk, inbox, aside
        self._is_check = is_check
        self._digests: dict[Address, list[str]] = {}
        self.under_way: set[tuple[PartKey, int]] = set()

    def send(self, command: SendMessage) -> None:
        """Send the message of a notify part and answer for it when all addresses have it."""
        key = (command.part, command.attempt)
        self.under_way.add(key)
        addresses, problem = self._addresses(command.to)
        attachments, refused = self._attachments(command.attach)
        problem = problem or refused
        if problem:
            self._answered(key, problem)
        elif command.digest:
            for address in addresses:
                self._digests.setdefault(address, []).append(_digest_entry(command))
            self._answered(key, "")
        else:
            letters = [self._letter(to, command, attachments) for to in addresses]
            self._hand_over(letters, lambda error: self._answered(key, error))

    def collect(self, command: SendMessage) -> None:
        """Keep a message of a digest for the end of the run; its part has ended already."""
        for address in self._addresses(command.to)[0]:
            self._digests.setdefault(address, []).append(_digest_entry(command))

    def answered(self, answer: MessageAnswered) -> None:
        """Note that the message of a part is no longer under way."""
        self.under_way.discard((answer.part, answer.attempt))

    def tell(self, to: Sequence[Address], *, subject: str, text: str, part: str | None) -> None:
        """Send what a notification document asks for; a letter that fails is a warning."""
        details = {**self._details(), "part": part}
        letters = [Letter(to=each, subject=subject, text=text, details=details) for each in to]
        self._hand_over(letters, self._warn)

    def send_digests(self) -> None:
        """Send what was collected, one letter per address."""
        run = self._details().get("run")
        for address, entries in self._digests.items():
            subject = f"Digest of run {run}: {len(entries)} messages"
            self.tell([address], subject=subject, text="\n\n".join(entries), part=None)
        self._digests.clear()

    def _hand_over(self, letters: Sequence[Letter], done: Callable[[str], None]) -> None:
        if self._is_check:
            for letter in letters:
                text = f"would send to {letter.to.kind}: {letter.subject} (check mode)"
                self._desk.note(Note(kind=NoteKind.MESSAGE, text=text))
            done("")
            return
        self._aside(lambda: done(" ".join(_problems(self._messenger, letters))))

    def _addresses(self, to: Sequence[str]) -> tuple[list[Address], str]:
        found: dict[Address, None] = {}
        for name in to:
            if name in self._notifications:
                found.update(dict.fromkeys(self._notifications[name].to))
            elif name.startswith(("http://", "https://")):
                found[Address(kind="webhook", target=name)] = None
            elif "@" in name:
                found[Address(kind="mail", target=name)] = None
            else:
                problem = f"{name[:80]!r} is neither a notification document nor an address"
                return [], problem
        if len(found) > ADDRESSES_MAX:
            return [], f"{len(found)} addresses are more than {ADDRESSES_MAX}"
        return list(found), "" if found else "the message has no address"

    def _attachments(self, paths: Sequence[str]) -> tuple[tuple[Attachment, ...], str]:
        if len(paths) > ATTACHMENTS_MAX:
            return (), f"{len(paths)} attachments are more than {ATTACHMENTS_MAX}"
        found = [self._pieces.attachment(path) for path in paths]
        refused = [each for each in found if isinstance(each, str)]
        if refused:
            return (), refused[0]
        return tuple(each for each in found if isinstance(each, Attachment)), ""

    def _letter(
        self, to: Address, command: SendMessage, attachments: tuple[Attachment, ...]
    ) -> Letter:
        return Letter(
            to=to,
            subject=command.subject,
            text=command.message,
            details={**command.details, **self._details(), "part": command.part},
            attachments=attachments,
        )

    def _answered(self, key: tuple[PartKey, int], error: str) -> None:
        part, attempt = key
        self._inbox.put(MessageAnswered(part=part, attempt=attempt, error=error))

    def _warn(self, error: str) -> None:
        if error:
            self._desk.note(Note(kind=NoteKind.WARNING, text=error))


def _problems(messenger: Messenger, letters: Sequence[Letter]) -> list[str]:
    """Send every letter, and return what went wrong with some of them."""
    problems: list[str] = []
    for letter in letters:
        try:
            messenger.send(letter)
        except MessageNotSent as error:
            problems.append(str(error))
    return problems


def _digest_entry(command: SendMessage) -> str:
    return f"{command.subject}\n{command.message}".strip()
