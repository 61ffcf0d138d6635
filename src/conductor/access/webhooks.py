"""Signatures of messages from other programs, as Standard Webhooks describes them."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from standardwebhooks import Webhook

from conductor.errors import InvalidInput, Unauthenticated

TOLERANCE_S = 300.0
"""How old, or how far ahead, a message may be; five minutes, as in the reference libraries."""

MOST_SIGNATURES = 16
"""Signatures looked at in one message. Senders add a second one while they change their secret."""

LONGEST_ID = 200
"""Characters of a message's id, which receivers keep to leave out repeats."""


def verify_webhook(secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: float) -> str:
    """The id of a message that is signed with one of these secrets, by which repeats can be left out.

    `Webhook.verify` reads the machine's clock and stumbles over signatures that aren't base64, so only the signing is
    left to the library; what has to be signed is in its hands either way.

    Args:
        secrets: Base64, with or without `whsec_` in front.
        headers: `webhook-id`, `webhook-timestamp` and `webhook-signature`, in any case.
        body: As it was received.
        now: Epoch seconds.

    Raises:
        Unauthenticated: A header is missing (`signature_missing`), the message is too old or too new
            (`signature_expired`), or no signature is right (`signature_invalid`).
        InvalidInput: A secret is not base64.
    """
    given = {name.lower(): value for name, value in headers.items()}
    try:
        message_id, stamp, signatures = (given[f"webhook-{name}"] for name in ("id", "timestamp", "signature"))
    except KeyError as missing:
        raise Unauthenticated(f"the header {missing} is missing", code="signature_missing") from None
    if not (0 < len(message_id) <= LONGEST_ID and message_id.isascii()):
        raise _wrong(f"webhook-id has to have 1 to {LONGEST_ID} ASCII characters")
    expected = _signatures(secrets, message_id, _sent_at(stamp, now), _text(body))
    # `compare_digest` takes texts of ASCII only, and base64 is nothing else.
    passed = [each for each in signatures.split()[:MOST_SIGNATURES] if each.isascii()]
    if not any(hmac.compare_digest(right, each) for right in expected for each in passed):
        raise _wrong("no signature fits; compare the secret, and sign the body as it is sent")
    return message_id


def _sent_at(stamp: str, now: float) -> datetime:
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise _wrong("webhook-timestamp has to be whole epoch seconds")
    if abs(now - int(stamp)) > TOLERANCE_S:
        raise Unauthenticated(
            f"webhook-timestamp is more than {TOLERANCE_S:.0f} s away from now; sign it again, or compare the clocks",
            code="signature_expired",
        )
    return datetime.fromtimestamp(int(stamp), UTC)


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise _wrong("the body is not UTF-8") from None


def _signatures(secrets: Sequence[str], message_id: str, sent_at: datetime, text: str) -> list[str]:
    try:
        return [Webhook(secret).sign(message_id, sent_at, text) for secret in secrets]
    except ValueError:
        raise InvalidInput("a webhook secret is not base64; make one as docs/configuration.md says") from None


def _wrong(why: str) -> Unauthenticated:
    return Unauthenticated(f"the signature is not valid: {why}", code="signature_invalid")
