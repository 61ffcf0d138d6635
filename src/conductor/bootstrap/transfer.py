"""What was learned and done, out of one installation and into another, for the command line."""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from conductor.bootstrap.aside import empty_journal
from conductor.bootstrap.kept import kept_store
from conductor.domain.learned import Difference, difference
from conductor.domain.organisers import AgentSettings
from conductor.duty.clock import SystemClock
from conductor.errors import InvalidInput, StoreUnavailable
from conductor.ports import Wanted
from conductor.service.export import MEDIA_TYPES, written
from conductor.settings import Settings
from conductor.wire.desk import changed_settings, settings_fields
from conductor.wire.exported import read_state
from conductor.wire.rest import SettingsBody
from conductor.wire.rest_state import StateBody

ROWS_AT_ONCE = 500

MOST_BYTES = 64_000_000
"""A state of all contexts has some megabytes; more than this is something else."""

BY = "conductor import"
"""Who changed settings, in the log."""


async def state(settings: Settings, *, with_settings: bool) -> AsyncIterator[bytes]:
    """Everything that was learned, how each decision ended and, if asked, what each event allows.

    Raises:
        NotFound: There is no store.
    """
    async with kept_store(settings) as store:
        trials, follow_ups = await store.archive.trials(None, None), await store.archive.follow_ups(None, None)
        body = StateBody.of(await store.load_learned(), trials, follow_ups)
        if with_settings:
            events = {each.event_id for each in await store.archive.sessions(None)}
            found = [await store.desk.settings(event_id) for event_id in sorted(events)]
            body.settings = [_body(each) for each in found if each is not None]
    # An arm that is null says that nothing was done, and has no default.
    yield body.model_dump_json(indent=1, exclude_defaults=True).encode() + b"\n"


async def interventions(settings: Settings, *, event_id: str | None, file_format: str) -> AsyncIterator[bytes]:
    """Everything that was done, newest first.

    Raises:
        InvalidInput: There is no such format.
        NotFound: There is no store.
    """
    if file_format not in MEDIA_TYPES:
        raise InvalidInput(f"--format is {file_format!r}; it may be {' or '.join(MEDIA_TYPES)}")
    wanted = Wanted(event_id=event_id)
    async with kept_store(settings) as store:
        pages = store.archive.interventions
        first = await pages(wanted, ROWS_AT_ONCE, None)
        async for piece in written(file_format, first, lambda after: pages(wanted, ROWS_AT_ONCE, after), store.history):
            yield piece


async def take_in(settings: Settings, path: Path, *, dry_run: bool) -> tuple[Difference, list[str]]:
    """Take over what a file holds, and say what that changes, with the events whose settings it does.

    It stands in the place of what was known of the same contexts; what is known of others stays. Nothing is added up.
    How decisions ended is added where it is not known yet, and teaches nothing again.

    Args:
        settings: Where the store is.
        path: A file of `state`.
        dry_run: Only say it.

    Raises:
        InvalidInput: The file cannot be read, or is no exported state. Nothing was changed then.
        NotFound: There is no store.
    """
    body = read_state(_read(path))
    now = SystemClock(settings.clock_speed, settings.clock_since).now()
    async with kept_store(settings) as store:
        if not dry_run:
            # What a worker that ended had learned would otherwise take the place of this when another one starts.
            await empty_journal(settings.home, store)
        found = difference(await store.load_learned(), body.learned())
        changing = []
        for each in body.settings:
            before = await store.desk.settings(each.event_id)
            if (after := _settings(each, before)) != before:
                changing.append(after)
        if not dry_run:
            await store.record(body.ended(), body.learned())
            for fresh in changing:
                await store.desk.save_settings(fresh, by=BY, at=now)
    return found, [each.event_id for each in changing]


async def save(pieces: AsyncIterator[bytes], path: Path) -> None:
    """Write a file that only its owner may read, whole or not at all.

    Raises:
        StoreUnavailable: It cannot be written.
    """
    with _written_whole(path) as file:
        async for piece in pieces:
            file.write(piece)


@contextmanager
def _written_whole(path: Path) -> Iterator[IO[bytes]]:
    try:
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
            Path(beside).replace(path)
        finally:
            with suppress(FileNotFoundError):
                Path(beside).unlink()
    except OSError as error:
        raise StoreUnavailable(f"{path}: cannot be written ({error.strerror}); choose another place") from error


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InvalidInput(f"{path}: has more than {MOST_BYTES} bytes, and so is no exported state")
        return path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"{path}: cannot be read ({error.strerror}); name another file") from error


def _body(settings: AgentSettings) -> SettingsBody:
    said = settings_fields(settings)
    return SettingsBody.model_validate({name: said[name] for name in SettingsBody.model_fields if name in said})


def _settings(body: SettingsBody, before: AgentSettings | None) -> AgentSettings:
    said = body.model_dump(mode="json", exclude_none=True, exclude={"event_id"})
    # Sessions keep modes of their own.
    modes = () if before is None else before.session_modes
    return changed_settings(AgentSettings(body.event_id, session_modes=modes), said)
