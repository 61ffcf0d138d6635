"""An audit log that forgets everything when the program ends. `MemoryStore.audit` is one."""

from __future__ import annotations

from collections.abc import Callable

from conductor.adapters.audit_pages import page_of, place_at, refuse_empty
from conductor.domain.audit import BEGINNING, AuditEntry, AuditNote, sealed
from conductor.ports import AuditPage, AuditWanted


class MemoryAudit:
    """An `Audit` that forgets.

    Args:
        refuse_if_closed: Raises `StoreUnavailable` once the store is closed.
    """

    def __init__(self, refuse_if_closed: Callable[[], None]) -> None:
        self._refuse_if_closed = refuse_if_closed
        self._chains: dict[str, list[AuditEntry]] = {}
        self._keys: set[tuple[str, str]] = set()

    def append(self, note: AuditNote) -> None:
        """Put a note at the end of its event's chain, unless it is noted already."""
        if (note.event_id, note.key) in self._keys:
            return
        self._keys.add((note.event_id, note.key))
        chain = self._chains.setdefault(note.event_id, [])
        chain.append(sealed(note, len(chain) + 1, chain[-1].hash if chain else BEGINNING))

    def length(self, event_id: str) -> int:
        """How many entries the chain of an event has."""
        return len(self._chains.get(event_id, ()))

    async def entries(self, wanted: AuditWanted, limit: int, cursor: str | None) -> AuditPage:
        """A page of at most `limit` (1 or more) entries.

        Raises:
            InvalidInput: The cursor is none of ours, or the limit less than 1.
            StoreUnavailable: The store is closed.
        """
        self._refuse_if_closed()
        refuse_empty(limit)
        after = ("", 0) if cursor is None else place_at(cursor)
        chains = (self._chains[event_id] for event_id in sorted(self._chains))
        found = (entry for chain in chains for entry in chain if (entry.event_id, entry.seq) > after)
        return page_of([entry for entry in found if _is_wanted(entry, wanted)], limit)


def _is_wanted(entry: AuditEntry, wanted: AuditWanted) -> bool:
    return (
        wanted.event_id in {None, entry.event_id}
        and wanted.session_id in {None, entry.session_id}
        and (wanted.since is None or wanted.since <= entry.at)
        and (wanted.until is None or entry.at < wanted.until)
    )
