"""What the service answers to whoever erased something."""

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
