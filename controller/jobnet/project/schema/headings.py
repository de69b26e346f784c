"""Says what documents of every kind have, and how they say from when to when they hold."""

from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from jobnet.project.schema.attributes import Shape
from jobnet.project.schema.refusal import refused
from jobnet.project.schema.values import Day, Name, Text


class DocumentShape(Shape):
    """What every document has."""

    opaque: ClassVar[frozenset[str]] = frozenset()
    kind: str
    name: Name
    folder: Text | None = None
    title: Text = ""


class ValidShape(Shape):
    """From which day to which day something holds."""

    from_: Annotated[Day | None, Field(alias="from")] = None
    to: Day | None = None


class SpanShape(ValidShape):
    """From which day to which day, both included and in this order."""

    @model_validator(mode="after")
    def check_order(self) -> "SpanShape":
        """Refuse a span that ends before it begins."""
        if self.from_ and self.to and self.from_ > self.to:
            what = f"{self.from_} is after {self.to}"
            raise refused("span_backwards", what, "Swap the two days")
        return self
