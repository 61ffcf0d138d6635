"""What was decided and done, by whom and why, as a log that shows whether anybody changed it afterwards.

Every event has a chain of its own. Each entry's hash covers what it says and the hash of the entry before it, so that
changing, removing, adding or moving one breaks the chain from there on. Only the end can be cut off unseen; against
that it helps to keep a chain's head elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

BEGINNING = "0" * 64
"""In the place of the hash before the first."""


class AuditKind(StrEnum):
    """What an entry of the audit log tells."""

    DECISION = "DECISION"
    HOLD = "HOLD"
    ANSWER = "ANSWER"
    LAPSE = "LAPSE"
    INTERVENTION = "INTERVENTION"
    OUTCOME = "OUTCOME"
    OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN"
    REQUEST = "REQUEST"
    SETTINGS = "SETTINGS"
    ERASED = "ERASED"


@dataclass(frozen=True, slots=True)
class AuditNote:
    """Something that belongs in the log.

    Attributes:
        session_id: Empty for what concerns the event as a whole.
        at: When it happened, in epoch seconds; of a request when it is due.
        key: Tells it from everything else in its event: noted again it is still noted once.
        body: What there is to say of it, as `canonical` writes it.
    """

    event_id: str
    session_id: str
    at: float
    kind: AuditKind
    key: str
    body: str


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A note in its chain.

    Attributes:
        seq: Its place in the chain of its event, from 1.
        kind: An `AuditKind`, or whatever somebody made of it.
        previous: The hash of the entry before it, or `BEGINNING`.
        hash: SHA-256 of all of this in hexadecimal, see `hash_of`.
    """

    event_id: str
    seq: int
    session_id: str
    at: float
    kind: str
    key: str
    body: str
    previous: str
    hash: str


def canonical(body: Mapping[str, object]) -> str:
    """JSON with sorted names and no blanks: equal bodies are written alike."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def hash_of(entry: AuditEntry) -> str:
    """SHA-256 of the previous hash, a line break, and the other fields in their order as a compact JSON list."""
    says = [entry.event_id, entry.seq, entry.session_id, entry.at, entry.kind, entry.key, entry.body]
    # What somebody wrote into the table need not be of the right type; then it only must not have the right hash.
    text = json.dumps(says, separators=(",", ":"), ensure_ascii=False, default=repr)
    return sha256(f"{entry.previous}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()


def erased_note(event_id: str, by: str, why: str, at: float, entries: int, head: str) -> AuditNote:
    """What stands in the place of a chain that was erased: how long it was, its head, who wanted it so and why."""
    body = canonical({"by": by, "why": why, "entries": entries, "head": head})
    return AuditNote(event_id, "", at, AuditKind.ERASED, canonical({AuditKind.ERASED.value: [head]}), body)


def sealed(note: AuditNote, seq: int, previous: str) -> AuditEntry:
    """The note as entry number `seq`, after the one with the hash `previous`."""
    says = (note.event_id, seq, note.session_id, note.at, note.kind.value, note.key, note.body, previous)
    return AuditEntry(*says, hash_of(AuditEntry(*says, "")))


@dataclass(frozen=True, slots=True)
class ChainHead:
    """How long the chain of an event is, and its last hash: keep it elsewhere, and nothing can be cut off unseen."""

    event_id: str
    entries: int
    head: str


@dataclass(frozen=True, slots=True)
class ChainFault:
    """The first entry that is not as it was written; `seq` is 0 where no single one can be named."""

    event_id: str
    seq: int
    why: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: all chains, or those up to the first fault."""

    chains: tuple[ChainHead, ...]
    fault: ChainFault | None

    @property
    def entries(self) -> int:
        """How many entries are as they were written."""
        return sum(chain.entries for chain in self.chains)

    @property
    def head(self) -> str:
        """The head of the only chain, or the hash of all heads in the order of their events."""
        if len(self.chains) == 1:
            return self.chains[0].head
        heads = canonical({chain.event_id: chain.head for chain in self.chains})
        return sha256(heads.encode("utf-8", "surrogatepass")).hexdigest() if self.chains else BEGINNING


class ChainCheck:
    """Looks at chains one entry after the other: one event after the other, each from its first entry on.

    Args:
        known: Hashes that were there once, such as heads that somebody kept: each has to be there still.
    """

    def __init__(self, known: frozenset[str] = frozenset()) -> None:
        self._missing = set(known)
        self._chains: dict[str, ChainHead] = {}
        self._fault: ChainFault | None = None

    def take(self, entry: AuditEntry) -> bool:
        """Look at the next entry, and say whether all is well up to here."""
        if self._fault is None:
            before = self._chains.get(entry.event_id, ChainHead(entry.event_id, 0, BEGINNING))
            why = _misfit(before, entry)
            if why is not None:
                self._fault = ChainFault(entry.event_id, entry.seq, why)
                return False
            self._chains[entry.event_id] = ChainHead(entry.event_id, entry.seq, entry.hash)
            self._missing.discard(entry.hash)
            self._missing.discard(_head_erased(entry))
        return self._fault is None

    def result(self) -> Checked:
        """What was found."""
        fault = self._fault
        if fault is None and self._missing:
            why = f"no entry has the known hash {min(self._missing)}: the end of a chain was cut off, or all of it"
            fault = ChainFault("", 0, why)
        return Checked(tuple(self._chains.values()), fault)


def _head_erased(entry: AuditEntry) -> str:
    """The head of the chain in whose place an entry stands; empty for others."""
    try:
        said = json.loads(entry.body) if entry.kind == AuditKind.ERASED else {}
    except ValueError:
        return ""
    return str(said.get("head", "")) if isinstance(said, dict) else ""


def _misfit(before: ChainHead, entry: AuditEntry) -> str | None:
    if entry.seq != before.entries + 1:
        return f"comes after entry {before.entries}: what was between is missing, or was moved"
    if entry.previous != before.head:
        return "does not follow from the entry before it: one of them was changed, moved or put in"
    if entry.hash != hash_of(entry):
        return "was changed: its hash does not fit what it says"
    return None
