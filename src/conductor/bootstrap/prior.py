"""What the agent begins with where it has learned nothing yet."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from conductor.domain.learned import Learned
from conductor.errors import InvalidInput
from conductor.wire.rest import StateBody


def known_at_first(kept: Learned, prior: Path | None) -> Learned:
    """What is kept, or else what this file holds; it is read only where nothing was learned yet.

    Raises:
        InvalidInput: The file is needed, and cannot be read or is no exported state.
    """
    if prior is None or kept != Learned():
        return kept
    try:
        return StateBody.model_validate_json(prior.read_bytes()).learned()
    except OSError as error:
        raise InvalidInput(f"CONDUCTOR_PRIOR: {prior} cannot be read ({error.strerror}); name another file") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise InvalidInput(
            f"CONDUCTOR_PRIOR: {prior} is no exported state ({where}: {first['msg']}); "
            "take what GET /api/v1/agent/state gives"
        ) from None
