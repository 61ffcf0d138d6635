"""The decision of a session that waits for an answer."""

from __future__ import annotations

from conductor.service.parts import Parts
from conductor.wire.signals import Fields


async def pending_in(parts: Parts, session_id: str) -> Fields | None:
    """What a session's agent asks now; None if it asks nothing.

    What somebody has answered is not asked any more, though the agent may not have done it yet.
    """
    pending = parts.overview.snapshot(session_id, parts.clock())["pending"]
    if not isinstance(pending, dict) or pending["answered"] is not None:
        return None
    is_answered = await parts.answers.answered(session_id, str(pending.get("id"))) is not None
    return None if is_answered else pending
