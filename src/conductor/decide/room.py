"""What an event allows the agent to do, and what has happened in a room so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from conductor.decide.choice import ARM_ORDER
from conductor.domain.interventions import Arm, Mode
from conductor.domain.strategies import ContentStyle, Dealt, PolicyName
from conductor.domain.trials import MAX_HOLDOUT_SHARE

COOLDOWN_S: Mapping[Arm, float] = MappingProxyType(
    {Arm.POLL: 600.0, Arm.CHAT_PROMPT: 300.0, Arm.NUDGE: 900.0, Arm.QNA_PROMOTE: 300.0}
)
"""A prompt or promoted question returns at the earliest when the former has left the 5 min window of the
score. A poll asks more of people and waits twice as long. A nudge stands for 300 s and is meant for people who
did nothing for 600 s, so the same person cannot need another one before 900 s."""

ATTENTION_COST: Mapping[Arm, float] = MappingProxyType(
    {Arm.POLL: 3.0, Arm.CHAT_PROMPT: 2.0, Arm.NUDGE: 1.0, Arm.QNA_PROMOTE: 1.0}
)
"""How much of the audience's attention an arm asks for, relative to one another (a choice of ours, to be
checked against what attendees say): a poll stops everybody, a prompt passes by in the chat, a nudge reaches
some, a promoted question is put to the speaker."""


@dataclass(frozen=True, slots=True)
class DecisionParams:
    """What an event allows the agent to do; the defaults are the product's.

    Attributes:
        threshold: Confidence in [0, 1] from which SEMI_AUTO acts by itself.
        max_per_hour: Interventions in any 3600 s.
        cooldown_s: Seconds from one use of an arm to the next; arms not named keep their default.
        attention_budget: Points that a rested audience has; each delivery costs the arm's points. With the
            default, two polls in a row use it up.
        attention_per_hour: Points that return in an hour. With the default, a tired audience is rested after
            an hour, and three polls an hour fit if they are spread out.
        attention_cost: Points per arm, at most the budget; arms not named keep their default.
        quiet_end_s: Length of the quiet time before the planned end: 120 s, the outcome window, since what is
            done later can neither work nor be measured.
        ask_deadline_s: Seconds that an organiser has to answer.
        act_below: Score in [0, 1] under which a warning leads to a decision.
        interruption_cost: What an interruption costs, as a chance of success in [0, 1): where the agent acts by itself,
            something has to add more than that to be done (stated guess: three in a hundred).
        holdout_share: Probability in [0, 0.5] with which a decision is held out: nothing is done, on purpose. None is
            where nobody says so, as in recordings; an event's settings do.
        teaches: Whether anything is to be learned from what is decided; not in simulated rooms.
        policy: How an arm is chosen among those allowed.
        style: In which tone things are worded.
        variant: What a strategy test has dealt to the session now; None without one.
    """

    enabled: bool = True
    mode: Mode = Mode.SEMI_AUTO
    threshold: float = 0.75
    max_per_hour: int = 3
    arms: tuple[Arm, ...] = ARM_ORDER
    cooldown_s: Mapping[Arm, float] = field(default_factory=dict)
    attention_budget: float = 6.0
    attention_per_hour: float = 6.0
    attention_cost: Mapping[Arm, float] = field(default_factory=dict)
    quiet_end_s: float = 120.0
    ask_deadline_s: float = 60.0
    act_below: float = 0.5
    holdout_share: float = 0.0
    teaches: bool = True
    interruption_cost: float = 0.03
    policy: PolicyName = PolicyName.THOMPSON
    style: ContentStyle = ContentStyle.FRIENDLY
    variant: Dealt | None = None

    def __post_init__(self) -> None:
        if not 0.0 <= self.threshold <= 1.0:
            raise ValueError(f"threshold must lie in [0, 1], not {self.threshold}")
        if self.max_per_hour < 0:
            raise ValueError(f"max_per_hour must not be negative, but is {self.max_per_hour}")
        if not self.attention_per_hour > 0.0:
            raise ValueError(f"attention_per_hour must be above 0, not {self.attention_per_hour}")
        if not 0.0 <= self.interruption_cost < 1.0:
            raise ValueError(f"interruption_cost must lie in [0, 1), not {self.interruption_cost}")
        if not 0.0 <= self.holdout_share <= MAX_HOLDOUT_SHARE:
            raise ValueError(f"holdout_share must lie in [0, {MAX_HOLDOUT_SHARE}], not {self.holdout_share}")
        for arm in self.arms:
            if self.cost_of(arm) > self.attention_budget:
                raise ValueError(f"{arm} costs more attention than the whole budget of {self.attention_budget}")

    def cooldown_of(self, arm: Arm) -> float:
        """Seconds from one use of this arm to the next."""
        return self.cooldown_s.get(arm, COOLDOWN_S[arm])

    def cost_of(self, arm: Arm) -> float:
        """Attention points that one use of this arm takes."""
        return self.attention_cost.get(arm, ATTENTION_COST[arm])


@dataclass(frozen=True, slots=True)
class Delivery:
    """Something was delivered to the room."""

    at: float
    arm: Arm


@dataclass(frozen=True, slots=True)
class RoomHistory:
    """What has happened in a room that bears on the next decision.

    Attributes:
        deliveries: Everything delivered so far, oldest first, whoever asked for it.
        watching_until: End of the outcome window of what was last done; None if nothing is being watched.
        is_poll_open: Whether a poll is open, the agent's own or another.
        is_interruptible: Whether the speaker allows an interruption now.
        starts_at: Start of the session, where known.
        ends_at: Planned end of the session, where known.
    """

    deliveries: tuple[Delivery, ...] = ()
    watching_until: float | None = None
    is_poll_open: bool = False
    is_interruptible: bool = True
    starts_at: float | None = None
    ends_at: float | None = None
