"""`conductor demo`: the 60-second rescue, live in a browser or printed."""

from __future__ import annotations

import asyncio
import os
import sys
import webbrowser
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from conductor.settings import Settings

DEMO_SEED = 26
"""A room that the agent happens to rescue with a chat prompt; other seeds show other rooms, and not all are rescued."""


def demo(
    once: Annotated[
        bool, typer.Option("--once", help="Run it without serving or waiting, and exit 0 only if it worked.")
    ] = False,
    port: Annotated[
        int | None, typer.Option(help="The port; if left out, the first free one from 8003 on.", min=1, max=65535)
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no page.")] = False,
    seed: Annotated[
        int, typer.Option(help="Of all chance: the same seed gives the same decisions.", min=0)
    ] = DEMO_SEED,
) -> None:
    """A simulated room dies and is rescued by the agent as it is: live, until Ctrl+C, or printed in a moment."""
    from conductor.settings import read_settings

    settings = read_settings(os.environ)
    if once:
        if not asyncio.run(_rescue(settings, seed)):
            raise typer.Exit(1)
        return
    open_page = None if no_browser else browser(os.environ, sys.platform)
    try:
        _show(settings, port, seed, open_page)
    except KeyboardInterrupt:
        # Ctrl+C is how this ends, also before it has quite begun.
        typer.echo()


def browser(environment: Mapping[str, str], platform: str) -> Callable[[str], object] | None:
    """What shows a page to a person here; None where there is no screen to show it on.

    Without a screen some machines would open a browser for text, in the midst of what is printed.

    Args:
        environment: Variables of the process.
        platform: As `sys.platform` names it.
    """
    displays = (environment.get(each) for each in ("DISPLAY", "WAYLAND_DISPLAY"))
    if platform not in {"darwin", "win32"} and not any(displays):
        return None
    try:
        return webbrowser.get().open
    except webbrowser.Error:
        return None


def _show(settings: Settings, port: int | None, seed: int, open_page: Callable[[str], object] | None) -> None:
    import uvloop

    from conductor.bootstrap.show import show

    uvloop.run(show(settings, host="127.0.0.1", port=port, seed=seed, say=typer.echo, open_page=open_page))


async def _rescue(settings: Settings, seed: int) -> bool:
    """Print the 60-second rescue, and say whether it was one."""
    from rich.console import Console

    from conductor.bootstrap import played as bootstrap
    from conductor.telling.rescue import tell_end, tell_tick, tell_title

    console = Console(highlight=False)
    tell_title(console)
    async for tick in bootstrap.rescue(settings, seed=seed):
        tell_tick(console, tick)
        last = tick
    tell_end(console, last)
    return last.is_rescued
