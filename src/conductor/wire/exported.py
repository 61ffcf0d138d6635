"""What was exported of an agent's learning, read from a file."""

from __future__ import annotations

from pydantic import ValidationError

from conductor.domain.learned import Learned
from conductor.errors import InvalidInput
from conductor.wire.rest_state import StateBody


def read_learned(said: bytes) -> Learned:
    """What `GET /api/v1/agent/state` or `conductor export` gave.

    Raises:
        InvalidInput: It is something else; the message says where the first mistake is.
    """
    return read_state(said).learned()


def read_state(said: bytes) -> StateBody:
    """The same, with all that stands beside what was learned; raises as `read_learned` does."""
    try:
        return StateBody.model_validate_json(said)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise InvalidInput(
            f"this is no exported state ({where}: {first['msg']}); take what GET /api/v1/agent/state gives"
        ) from None
