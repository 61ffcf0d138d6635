"""The whole examination: everything at once, and nothing for longer than a few seconds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from functools import partial

from conductor.bootstrap.doctor import machine, servers, variables
from conductor.bootstrap.doctor.finding import Finding, Level, fail, ok
from conductor.errors import ConductorError, InvalidInput
from conductor.settings import Settings, read_settings

WITHIN_S = 3.0
"""So long one examination may take."""

PORTS = (8003, 3002)

Look = Callable[[], Iterator[Finding]]
Ask = Callable[[], AsyncIterator[Finding]]


async def examine(environment: Mapping[str, str], ports: tuple[int, ...] = PORTS) -> list[Finding]:
    """Everything that was found, in the order in which a person would look.

    Args:
        environment: Variables of the process.
        ports: Where the services are to listen.
    """
    looks: list[tuple[str, Look]] = [("versions", machine.versions), ("pages", machine.pages)]
    asks: list[tuple[str, Ask]] = []
    try:
        settings = read_settings(environment)
        found = [*_settings(environment, settings)]
        looks += [("folder", partial(machine.folder, settings)), ("ports", partial(machine.ports, ports))]
        of_servers = (servers.database, servers.bus, servers.models, servers.alerts)
        asks += [(each.__name__, partial(each, settings)) for each in of_servers]
    except InvalidInput as error:
        found = [
            *variables.unknown(environment),
            fail("settings", error.message, "nothing starts before that is mended"),
        ]
    rest = await asyncio.gather(
        *(_within(about, _looked(look)) for about, look in looks), *(_within(about, ask()) for about, ask in asks)
    )
    return [*found, *(each for some in rest for each in some)]


def worst(found: list[Finding]) -> Level:
    """How bad the worst of it is."""
    order = list(Level)
    return max((each.level for each in found), key=order.index, default=Level.OK)


def _settings(environment: Mapping[str, str], settings: Settings) -> Iterator[Finding]:
    yield ok("settings", "every value fits")
    yield from variables.unknown(environment)
    yield from variables.contradictions(environment, settings)
    yield from variables.unsafe(settings)


async def _looked(look: Look) -> AsyncIterator[Finding]:
    for each in await asyncio.to_thread(lambda: list(look())):
        yield each


async def _within(about: str, findings: AsyncIterator[Finding]) -> list[Finding]:
    """What one examination found until it ended, or its time was over."""
    found: list[Finding] = []
    try:
        async with asyncio.timeout(WITHIN_S):
            async for each in findings:
                found += (each,)
    except ConductorError as error:
        found.append(servers.gone(about, error))
    except TimeoutError:
        found.append(
            fail(about, f"no answer within {WITHIN_S:g} s", "see whether it runs and can be reached from here")
        )
    return found
