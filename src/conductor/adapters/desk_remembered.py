"""A desk whose settings are remembered on this machine for when it cannot be had."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path

from conductor.domain.organisers import AgentSettings, Request
from conductor.errors import StoreUnavailable
from conductor.ports import Desk
from conductor.wire.codec import decode, encode

MOST_EVENTS = 10_000
"""Events whose settings are remembered; the one that was asked for longest ago goes first."""

log = logging.getLogger(__name__)


class RememberingDesk:
    """A `Desk` that gives the settings it had last where it cannot have them now.

    Requests are not remembered: only the desk knows which are done.

    Args:
        desk: Keeps what organisers decide.
        path: The file of settings: one JSON object a line, written anew when something changes.
    """

    def __init__(self, desk: Desk, path: Path) -> None:
        self._desk = desk
        self._path = path
        self._settings = _read(path)

    async def settings(self, event_id: str) -> AgentSettings | None:
        """What this event allows, or allowed when the desk could last be had; None if nobody said anything yet.

        Raises:
            StoreUnavailable: The desk cannot be had, and nothing is remembered of this event.
        """
        try:
            found = await self._desk.settings(event_id)
        except StoreUnavailable:
            if event_id not in self._settings:
                raise
            return self._settings[event_id]
        if found is None:
            # Nobody said anything, or it was erased.
            await self.forget(event_id)
        self._remember(found)
        return found

    async def save_settings(self, settings: AgentSettings, *, by: str = "", at: float = 0.0) -> None:
        """Put these in the place of the event's settings; raises as the desk does."""
        await self._desk.save_settings(settings, by=by, at=at)
        self._remember(settings)

    async def request(self, request: Request) -> None:
        """Keep a request until it is due; raises as the desk does."""
        await self._desk.request(request)

    async def due(self, now: float, done: Sequence[Request] = ()) -> Sequence[Request]:
        """Requests due by `now` that are not done; raises as the desk does."""
        return await self._desk.due(now, done)

    async def forget(self, event_id: str) -> None:
        """Forget the settings of an event that was erased."""
        if self._settings.pop(event_id, None) is not None:
            self._write()

    def _remember(self, settings: AgentSettings | None) -> None:
        if settings is None or self._settings.get(settings.event_id) == settings:
            return
        self._settings.pop(settings.event_id, None)
        self._settings[settings.event_id] = settings
        while len(self._settings) > MOST_EVENTS:
            del self._settings[next(iter(self._settings))]
        self._write()

    def _write(self) -> None:
        lines = [json.dumps(encode(each), ensure_ascii=False) for each in self._settings.values()]
        beside = self._path.with_suffix(".new")
        try:
            beside.write_text("\n".join(lines), encoding="utf-8")
            beside.replace(self._path)
        except OSError as error:
            log.warning("%s: settings are remembered by this process only (%s)", self._path, error.strerror)


def _read(path: Path) -> dict[str, AgentSettings]:
    """What is remembered; what cannot be read is forgotten, since the desk has it."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        found = [decode(AgentSettings, json.loads(line)) for line in lines]
    except FileNotFoundError:
        return {}
    except (OSError, KeyError, TypeError, ValueError) as error:
        log.warning("%s: remembered settings cannot be read (%s)", path, error)
        return {}
    return {each.event_id: each for each in found}
