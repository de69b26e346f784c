"""Makes text of a run fit to leave the house: bounded, and harmless in a header.

Subjects and messages are rendered from outputs, events and answers, so they may hold
anything: line ends that would start a new header, megabytes, half characters.
"""

SUBJECT_MAX = 200
TEXT_MAX = 256 * 1024
CUT = "\n[cut here: the message was longer than {limit} characters]"


def subject_line(text: str) -> str:
    """Return the text on one line, without control characters, cut visibly."""
    words = "".join(char if char.isprintable() else " " for char in text[: 4 * SUBJECT_MAX])
    line = " ".join(words.split())
    return line if len(line) <= SUBJECT_MAX else line[: SUBJECT_MAX - 3] + "..."


def body_text(text: str) -> str:
    """Return the text as valid Unicode, cut visibly; NUL and half characters are replaced."""
    kept = text[:TEXT_MAX].encode("utf-8", "replace").decode().replace("\0", "?")
    return kept if len(text) <= TEXT_MAX else kept + CUT.format(limit=TEXT_MAX)
