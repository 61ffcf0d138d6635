"""`/api/v1/demo`: a simulated room that dies and is rescued, live, by the agent as it is."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Path, Security

from conductor.access.rights import Right
from conductor.domain.interventions import Arm, Mode
from conductor.domain.organisers import AgentSettings, SessionMode
from conductor.errors import NotFound
from conductor.service.agent import save_settings
from conductor.service.deps import Caller, Sources, caller
from conductor.service.parts import DEMO_EVENT, Demos, Parts
from conductor.wire.rest import Id
from conductor.wire.rest_sums import DemoAnswer, DemoBody
from conductor.wire.telling import profile_fields

router = APIRouter(prefix="/demo", tags=["demo"])

SHOWN_ARMS = (Arm.POLL, Arm.CHAT_PROMPT)
"""What suits a sudden silence of everybody. Nudges are for those who drift off, and there is no time for that."""

MODES_KEPT = 10
"""Sessions whose own mode is remembered: more than run at once."""

Shower = Annotated[Caller, Security(caller, scopes=[Right.REHEARSE])]


@router.post("", status_code=201, summary="Show a simulated room")
async def start_demo(parts: Sources, who: Shower, body: DemoBody | None = None) -> DemoAnswer:
    """Let a simulated audience come, be lively for a quarter of a minute, and lose interest; the agent does the rest.

    The audience speaks through the same stream as real rooms do, so that the room shows it, the agent perceives it, and
    it votes in the poll that the agent opens. Everybody else may join the room too. The outcome is measured after 20
    seconds instead of 120, which makes about a minute for all of it; neither it nor anything else of this event teaches
    the agent anything. The session ends by itself; three may run at once.
    """
    who.check(event_id=DEMO_EVENT)
    return await begin(parts, Mode.AUTO if body is None else body.mode, who)


async def begin(parts: Parts, mode: Mode, who: Caller) -> DemoAnswer:
    """Show a simulated room to whoever may see it.

    Raises:
        NotFound: There are no demos here.
        TooManyRequests: As many as may are being shown.
    """
    demos, session_id = _demos(parts), f"demo-{secrets.token_hex(4)}"
    await _allow(parts, session_id, mode, who)
    shown = await demos.start(session_id, mode)
    parts.overview.expect(session_id, DEMO_EVENT, profile_fields(shown.profile), parts.clock())
    return DemoAnswer(
        session_id=session_id, event_id=DEMO_EVENT, title=shown.profile.title, mode=mode, ends_at=shown.ends_at
    )


@router.delete("/{session_id}", status_code=204, summary="End a demo")
async def stop_demo(
    session_id: Annotated[Id, Path(description="The demo's session.")], parts: Sources, who: Shower
) -> None:
    """End it before its time."""
    who.check(event_id=DEMO_EVENT)
    await _demos(parts).stop(session_id)


def _demos(parts: Parts) -> Demos:
    if parts.demos is None:
        raise NotFound("this service shows no demos; the one that runs the agent does", code="no_demos")
    return parts.demos


async def _allow(parts: Parts, session_id: str, mode: Mode, who: Caller) -> None:
    """The mode that was asked for; what else somebody set for the event of the demos stays."""
    async with parts.changing:
        own = await parts.desk.settings(DEMO_EVENT) or AgentSettings(DEMO_EVENT, arms=SHOWN_ARMS)
        modes = (*own.session_modes, SessionMode(session_id, mode))[-MODES_KEPT:]
        await save_settings(parts, replace(own, session_modes=modes), who)
