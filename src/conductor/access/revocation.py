"""Tokens and invitations that were called back before they ran out."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Any


class CalledBack:
    """Which are good no more, as far as is known in this process. Whoever keeps them says so, every few seconds.

    Attributes:
        changes: How often that changed: whoever let somebody in looks again when it did.
    """

    def __init__(self) -> None:
        self._ids: frozenset[str] = frozenset()
        self.changes = 0

    def replace(self, ids: Collection[str]) -> None:
        """These are all of them, now."""
        if (fresh := frozenset(ids)) != self._ids:
            self._ids = fresh
            self.changes += 1

    def add(self, token_id: str) -> None:
        """This one is too."""
        self.replace({*self._ids, token_id})

    def has_any(self, ids: Collection[str]) -> bool:
        """Whether one of these ids was called back."""
        return not self._ids.isdisjoint(ids)

    @property
    def ids(self) -> frozenset[str]:
        """All of them."""
        return self._ids


def ids_of(token: str, claims: dict[str, Any]) -> tuple[str, ...]:
    """Under which ids a token can be called back: its own, and that of the invitation it came from.

    A token of another program may have no id of its own; then a hash of all of it is one.
    """
    own = claims.get("jti")
    named = own if isinstance(own, str) and own else hashlib.sha256(token.encode()).hexdigest()
    via = claims.get("via")
    return (named, via) if isinstance(via, str) and via else (named,)


def invitation_key(session_id: str, invitation_id: str) -> str:
    """Under which id an invitation is called back, with all tokens that came of it: only who names its session can."""
    return f"{_of_session(session_id)}{hashlib.sha256(f'{session_id}/{invitation_id}'.encode()).hexdigest()}"


def called_back_in(session_id: str, ids: Collection[str]) -> int:
    """How many of these are invitations into this session."""
    beginning = _of_session(session_id)
    return sum(each.startswith(beginning) for each in ids)


def _of_session(session_id: str) -> str:
    return f"invitation {hashlib.sha256(session_id.encode()).hexdigest()[:32]} "
