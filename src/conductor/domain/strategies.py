"""Two ways of going about it, tried beside each other: which of them a session, or a stretch of time, is given."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256


class PolicyName(StrEnum):
    """How an arm is chosen among those allowed."""

    THOMPSON = "thompson"
    RULES = "rules"
    RANDOM = "random"
    NOTHING = "nothing"
    BEST = "best"
    PLAIN = "plain"


class ContentStyle(StrEnum):
    """In which tone everything is worded that the agent shows."""

    FRIENDLY = "friendly"
    PLAYFUL = "playful"


class Design(StrEnum):
    """What is given one variant or the other: whole sessions, or blocks of time in a session or in a whole event."""

    SESSIONS = "sessions"
    SESSION_BLOCKS = "session_blocks"
    EVENT_BLOCKS = "event_blocks"


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the two ways; what is None stays as the event's settings have it.

    Attributes:
        name: What people call it; not empty.
        policy: How an arm is chosen.
        threshold: Confidence in [0, 1] from which SEMI_AUTO acts by itself.
        act_below: Score in [0, 1] under which a warning leads to a decision.
        style: In which tone things are worded.
    """

    name: str
    policy: PolicyName | None = None
    threshold: float | None = None
    act_below: float | None = None
    style: ContentStyle | None = None

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("a variant needs a name")
        for named, value in (("threshold", self.threshold), ("act_below", self.act_below)):
            if value is not None and not 0.0 <= value <= 1.0:
                raise ValueError(f"{named} of variant {self.name!r} must lie in [0, 1], not {value}")


@dataclass(frozen=True, slots=True)
class Dealt:
    """What a test gave to a session at some moment: the variant of this name. It stands when the test is long over."""

    test_id: str
    name: str


@dataclass(frozen=True, slots=True)
class StrategyTest:
    """Two variants beside each other. Who gets which follows from the ids alone, so that nothing has to be kept.

    Attributes:
        test_id: Tells tests apart: another id deals anew. Not empty.
        design: What is dealt to.
        variants: The usual way first; their names differ.
        share: Probability in (0, 1) of the second one.
        block_s: Length of a block of time in seconds, more than `burn_in_s`; blocks begin at whole multiples of it.
        burn_in_s: Seconds, 0 or more, at the beginning of a block that are not counted: in them the room still lives on
            what was done in the block before (carry-over). Whole sessions have none.
        since: Epoch seconds from which on it holds.
    """

    test_id: str
    design: Design
    variants: tuple[Variant, Variant]
    share: float = 0.5
    block_s: float = 1800.0
    burn_in_s: float = 300.0
    since: float = 0.0

    def __post_init__(self) -> None:
        if not self.test_id:
            raise ValueError("a test needs an id")
        if self.variants[0].name == self.variants[1].name:
            raise ValueError(f"both variants of test {self.test_id!r} are called {self.variants[0].name!r}")
        if not 0.0 < self.share < 1.0:
            raise ValueError(f"share of test {self.test_id!r} must lie in (0, 1), not {self.share}")
        if not 0.0 <= self.burn_in_s < self.block_s:
            raise ValueError(
                f"burn_in_s of test {self.test_id!r} must lie in [0, {self.block_s}), the block, not {self.burn_in_s}"
            )

    def unit(self, session_id: str, event_id: str, at: float) -> str:
        """What was dealt to at this moment: a session, or a block of time."""
        if self.design is Design.SESSIONS:
            return session_id
        place = session_id if self.design is Design.SESSION_BLOCKS else event_id
        return f"{place}@{int(at // self.block_s)}"

    def variant_at(self, session_id: str, event_id: str, at: float) -> Variant:
        """The variant that holds in a session at this moment."""
        return self.variants[self.number_of(self.unit(session_id, event_id, at))]

    def number_of(self, unit: str) -> int:
        """Which variant a unit is given, 0 or 1: SHA-256 of both ids, taken for a number in [0, 1)."""
        # Lengths keep "a" + "bc" and "ab" + "c" apart.
        digest = sha256(f"{len(self.test_id)}:{self.test_id}:{unit}".encode()).digest()
        return int(int.from_bytes(digest[:8], "big") / 2.0**64 < self.share)

    def counts_at(self, at: float) -> bool:
        """Whether what is decided at this moment tells the variants apart."""
        if at < self.since:
            return False
        return self.design is Design.SESSIONS or at % self.block_s >= self.burn_in_s
