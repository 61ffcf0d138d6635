"""A database keeps whatever memory keeps: any events and anything learned, in any order, once or twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from hypothesis import given, settings
from hypothesis import strategies as st

from conductor.adapters.rows import row_of
from conductor.adapters.store_memory import MemoryStore
from conductor.adapters.store_sql import SqlStore, sqlite_url
from conductor.domain.events import Event
from conductor.domain.learned import Learned
from conductor.ports import Store

SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    float: st.floats(allow_nan=False, allow_infinity=False),
    int: st.integers(-(2**63), 2**63 - 1),
    str: st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8),
    bool: st.booleans(),
    type(None): st.none(),
}


def anything(hint: Any) -> st.SearchStrategy[Any]:
    """Any value that a type hint allows and a database can hold."""
    if hint in SCALARS:
        return SCALARS[hint]
    if get_origin(hint) is tuple:
        return st.lists(anything(get_args(hint)[0]), max_size=3).map(tuple)
    if get_args(hint):
        return st.one_of(*map(anything, get_args(hint)))
    if isinstance(hint, type) and is_dataclass(hint):
        return st.builds(hint, **{name: anything(part) for name, part in get_type_hints(hint).items()})
    return st.from_type(hint)


async def with_database(path: Path, compare: Callable[[Store], Awaitable[None]]) -> None:
    database = await SqlStore.open(sqlite_url(path))
    try:
        await compare(database)
    finally:
        await database.close()


@settings(max_examples=20)
@given(batches=st.lists(st.lists(anything(Event), max_size=6), max_size=3), again=st.booleans())
def test_a_database_remembers_exactly_what_memory_does(tmp_path_factory, batches, again):
    path = tmp_path_factory.mktemp("store") / "conductor.db"

    async def compare(database: Store) -> None:
        memory = MemoryStore()
        for batch in batches + batches * again:
            await memory.record(batch)
            await database.record(batch)
        for session_id in sorted({session_of(event) for batch in batches for event in batch}):
            assert list(await database.history(session_id)) == list(await memory.history(session_id))

    asyncio.run(with_database(path, compare))


@settings(max_examples=20)
@given(batches=st.lists(anything(Learned), max_size=3))
def test_a_database_learns_exactly_what_memory_does(tmp_path_factory, batches):
    path = tmp_path_factory.mktemp("store") / "conductor.db"

    async def compare(database: Store) -> None:
        memory = MemoryStore()
        for batch in batches:
            await memory.save_learned(batch)
            await database.save_learned(batch)
        assert await database.load_learned() == await memory.load_learned()

    asyncio.run(with_database(path, compare))


def session_of(event: Event) -> str:
    _, row = row_of(event)
    return str(row["session_id"])
