"""How fields of answers describe themselves: what each is, with an example, for readers and for generated clients."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field
from pydantic.fields import FieldInfo


def said(what: str, *examples: object) -> FieldInfo:
    """A field that says what it is, as every field of an answer does.

    Args:
        what: A sentence for a person, with the unit and range of a number.
        examples: What it may be; nothing where the type names every value.
    """
    found: FieldInfo = Field(description=what, examples=[*examples] or None)
    return found


ALWAYS_THERE = ConfigDict(json_schema_serialization_defaults_required=True)
"""Of answers whose fields have defaults: these are told as well, and clients may rely on them."""

SessionId = Annotated[str, said("The session.", "session-7")]
EventId = Annotated[str, said("The event that the session belongs to.", "event-1")]
DecisionId = Annotated[str, said("The decision.", "session-7-d1")]
InterventionId = Annotated[str, said("The intervention.", "session-7-d1-i")]
AnomalyId = Annotated[str, said("The anomaly.", "session-7-a1")]
Epoch = Annotated[float, said("When, in seconds since 1970 (UTC).", 1800000000.0)]
MomentText = Annotated[str, said("When, as ISO 8601 in UTC to the millisecond.", "2027-01-15T08:00:00.000Z")]
NextCursor = Annotated[str | None, said("Where the next page begins; null at the end.", "session-7")]
EXPIRES = "Until when it can be answered, as ISO 8601 in UTC; null where nobody is asked."
