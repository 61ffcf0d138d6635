"""What an attendee leaves behind, and looking through everything that is kept for their id."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Text, inspect, literal_column, select, table

from conductor.adapters.checkpoints import open_checkpoints
from conductor.adapters.database import database_of
from conductor.adapters.store_sql import SqlStore
from conductor.bootstrap.erasing import Eraser
from conductor.domain.audit import ChainCheck, Checked
from conductor.domain.bus import ENGAGEMENT, HAPPENINGS, SIGNALS, Entry
from conductor.domain.events import DecisionMade, DecisionWorded, InterventionExecuted
from conductor.domain.interventions import Arm, PromptContent
from conductor.domain.organisers import AgentSettings, Answer, Request, Verdict
from conductor.domain.signals import ChatDetail, Kind, QuestionDetail, ReactionDetail, Signal
from conductor.ports import AuditWanted, Deadline, KeepingBus
from conductor.wire.entries import signals_entry
from conductor.wire.reading import json_bytes
from conductor.wire.rooms import Named

WHO = "attendee-Zoë-1"
AT = 1_700_000_000.0
TO_THEM = PromptContent("What do you think?", target_users=(WHO, "u2"))


def signals(session_id: str, user_id: str, count: int = 3) -> list[Signal]:
    """What somebody does in a room: often enough for columns."""
    said = []
    for n in range(count):
        at = AT + n
        said += [
            Signal(
                session_id, "e1", at, Kind.CHAT, user_id, detail=ChatDetail(f"m{n}", f"I, {user_id}, say {n}", False)
            ),
            Signal(session_id, "e1", at, Kind.REACTION, user_id, 2, detail=ReactionDetail("👏")),
            Signal(session_id, "e1", at, Kind.QUESTION, user_id, detail=QuestionDetail(f"q{n}", "Who else?")),
            Signal(session_id, "e1", at, Kind.HEARTBEAT, user_id),
        ]
    return said


def entries(session_id: str) -> list[Entry]:
    """Streams of a session in which two people do the same."""
    told = {"decision": {"content": {"type": "CHAT_PROMPT", "target_users": [WHO]}}, "sessionId": session_id}
    return [
        signals_entry(session_id, signals(session_id, "other") + signals(session_id, WHO)),
        signals_entry(session_id, signals(session_id, WHO, 1)[:1]),
        signals_entry(session_id, [Named(session_id, "e1", AT, WHO, "Zoë Z."), Named(session_id, "e1", AT, "o", "Oz")]),
        Entry(HAPPENINGS + session_id, (("agent.decision", json_bytes(told)),), 100),
        Entry(ENGAGEMENT + session_id, (("engagement.update", b'{"score":0.5}'),), 100),
        Entry(SIGNALS + session_id, ((f"session:{WHO}:x", b"\xff" + WHO.encode()),), 100),
    ]


def aimed(events):
    """The story, with content for one person wherever there may be some."""
    for event in events:
        if isinstance(event, DecisionMade):
            yield (made := replace(event, decision=replace(event.decision, arm=Arm.CHAT_PROMPT, content=TO_THEM)))
            yield DecisionWorded(made.decision)
        elif isinstance(event, InterventionExecuted):
            yield replace(event, intervention=replace(event.intervention, arm=Arm.CHAT_PROMPT, content=TO_THEM))
        else:
            yield event


async def kept_in(bus: KeepingBus) -> list[tuple[str, tuple[tuple[str, bytes], ...], str]]:
    """All entries of all streams."""
    found = []
    async for batch in bus.follow("", 0.0):
        if not batch:
            break
        found += [(each.stream, each.fields, each.entry_id) for each in batch]
    return found


async def rows_of(url: str) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    engine, _ = database_of(url)
    async with engine.connect() as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        found = {}
        for name in names:
            everything = select(literal_column("*", type_=Text)).select_from(table(name))
            rows = await connection.execute(everything)
            found[name] = [repr(tuple(row)) for row in rows]
    await engine.dispose()
    return found


def spelled(said: str | bytes) -> bool:
    """Whether something names the person, however it is written."""
    raw = said if isinstance(said, bytes) else said.encode()
    return any(each in raw for each in (WHO.encode(), WHO.encode("unicode_escape"), b"Zo\\u00eb", "Zoë".encode()))


async def where_named(url: str, bus: KeepingBus, *folders: Path) -> list[str]:
    """Every place in which the person is named."""
    places = [name for name, rows in (await rows_of(url)).items() if any(map(spelled, rows))]
    for stream, fields, _ in await kept_in(bus):
        places += [stream for pair in fields for each in pair if spelled(each)]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return places + [path.name for path in files if spelled(path.read_bytes())]


async def fill(store: SqlStore, bus: KeepingBus, url: str, story) -> None:
    """Everything that an attendee leaves behind."""
    await store.record([*aimed(story("s1")), *story("s2")])
    await store.desk.answer(Answer("d2", "s1", AT, Verdict.APPROVED, by="boss", content=TO_THEM))
    await store.desk.request(Request("r1", "s1", "e1", Arm.CHAT_PROMPT, AT, "boss", TO_THEM))
    await store.desk.save_settings(AgentSettings("e1"), by="boss", at=AT)
    await store.deadlines.put(Deadline("d9", "s1", AT))
    async with open_checkpoints(url) as saver:
        config: Any = {"configurable": {"thread_id": "d9", "checkpoint_ns": ""}}
        held: dict[str, Any] = {"v": 1, "id": "1", "ts": "", "channel_values": {"who": WHO}}
        held["channel_versions"] = {"who": 1}
        whole: Any = held | {"versions_seen": {}, "pending_sends": []}
        at = await saver.aput(config, whole, {}, {"who": 1})
        await saver.aput_writes(at, [("who", [WHO])], "task")
    for session_id in ("s1", "s2"):
        await bus.append(entries(session_id))


async def checked(store: SqlStore, known: frozenset[str] = frozenset()) -> Checked:
    check = ChainCheck(known)
    page = await store.audit.entries(AuditWanted(), 500, None)
    for entry in page.entries:
        check.take(entry)
    return check.result()


async def nobody_forgets(_event_id: str) -> None:
    """There is no desk beside this store."""


def eraser_of(store: SqlStore, bus: KeepingBus, *going_on: str) -> Eraser:
    return Eraser(store, bus, lambda: going_on, nobody_forgets, lambda: AT)
