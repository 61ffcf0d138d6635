"""Tokens that were called back before they ran out."""

from __future__ import annotations

from typing import Protocol


class Revoked(Protocol):
    """Keeps which tokens and invitations are good no more. Implementation: `adapters.revoked_sql.SqlRevoked`.

    Every call raises `StoreUnavailable` if the store cannot be had.
    """

    async def add(self, token_id: str, until: float, now: float) -> None:
        """Call one back; `until` is when it runs out, after which it is forgotten. Times are epoch seconds."""

    async def all(self, now: float) -> frozenset[str]:
        """Those that have not run out."""
