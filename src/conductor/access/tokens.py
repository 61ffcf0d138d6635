"""Tokens that say who somebody is, signed so that nobody else can make one."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from secrets import token_urlsafe as make_id
from typing import Any
from urllib.parse import urlsplit

import jwt

from conductor.access.invitations import ID_BYTES, Invitation
from conductor.access.revocation import CalledBack, ids_of, invitation_key
from conductor.access.rights import Principal, Role
from conductor.errors import InvalidInput, Unauthenticated

ALGORITHM = "HS256"
"""The only one that is read, so that no token can choose a weaker one (RFC 8725, 3.1)."""

ISSUER = "engagement-conductor"
AUDIENCE = "engagement-conductor"
INVITED = "engagement-conductor/invitation"
"""The audience of invitations: none passes for a token, and no token for an invitation."""

LEAST_SECRET_BYTES = 32
"""As long as the hash, as RFC 7518, 3.2 demands of HS256."""

LEEWAY_S = 10.0
"""How far clocks of two machines may be apart."""

LONGEST_LIFETIME_S = 366 * 86_400.0
"""Who lost a token may not notice, so none is good for more than a year."""

LONGEST_TOKEN = 4096
"""Characters. Servers take headers of 8 KiB and more; with half of it there is room for the rest."""

LONGEST_NAME = 200
"""Characters of an id or a name."""

_FITTING = f"ids of 1 to {LONGEST_NAME} characters, names no more, both of characters that can be shown"

_OPTIONS: Any = {
    "require": ["exp", "iat", "sub", "role", "iss", "aud"],
    # Times are held against the clock that was handed in, below.
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
}


@dataclass(frozen=True, slots=True)
class Read:
    """What a token says.

    Attributes:
        until: When it runs out, in epoch seconds, with some leeway.
        ids: Under which it can be called back.
    """

    principal: Principal
    until: float
    ids: tuple[str, ...]


class Access:
    """Issues tokens and reads them.

    Args:
        secrets: The first signs and all are read, so that a new one can take over while tokens of the old one run
            out. Each has at least 32 bytes.
        clock: Epoch seconds.
        called_back: Which tokens are good no more; None for none.

    Attributes:
        called_back: The same.

    Raises:
        InvalidInput: There is no secret, or one is too short.
    """

    def __init__(
        self, secrets: Sequence[str], clock: Callable[[], float], called_back: CalledBack | None = None
    ) -> None:
        if not secrets or any(len(secret.encode()) < LEAST_SECRET_BYTES for secret in secrets):
            raise InvalidInput(
                f"each secret for tokens needs at least {LEAST_SECRET_BYTES} bytes; "
                "make one with: python -c 'import secrets; print(secrets.token_urlsafe(48))'",
                code="weak_secret",
            )
        self._secrets = tuple(secrets)
        self._clock = clock
        self.called_back = called_back or CalledBack()

    def issue(self, principal: Principal, lifetime_s: float) -> str:
        """A token that says so for this long.

        Args:
            principal: Who it is for.
            lifetime_s: Seconds, above 0 and at most a year.

        Raises:
            InvalidInput: An id is empty or too long, the lifetime does not fit, or there are too many sessions.
        """
        return self._signed(principal, AUDIENCE, lifetime_s)

    def read(self, token: str | None) -> Principal:
        """Who a token is for.

        Raises:
            Unauthenticated: There is none (`token_missing`), it ran out (`token_expired`), was called back
                (`token_revoked`), or is none of ours (`token_invalid`).
        """
        return self.read_until(token)[0]

    def read_until(self, token: str | None) -> tuple[Principal, float]:
        """Who a token is for, and until when it is read, in epoch seconds: for whoever stays longer than a request.

        Raises:
            Unauthenticated: As `read` does.
        """
        read = self.read_whole(token)
        return read.principal, read.until

    def read_whole(self, token: str | None) -> Read:
        """All that a token says, also under which ids it can be called back.

        Raises:
            Unauthenticated: As `read` does.
        """
        if not token:
            raise _missing()
        return self._good(token, AUDIENCE)

    def invite(self, invitation: Invitation, lifetime_s: float) -> str:
        """An invitation as text, good for this long. It opens nothing itself: whoever accepts it gets a token.

        Raises:
            InvalidInput: As `issue` does.
        """
        place = frozenset({invitation.session_id})
        principal = Principal(invitation.invitation_id, invitation.role, invitation.event_id, place)
        return self._signed(principal, INVITED, lifetime_s, _key_of(invitation))

    def accept(self, text: str, name: str = "") -> tuple[str, Principal, float]:
        """A token for somebody who accepts an invitation, with whom it is for, and until when, in epoch seconds.

        Raises:
            Unauthenticated: It ran out (`token_expired`), was called back (`token_revoked`), or is no invitation of
                ours (`token_invalid`).
            InvalidInput: The name is too long.
        """
        read = self._good(text, INVITED)
        invited, until = read.principal, read.until
        invitation = Invitation(invited.user_id, invited.role, invited.event_id, next(iter(invited.session_ids), ""))
        guest = invitation.guest(name)
        # It was still read a moment ago because clocks differ; what comes of it lasts a moment at least.
        lifetime_s = max(until - LEEWAY_S - self._clock(), 1.0)
        token = self._signed(guest, AUDIENCE, lifetime_s, _key_of(invitation))
        return token, guest, until - LEEWAY_S

    def _signed(self, principal: Principal, audience: str, lifetime_s: float, via: str = "") -> str:
        if not 0.0 < lifetime_s <= LONGEST_LIFETIME_S:
            raise InvalidInput(f"a token cannot last {lifetime_s} s; choose above 0 and up to {LONGEST_LIFETIME_S:.0f}")
        if not _fits(principal):
            raise InvalidInput(f"user, event and session need {_FITTING}")
        now = self._clock()
        times = {"iat": math.floor(now), "exp": math.ceil(now + lifetime_s)}
        claims = _claims(principal) | {"aud": audience, "jti": make_id(ID_BYTES)} | times
        claims |= {"via": via} if via else {}
        token = jwt.encode(claims, self._secrets[0], algorithm=ALGORITHM)
        if len(token) > LONGEST_TOKEN:
            raise InvalidInput("too many sessions for one token; leave them out to mean all sessions of the event")
        return token

    def _good(self, token: str, audience: str) -> Read:
        claims = self._claims(token, audience)
        now, until = self._clock(), _seconds(claims["exp"]) + LEEWAY_S
        if now >= until:
            raise Unauthenticated("the token has run out; sign in again", code="token_expired")
        if max(_seconds(claims["iat"]), _seconds(claims.get("nbf", 0))) > now + LEEWAY_S:
            raise _invalid("it is not good yet; compare the clocks")
        ids = ids_of(token, claims)
        if self.called_back.has_any(ids):
            raise Unauthenticated("the token was called back; ask for a new one", code="token_revoked")
        return Read(_principal(claims), until, ids)

    def _claims(self, token: str, audience: str) -> dict[str, Any]:
        if len(token) > LONGEST_TOKEN:
            raise _invalid("it is too long")
        for secret in self._secrets:
            try:
                return jwt.decode(
                    token, secret, algorithms=[ALGORITHM], audience=audience, issuer=ISSUER, options=_OPTIONS
                )
            except jwt.InvalidSignatureError:
                continue
            except (jwt.PyJWTError, ValueError, RecursionError) as error:
                raise _invalid("its header or claims are not as they should be") from error
        raise _invalid("it is not signed with a secret of ours")


def _key_of(invitation: Invitation) -> str:
    return invitation_key(invitation.session_id, invitation.invitation_id)


def bearer(authorization: str | None) -> str:
    """The token in an `Authorization: Bearer …` header.

    Raises:
        Unauthenticated: There is none (`token_missing`).
    """
    scheme, _, token = (authorization or "").strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise _missing()
    return token.strip()


def sign_in_link(base_url: str, token: str) -> str:
    """An address that signs somebody in when opened.

    The token stands in the fragment, which browsers keep to themselves: it reaches no server, log or referrer.

    Raises:
        InvalidInput: The address is not one of http or https.
    """
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise InvalidInput(f"{base_url!r} is no address of a page; it has to begin with http:// or https://")
    return parts._replace(path=parts.path or "/", fragment=f"token={token}").geturl()


def _claims(principal: Principal) -> dict[str, Any]:
    return {
        "iss": ISSUER,
        "sub": principal.user_id,
        "role": principal.role.value,
        "event": principal.event_id,
        "sessions": sorted(principal.session_ids),
        "name": principal.name,
    }


def _principal(claims: dict[str, Any]) -> Principal:
    sessions = claims.get("sessions", [])
    texts = [claims["sub"], claims.get("event"), claims.get("name", "")]
    if not isinstance(sessions, list) or not all(isinstance(text, str) for text in [*texts, *sessions]):
        raise _invalid("a claim is of the wrong type")
    try:
        role = Role(claims["role"])
    except ValueError:
        raise _invalid(f"there is no such role; there are {', '.join(Role)}") from None
    principal = Principal(claims["sub"], role, claims["event"], frozenset(sessions), claims.get("name", ""))
    if not _fits(principal):
        raise _invalid(f"user, event and session need {_FITTING}")
    return principal


def _fits(principal: Principal) -> bool:
    ids = [principal.user_id, principal.event_id, *principal.session_ids]
    return all(ids) and all(len(each) <= LONGEST_NAME and _is_shown(each) for each in [*ids, principal.name])


def _is_shown(text: str) -> bool:
    """Whether it has no control characters, which terminals obey, and no lone surrogates, which no answer can hold."""
    return text.isprintable() or not any(unicodedata.category(each) in {"Cc", "Cs"} for each in text)


def _seconds(claim: object) -> float:
    if isinstance(claim, bool) or not isinstance(claim, int | float) or not math.isfinite(claim):
        raise _invalid("a time in it is no number of seconds")
    return float(claim)


def _invalid(why: str) -> Unauthenticated:
    return Unauthenticated(f"the token is not valid: {why}", code="token_invalid")


def _missing() -> Unauthenticated:
    return Unauthenticated("a token is missing; send it as Authorization: Bearer <token>", code="token_missing")
