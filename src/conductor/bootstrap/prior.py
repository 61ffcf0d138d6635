"""What the agent begins with where it has learned nothing yet."""

from __future__ import annotations

from pathlib import Path

from conductor.domain.learned import Learned
from conductor.errors import InvalidInput
from conductor.ports import Store
from conductor.wire.exported import read_learned


def known_at_first(kept: Learned, prior: Path | None) -> Learned:
    """What is kept, or else what this file holds; it is read only where nothing was learned yet.

    Raises:
        InvalidInput: The file is needed, and cannot be read or is no exported state.
    """
    if prior is None or kept != Learned():
        return kept
    try:
        return read_learned(prior.read_bytes())
    except OSError as error:
        raise InvalidInput(f"CONDUCTOR_PRIOR: {prior} cannot be read ({error.strerror}); name another file") from error
    except InvalidInput as error:
        raise InvalidInput(f"CONDUCTOR_PRIOR: {prior}: {error}") from None


async def begin_with(store: Store, prior: Path | None) -> Learned:
    """What the agent knows at first. The store has it too: from then on only what changes is written.

    Raises:
        InvalidInput: As `known_at_first`; the store is as it was.
        UnreadableState: The store cannot be read.
        StoreUnavailable: The store cannot be had.
    """
    kept = await store.load_learned()
    learned = known_at_first(kept, prior)
    if learned != kept:
        await store.save_learned(learned)
    return learned
