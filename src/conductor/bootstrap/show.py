"""A live demonstration in one process: rooms, agent, and a simulated audience, with links that let somebody in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from threading import Thread

from conductor.access.invitations import Invitation
from conductor.access.rights import Principal, Right, Role
from conductor.access.tokens import Access, sign_in_link
from conductor.bootstrap.listening import first_free
from conductor.bootstrap.services import PORTS, SIGNED_IN_S, Services, Serving, serve
from conductor.domain.interventions import Mode
from conductor.errors import NotWorking
from conductor.service.demo import begin
from conductor.service.deps import Caller
from conductor.service.web import is_built
from conductor.settings import Settings
from conductor.wire.rest_sums import DemoAnswer

OPENS_AFTER_S = 1.0
"""When the page is opened: the server answers by then."""

YOU = Principal("organiser", Role.ORGANISER, name="Organiser")
"""Who watches."""

BEGUN = """
A live rescue has begun
  A simulated audience is lively, then it loses interest, and the agent steps in.
  That takes about a minute; another one is a click away.

{dashboard_is}
  {dashboard}

The room itself, to vote along as one of the audience
  {room}
{missing}
Press Ctrl+C to end the demo."""

NOT_BUILT = """
These links show no pages yet, because the web app is not built. It takes Node.js 20.19 or newer:
  make web
"""


async def show(
    settings: Settings,
    *,
    host: str,
    port: int | None,
    seed: int,
    say: Callable[[str], None],
    open_page: Callable[[str], object] | None,
) -> None:
    """Serve everything, let a simulated audience come, and go on until the process is asked to end.

    Args:
        settings: As for serving.
        host: Where to listen.
        port: Where to listen; if None, the usual one, or the next that is free.
        seed: Of all chance.
        say: Tells a person something.
        open_page: Shows a page to the person who started this; None where it cannot be.

    Raises:
        NotWorking: The port is not to be had, or a part of it ended that should not have (what went wrong is in the
            log).
    """
    usual = PORTS[Serving.ALL]
    chosen = first_free(host, usual) if port is None else port
    if port is None and chosen != usual:
        say(f"Something else has port {usual}, so the demo takes {chosen}.")

    async def opening(running: Services, url: str) -> None:
        if running.parts is None:
            raise NotWorking("no agent runs here that could be shown; serve all in one process")
        until = running.parts.clock() + SIGNED_IN_S
        shown = await begin(running.parts, Mode.AUTO, Caller(YOU, Right.REHEARSE, until))
        dashboard = _dashboard(running.access, url, shown)
        pages = is_built()
        say(
            BEGUN.format(
                dashboard_is=_dashboard_is(opens=pages and open_page is not None),
                dashboard=dashboard,
                room=_room(running.access, url, shown),
                missing="" if pages else NOT_BUILT,
            )
        )
        if pages and open_page is not None:
            # What opens pages may wait for a browser, and nobody is to wait for that.
            opener = Thread(target=open_page, args=(dashboard,), daemon=True)
            asyncio.get_running_loop().call_later(OPENS_AFTER_S, opener.start)

    await serve(settings, serving=Serving.ALL, host=host, port=chosen, seed=seed, say=_nothing, opening=opening)
    say("\nThe demo is over.")


def _dashboard_is(*, opens: bool) -> str:
    if opens:
        return "The dashboard opens in your browser; this link signs you in as well"
    return "The dashboard: open this link, it signs you in"


def _dashboard(access: Access, url: str, shown: DemoAnswer) -> str:
    """An address that signs its organiser in and shows the session."""
    page = f"{url}/dashboard/events/{shown.event_id}/engagement-conductor?session={shown.session_id}"
    return sign_in_link(page, access.issue(YOU, SIGNED_IN_S))


def _room(access: Access, url: str, shown: DemoAnswer) -> str:
    """An address that lets one more attendee in."""
    invitation = Invitation.new(Role.ATTENDEE, shown.event_id, shown.session_id)
    return f"{url}/room/{shown.session_id}#invite={access.invite(invitation, SIGNED_IN_S)}"


def _nothing(_words: str) -> None:
    """What is served is told with the links."""
