"""Makes of a message that stands in the database the letters that leave: to whom, with what.

Nothing is sent here. What cannot be addressed or attached has a problem and no letters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jobnet.definition import Address, Notification
from jobnet.engine.commands import SendMessage
from jobnet.ports.messages import Attachment, Letter
from jobnet.ports.pieces import RunPieces
from jobnet.ports.store import RunRow
from jobnet.services.controller.occasions import Notice
from jobnet.services.notifications import addressed

ATTACHMENTS_MAX = 20
ADDRESSES_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Letters that are ready to leave, or the ``problem`` for which there are none."""

    letters: tuple[Letter, ...] = ()
    problem: str = ""
    part: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)


def of_part(
    message: SendMessage,
    row: RunRow,
    notifications: Mapping[str, Notification],
    pieces: RunPieces,
) -> Written:
    """Return the letters of a notify part."""
    addresses, problem = _addresses(message.to, notifications)
    attachments, refused = _attachments(message.attach, pieces)
    if problem or refused:
        return Written(problem=problem or refused)
    details = {**message.details, **_details(row), "part": message.part}
    letters = [
        Letter(
            to=to,
            subject=message.subject,
            text=message.message,
            details=details,
            attachments=attachments,
        )
        for to in addresses
    ]
    return Written(letters=tuple(letters))


def of_notice(
    notice: Notice, row: RunRow, listeners: Sequence[Notification], *, folder: str
) -> Written:
    """Return the letters for those who listen to an occasion; nobody may."""
    subject = f"[jobnet] {notice.occasion.text}"
    details = {**_details(row), "part": notice.occasion.part}
    to = addressed(tuple(listeners), notice.occasion, folder=folder)
    letters = [Letter(to=each, subject=subject, text=notice.text, details=details) for each in to]
    return Written(letters=tuple(letters))


def digest(row: RunRow, to: Address, messages: Sequence[SendMessage]) -> Letter:
    """Return one letter with all messages that were collected for an address."""
    entries = (f"{each.subject}\n{each.message}".strip() for each in messages)
    return Letter(
        to=to,
        subject=f"Digest of run {row.run}: {len(messages)} messages",
        text="\n\n".join(entries),
        details=_details(row),
    )


def addresses_of(
    message: SendMessage, notifications: Mapping[str, Notification]
) -> tuple[Address, ...]:
    """Return to whom a message goes that was found to have addresses."""
    return tuple(_addresses(message.to, notifications)[0])


def _details(row: RunRow) -> Mapping[str, object]:
    return {
        "network": row.network,
        "run": row.run,
        "operating_day": row.operating_day.isoformat(),
    }


def _addresses(
    to: Sequence[str], notifications: Mapping[str, Notification]
) -> tuple[list[Address], str]:
    found: dict[Address, None] = {}
    for name in to:
        if name in notifications:
            found.update(dict.fromkeys(notifications[name].to))
        elif name.startswith(("http://", "https://")):
            found[Address(kind="webhook", target=name)] = None
        elif "@" in name:
            found[Address(kind="mail", target=name)] = None
        else:
            return [], f"{name[:80]!r} is neither a notification document nor an address"
    if len(found) > ADDRESSES_MAX:
        return [], f"{len(found)} addresses are more than {ADDRESSES_MAX}"
    return list(found), "" if found else "the message has no address"


def _attachments(paths: Sequence[str], pieces: RunPieces) -> tuple[tuple[Attachment, ...], str]:
    if len(paths) > ATTACHMENTS_MAX:
        return (), f"{len(paths)} attachments are more than {ATTACHMENTS_MAX}"
    found = [pieces.attachment(path) for path in paths]
    refused = [each for each in found if isinstance(each, str)]
    if refused:
        return (), refused[0]
    return tuple(each for each in found if isinstance(each, Attachment)), ""
