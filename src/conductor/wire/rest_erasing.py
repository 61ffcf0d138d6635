"""What the service answers to whoever erases something, or brings something in."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel

from conductor.wire.rest_fields import said


class ErasedAnswer(BaseModel):
    """What was erased, and what stays."""

    rows: Annotated[dict[str, int], said("Rows that were changed or deleted, by table.", {"interventions": 2})]
    entries: Annotated[
        dict[str, int], said("Entries that were changed, or streams deleted.", {"signals:session-7": 40})
    ]
    noted: Annotated[int, said("Entries of the log that name the person as one who decided; they stay.", 0)]
    again: Annotated[list[str], said("Sessions that still go on: ask again when they are over.", ["session-7"])]


class DifferenceAnswer(BaseModel):
    """What an import would change, in contexts with arms and kinds of sessions."""

    new: Annotated[int, said("Of which nothing is known.", 12)]
    changed: Annotated[int, said("Of which something else is known, which would go.", 3)]
    same: Annotated[int, said("Of which the same is known.", 40)]
    staying: Annotated[int, said("That are known here only, and would stay.", 7)]
