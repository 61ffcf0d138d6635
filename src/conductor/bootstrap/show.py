"""A live demonstration in one process: rooms, agent, and a simulated audience, with links that let somebody in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from conductor.access.invitations import Invitation
from conductor.access.rights import Principal, Right, Role
from conductor.bootstrap.services import SIGNED_IN_S, Services, Serving, serve, signed_in
from conductor.domain.interventions import Mode
from conductor.errors import NotWorking
from conductor.service.demo import begin
from conductor.service.deps import Caller
from conductor.settings import Settings

OPENS_AFTER_S = 1.0
"""When the page is opened: the server answers by then."""


async def show(
    settings: Settings,
    *,
    host: str,
    port: int | None,
    seed: int,
    say: Callable[[str], None],
    open_page: Callable[[str], object],
) -> None:
    """Serve everything, let a simulated audience come, and go on until the process is asked to end.

    Args:
        settings: As for serving.
        host: Where to listen.
        port: Where to listen; the usual one if None.
        seed: Of all chance.
        say: Tells a person something.
        open_page: Shows a page to the person who started this.

    Raises:
        NotWorking: A part of it ended that should not have; what went wrong is in the log.
    """

    async def opening(running: Services, url: str) -> None:
        if running.parts is None:
            raise NotWorking("no agent runs here that could be shown; serve all in one process")
        you = Principal("organiser", Role.ORGANISER, name="Organiser")
        until = running.parts.clock() + SIGNED_IN_S
        shown = await begin(running.parts, Mode.AUTO, Caller(you, Right.REHEARSE, until))
        invitation = Invitation.new(Role.ATTENDEE, shown.event_id, shown.session_id)
        dashboard = signed_in(running.access, url)
        say(f"Dashboard: {dashboard}")
        say(f"Room: {url}/room/{shown.session_id}#invite={running.access.invite(invitation, SIGNED_IN_S)}")
        say("The room is lively for half a minute, then it loses interest. Ctrl+C ends all of it.")
        asyncio.get_running_loop().call_later(OPENS_AFTER_S, open_page, dashboard)

    await serve(settings, serving=Serving.ALL, host=host, port=port, seed=seed, say=say, opening=opening)
