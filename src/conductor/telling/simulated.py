"""What a simulation showed, for people and for machines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from conductor.domain.interventions import Arm, Decision, Outcome
from conductor.learn.lift import Lift, Pair, lift
from conductor.telling.story import arm_name, many, percent


@dataclass(frozen=True, slots=True)
class Chosen:
    """A decision that was carried out, beside what an oracle knows.

    Attributes:
        chance: Probability that the chosen arm lifts the room, in [0, 1].
        best_chance: The same of the best arm that suits the circumstances.
    """

    decision: Decision
    chance: float
    best_chance: float


@dataclass(frozen=True, slots=True)
class Asked:
    """What a language model would have been asked in the same rooms, and what that costs by its list prices.

    Attributes:
        model: Its id.
        questions: How often it would have been asked: ahead, for words, and for an analysis.
        tokens_asked: Of all questions, estimated.
        tokens_answered: Of all answers, estimated.
    """

    model: str
    questions: int
    tokens_asked: int
    tokens_answered: int
    cost_usd: float


@dataclass(frozen=True, slots=True)
class Study:
    """Rooms with the agent, and the same rooms left alone.

    Attributes:
        treated: Outcomes of what the agent did.
        alone: Outcomes of the same agent's decisions where nothing was delivered.
        score_treated: Mean score of all ticks of all rooms.
        chosen: Each decision that was carried out, beside the oracle's.
        true_falls: Lulls that the world gave the rooms.
        asked: What a model would have been asked, had organisers been asked of everything and said yes.
    """

    sessions: int
    minutes: int
    seed: int
    effect: float
    treated: tuple[Outcome, ...]
    alone: tuple[Outcome, ...]
    score_treated: float
    score_alone: float
    anomalies: int
    true_falls: int
    chosen: tuple[Chosen, ...]
    asked: Asked

    @property
    def cost_usd_per_session(self) -> float:
        """What a model would cost in a session, in US dollars."""
        return self.asked.cost_usd / self.sessions

    @property
    def regret(self) -> float:
        """Successes that were missed by not choosing the best arm, in expectation."""
        return sum(choice.best_chance - choice.chance for choice in self.chosen)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The first outcome of each room in both runs. Up to there a room and its twin are the same.

        After its first intervention a room goes its own way, and the moments of the two no longer compare. Nor do they
        where another arm was chosen for the twin, by what other rooms had taught by then: it is measured at another
        time.
        """
        alone = {outcome.decision_id: outcome for outcome in self.alone}
        first: dict[str, Outcome] = {}
        for outcome in self.treated:
            first.setdefault(outcome.session_id, outcome)
        return tuple(
            (outcome, twin)
            for outcome in first.values()
            if (twin := alone.get(outcome.decision_id)) is not None and twin.arm is outcome.arm
        )

    @property
    def best(self) -> float:
        """Successes that an oracle would have had at the same moments, in expectation."""
        return sum(choice.best_chance for choice in self.chosen)


def simulated_report(study: Study, elapsed_s: float) -> dict[str, Any]:
    """Everything as plain values; apart from `elapsed_s` the same seed gives the same."""
    everything = lift(study.pairs)
    return {
        "sessions": study.sessions,
        "minutes": study.minutes,
        "seed": study.seed,
        "effect": study.effect,
        "anomalies": study.anomalies,
        "true_falls": study.true_falls,
        "score": {"with_agent": study.score_treated, "left_alone": study.score_alone},
        "outcomes": [asdict(outcome) for outcome in study.treated],
        "outcomes_left_alone": [asdict(outcome) for outcome in study.alone],
        "success_rate": {"with_agent": _rate(study.treated), "left_alone": _rate(study.alone)},
        "lift": None if everything is None else asdict(everything),
        "lift_by_arm": {arm.value: _plain(lift(_pairs_of(study.pairs, arm))) for arm in Arm},
        "regret": study.regret,
        "oracle": study.best,
        "decisions": len(study.chosen),
        "cost_usd_per_session": study.cost_usd_per_session,
        "models": asdict(study.asked),
        "elapsed_s": elapsed_s,
    }


def tell_simulated(study: Study, console: Console) -> None:
    """Print what a person wants to know first: did it help, and what did it miss."""
    rooms = many(study.sessions, "simulated room", "simulated rooms")
    console.print(
        f"[bold]{rooms} of {study.minutes} minutes[/], with the agent and left alone "
        f"(seed {study.seed}, effect {study.effect:g})\n"
    )
    table = Table()
    table.add_column()
    table.add_column("successes", justify="right")
    table.add_column("left alone", justify="right")
    table.add_column("lift in points (95 %)", justify="right")
    for arm in Arm:
        treated, alone = _of(study.treated, arm), _of(study.alone, arm)
        table.add_row(arm_name(arm), _share(treated), _share(alone), _interval(lift(_pairs_of(study.pairs, arm))))
    table.add_section()
    everything = (_share(study.treated), _share(study.alone), _interval(lift(study.pairs)))
    table.add_row("All", *everything, style="bold")
    console.print(table)
    console.print(
        f"\nMean score {percent(study.score_treated)} with the agent, {percent(study.score_alone)} left alone. "
        f"{study.anomalies} anomalies raised; the world had {study.true_falls} lulls."
    )
    console.print(
        f"Regret: {study.regret:.1f} of {study.best:.1f} lulls that the best arm would have ended "
        f"at the same {len(study.chosen)} moments."
    )
    asked = study.asked
    console.print(
        f"With {asked.model} to word and to analyse everything: ${study.cost_usd_per_session:.4f} a session at list "
        f"prices ({asked.questions} questions, {asked.tokens_asked:,} tokens asked and {asked.tokens_answered:,} "
        "answered, estimated)."
    )
    console.print(
        "How well interventions work in these rooms is a stated guess (docs/math.md), so this shows that the loop "
        "measures rightly, not what to expect of your audience.",
        style="dim",
    )


def _of(outcomes: Sequence[Outcome], arm: Arm) -> list[Outcome]:
    return [outcome for outcome in outcomes if outcome.arm is arm]


def _pairs_of(pairs: Sequence[Pair], arm: Arm) -> list[Pair]:
    return [pair for pair in pairs if pair[0].arm is arm]


def _rate(outcomes: Sequence[Outcome]) -> float | None:
    return sum(outcome.success for outcome in outcomes) / len(outcomes) if outcomes else None


def _share(outcomes: Sequence[Outcome]) -> str:
    rate = _rate(outcomes)
    return "none" if rate is None else f"{percent(rate)} of {len(outcomes)}"


def _interval(known: Lift | None) -> str:
    if known is None:
        return "not known yet"
    return f"{known.estimate * 100:+.0f} ({known.low * 100:+.0f} to {known.high * 100:+.0f}), {known.pairs} rooms"


def _plain(known: Lift | None) -> dict[str, Any] | None:
    return None if known is None else asdict(known)
