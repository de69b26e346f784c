"""Turns key strokes into the answer to one question: first the choice, then each field.

A choice is typed by its name, by the beginning of it that is like no other, or by number;
an empty line takes the default of a field. Nothing here touches a terminal.
"""

from dataclasses import dataclass, field

from jobnet.definition import FormField
from jobnet.ports.desk import Question, Reply
from jobnet.services.forms import TEXT_MAX, completed, field_value

_ENTER = frozenset("\r\n")
_BACKSPACE = frozenset("\x7f\b")
_CLEAR_LINE = "\x15"


@dataclass(slots=True)
class Asking:
    """An open question and what has been typed for it so far."""

    question: Question
    choice: str = ""
    form: dict[str, object] = field(default_factory=dict)
    typed: str = ""
    complaint: str = ""

    def key(self, char: str) -> Reply | None:
        """Take one character; return the reply when the last line was entered."""
        if char in _ENTER:
            return self._line()
        if char in _BACKSPACE:
            self.typed = self.typed[:-1]
        elif char == _CLEAR_LINE:
            self.typed = ""
        elif char.isprintable() and len(self.typed) < TEXT_MAX:
            self.typed += char
        return None

    @property
    def field_name(self) -> str:
        """The field that is asked for, or "" while the choice is."""
        if not self.choice:
            return ""
        return next((name for name in self.question.form if name not in self.form), "")

    @property
    def prompt(self) -> str:
        """What is asked for now, in one line."""
        if not self.choice:
            return " / ".join(self.question.choices)
        name = self.field_name
        return f"{name} ({field_hint(self.question.form[name])})" if name else ""

    def _line(self) -> Reply | None:
        typed, self.typed, self.complaint = self.typed.strip(), "", ""
        if not self.choice:
            self._choose(typed)
        else:
            self._fill(typed)
        if self.choice and not self.field_name:
            form = completed(self.question.form, self.form)
            return Reply(key=self.question.key, choice=self.choice, form=form)
        return None

    def _choose(self, typed: str) -> None:
        choice = chosen(typed, list(self.question.choices))
        if choice is None:
            self.complaint = f"type one of {', '.join(self.question.choices)}"
        else:
            self.choice = choice

    def _fill(self, typed: str) -> None:
        name = self.field_name
        try:
            self.form[name] = field_value(self.question.form[name], typed)
        except ValueError as error:
            self.complaint = f"{name}: {error}"


def chosen(typed: str, choices: list[str]) -> str | None:
    """Return the choice that was meant, or None.

    >>> chosen("po", ["post", "reject"]), chosen("2", ["post", "reject"])
    ('post', 'reject')
    """
    if typed in choices:
        return typed
    if typed.isascii() and typed.isdigit() and 1 <= int(typed[:4]) <= len(choices):
        return choices[int(typed[:4]) - 1]
    begun = [choice for choice in choices if typed and choice.startswith(typed)]
    return begun[0] if len(begun) == 1 else None


def field_hint(form_field: FormField) -> str:
    """Return what may be typed for a field."""
    words = [form_field.type]
    if form_field.choices:
        words.append("one of " + ", ".join(str(choice) for choice in form_field.choices))
    if form_field.default is not None:
        words.append(f"default {form_field.default}")
    elif form_field.required:
        words.append("required")
    if form_field.description:
        words.append(form_field.description)
    return "; ".join(words)
