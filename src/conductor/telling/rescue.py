"""The 60-second rescue, line by line."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from conductor.domain.engagement import Severity
from conductor.domain.events import (
    AnomalyDetected,
    DecisionHeld,
    DecisionMade,
    EngagementUpdated,
    Event,
    InterventionExecuted,
    OutcomeMeasured,
)
from conductor.domain.interventions import Outcome
from conductor.telling.chart import clock, colour
from conductor.telling.story import arm_name, percent, wording

BAR = 30


@dataclass(frozen=True, slots=True)
class RescueTick:
    """Five seconds of the rescue.

    Attributes:
        t: Seconds since the story began.
        update: The room's score and signals.
        events: What else happened.
        outcome: The outcome, once it is known.
    """

    t: float
    update: EngagementUpdated
    events: tuple[Event, ...]
    outcome: Outcome | None

    @property
    def is_rescued(self) -> bool:
        """Whether the room fell, something was done, and it came back."""
        return self.outcome is not None and self.outcome.success


def tell_title(console: Console) -> None:
    """Say what is going to be seen."""
    console.print("[bold]The 60-second rescue[/]")
    console.print(
        "A simulated webinar of 120 people, ten minutes old. At 0:10 it loses interest. The agent is the real one.\n",
        style="dim",
    )


def tell_tick(console: Console, tick: RescueTick) -> None:
    """One line for the room, and one for everything that happened."""
    score, seen = tick.update.score, tick.update.signals
    line = Text(f"{clock(tick.t):>5}  ")
    filled = round(score * BAR)
    line.append("█" * filled, style=colour(score)).append("░" * (BAR - filled), style="dim")
    line.append(f" {percent(score):>5}", style=colour(score))
    line.append(f"   chat {seen.chat_per_min:3.0f}/min  reactions {seen.reactions_per_min:3.0f}/min", style="dim")
    if seen.poll_participation > 0:
        line.append(f"  poll {percent(seen.poll_participation)} voted", style="dim")
    console.print(line, soft_wrap=True)
    for event in tick.events:
        told = _told(event)
        if told is not None:
            console.print(Text("       ").append_text(told), soft_wrap=True)


def tell_end(console: Console, last: RescueTick) -> None:
    """Say how it ended."""
    outcome = last.outcome
    if outcome is None:
        console.print("\n[red]Nothing was done in time, so nothing can be said.[/]")
    elif outcome.success:
        console.print(
            f"\n[bold green]Rescued:[/] {percent(outcome.before)} → {percent(outcome.after)}, measured half a minute "
            "after the intervention and without the votes in the agent's own poll."
        )
    else:
        console.print(f"\n[red]Not rescued:[/] {percent(outcome.before)} → {percent(outcome.after)}.")


def _told(event: Event) -> Text | None:
    match event:
        case AnomalyDetected(anomaly=anomaly):
            kind = anomaly.type.value.replace("_", " ").lower()
            style = "bold red" if anomaly.severity is Severity.CRITICAL else "bold yellow"
            told = f"{anomaly.severity.value.title()}: {kind}, evidence {percent(anomaly.evidence)}"
            return Text(f"▼ {told}", style=style)
        case DecisionMade(decision=decision):
            return Text(f"→ {arm_name(decision.arm)}. {decision.reasoning}", style="blue")
        case DecisionHeld(hold=hold):
            return Text(f"→ Hold. {hold.explanation}", style="blue")
        case InterventionExecuted(intervention=intervention):
            return Text(f"● {intervention.label}: {wording(intervention.content)}", style="cyan")
        case OutcomeMeasured(outcome=outcome):
            return Text(f"◆ Outcome: {percent(outcome.before)} → {percent(outcome.after)}", style="magenta")
        case _:
            return None
