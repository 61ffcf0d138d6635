"""Who signs and reads tokens in this installation."""

from __future__ import annotations

from conductor.access.rights import Principal, Role
from conductor.access.secret import kept_secret
from conductor.access.tokens import Access
from conductor.duty.clock import SystemClock
from conductor.errors import InvalidInput
from conductor.ports import Clock
from conductor.settings import Environment, Settings


def access_of(settings: Settings, clock: Clock) -> Access:
    """Who signs and reads tokens: with the secrets that are set, or on a single machine with one that is kept.

    Raises:
        InvalidInput: In production none is set.
    """
    secrets = settings.jwt_secrets
    if not secrets:
        if settings.environment is Environment.PRODUCTION:
            raise InvalidInput("JWT_SECRET is not set; production makes none up: set one of 32 characters or more")
        secrets = (kept_secret(settings.home / "jwt_secret"),)
    return Access((*secrets, *settings.jwt_previous), clock.now)


def issue(
    settings: Settings,
    *,
    role: str,
    event_id: str,
    session_ids: frozenset[str],
    user_id: str,
    name: str,
    lifetime_s: float,
) -> str:
    """A token for somebody.

    Raises:
        InvalidInput: There is no such role, or something is too long.
    """
    try:
        principal = Principal(user_id, Role(role.upper()), event_id, session_ids, name)
    except ValueError:
        raise InvalidInput(f"--role is {role!r}; it may be {', '.join(Role).lower()}") from None
    return access_of(settings, SystemClock()).issue(principal, lifetime_s)
