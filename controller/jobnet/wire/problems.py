"""States what a refusal looks like: a problem document as in RFC 9457."""

from pydantic import BaseModel, ConfigDict, Field


class Problem(BaseModel):
    """Why something was not done. Attributes of the refusal stand beside these fields."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="urn:jobnet:problem:CODE; errors.md explains every code.")
    title: str = Field(description="The code in words.")
    status: int = Field(description="The HTTP status once more.")
    detail: str = Field(description="What happened, to which thing, and what to do next.")
    code: str = Field(description="What programs compare; it never changes.")
    instance: str = Field(default="", description="The path that was asked for.")
