"""What happened in a session, as a person would tell it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from statistics import median

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from conductor.domain.audience import fill
from conductor.domain.engagement import Anomaly, AnomalyType, RoomState, Severity
from conductor.domain.events import (
    AnomalyCleared,
    AnomalyDetected,
    DecisionHeld,
    DecisionLapsed,
    DecisionMade,
    Event,
    InterventionExecuted,
    OutcomeMeasured,
    OutcomeUnknown,
)
from conductor.domain.interventions import (
    Arm,
    Content,
    Decision,
    Intervention,
    NudgeContent,
    Outcome,
    PollContent,
    PromptContent,
    Segment,
)
from conductor.domain.signals import Kind
from conductor.telling.chart import chart, clock, colour
from conductor.telling.report import Played, known_scores, scores

WIDEST = 110
"""A line longer than this is hard to read."""

ARM_NAMES = {
    Arm.POLL: "poll",
    Arm.CHAT_PROMPT: "chat prompt",
    Arm.NUDGE: "nudge",
    Arm.QNA_PROMOTE: "Q&A",
}

SEGMENT_WORDS = {
    Segment.DISENGAGED: "people who have stopped taking part",
    Segment.LURKERS: "people who have not taken part yet",
    Segment.FIRST_TIME: "people who are here for the first time",
}

MARKS = {
    AnomalyDetected: ("▼", "bold red"),
    InterventionExecuted: ("●", "bold cyan"),
    OutcomeMeasured: ("◆", "bold magenta"),
}


def percent(share: float) -> str:
    """A share in [0, 1] as people read it; number and sign stay on one line."""
    return f"{share * 100:.0f}\u00a0%"


def printable(text: str) -> str:
    """Text of others without what would steer a terminal."""
    return "".join(c if c.isprintable() else " " for c in text).strip()


def arm_name(arm: Arm) -> str:
    """What an arm is called at the start of a sentence or a row."""
    name = ARM_NAMES[arm]
    return name[0].upper() + name[1:]


def many(count: int, one: str, more: str) -> str:
    """So many of something."""
    return f"{count:,} {one if count == 1 else more}"


def tell(played: Played, console: Console) -> None:
    """Print the story of a session."""
    width = min(console.width, WIDEST)
    console.print(Panel(_heading(played), width=width, border_style="dim"))
    for loss in played.losses:
        # As text: names of files and fields may hold what looks like markup.
        console.print(Text("Not read:", style="yellow").append(f" {loss}", style="default"), width=width)
    ticks = scores(played.events)
    if ticks:
        drawn = chart([tick.score for tick in ticks], _marks(played), played.duration_s, width)
        console.print(drawn)
        console.print(Text("      ▼ anomaly  ● intervention  ◆ outcome", style="dim"))
    console.print()
    console.print(_course(played), width=width)
    console.print()
    console.print(_summary(played), width=width)


def _heading(played: Played) -> RenderableType:
    people = len({signal.user_id for signal in played.signals if signal.user_id is not None})
    heard = [signal for signal in played.signals if signal.kind not in {Kind.STARTED, Kind.ENDED}]
    counts = Counter(signal.kind.name.lower().replace("_", " ") for signal in heard)
    told = ", ".join(f"{n} {kind}" for kind, n in counts.most_common())
    title = Text(printable(played.profile.title) or played.session_id, style="bold")
    facts = (
        f"{played.profile.type.value} · {clock(played.duration_s)} · {many(people, 'person', 'people')} · {played.mode}"
    )
    return Group(title, Text(facts), Text(f"{many(len(heard), 'signal', 'signals')}: {told}", style="dim"))


def _marks(played: Played) -> list[tuple[float, str, str]]:
    seen: set[str] = set()
    marks = []
    for event in played.events:
        match event:
            case AnomalyDetected(anomaly=anomaly) if anomaly.anomaly_id not in seen:
                seen.add(anomaly.anomaly_id)
                at = anomaly.at
            case InterventionExecuted(intervention=intervention):
                at = intervention.at
            case OutcomeMeasured(outcome=outcome):
                at = outcome.at
            case _:
                continue
        marks.append((at - played.start, *MARKS[type(event)]))
    return marks


def _course(played: Played) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", style="dim", no_wrap=True)
    table.add_column(style="bold", no_wrap=True)
    table.add_column()
    rows = list(_rows(played))
    if not rows:
        states = {tick.state for tick in scores(played.events)}
        if states == {RoomState.WARMING_UP}:
            return Text("Nothing to report: there was too little to tell how the room was.", style="yellow")
        return Text("Nothing to report: the room never fell.", style="green")
    for at, what, told in rows:
        table.add_row(clock(at), what, told)
    return table


def _rows(played: Played) -> Iterator[tuple[float, Text, Text]]:
    for event in played.events:
        told = _told(event, played)
        if told is not None:
            at, what, style, words = told
            yield at - played.start, Text(what, style=style), words


Told = tuple[float, str, str, Text]
"""When it happened, what it is called, in which style, and the words."""


def _told(event: Event, played: Played) -> Told | None:
    return _told_of_deciding(event, played) or _told_of_doing(event, played)


def _told_of_deciding(event: Event, played: Played) -> Told | None:
    match event:
        case AnomalyDetected(anomaly=anomaly):
            style = "red" if anomaly.severity is Severity.CRITICAL else "yellow"
            return anomaly.at, anomaly.severity.value.title(), style, _anomaly(anomaly, played.start)
        case DecisionMade(decision=decision):
            return decision.at, "Left alone" if decision.held_out else "Decision", "blue", _decision(decision)
        case DecisionHeld(hold=hold):
            return hold.at, "Hold", "blue", Text(hold.explanation)
        case AnomalyCleared():
            if event.became_normal:
                return event.at, "Accepted", "dim", Text("It has stood for ten minutes and counts as normal here now.")
            return event.at, "Over", "green", Text("The fall is over.")
        case _:
            return None


def _told_of_doing(event: Event, played: Played) -> Told | None:
    match event:
        case DecisionLapsed():
            return event.at, "Not done", "dim", Text(f"{event.why[:1].upper()}{event.why[1:]}.")
        case InterventionExecuted(intervention=intervention):
            what = "Would post" if played.format != "simulated" else "Posted"
            return intervention.at, what, "cyan", _intervention(intervention)
        case OutcomeMeasured(outcome=outcome):
            return outcome.at, "Outcome", "magenta", _outcome(outcome)
        case OutcomeUnknown():
            return event.at, "Outcome", "dim", Text(f"Unknown: {event.why}.")
        case _:
            return None


def _anomaly(anomaly: Anomaly, start: float) -> Text:
    kind = anomaly.type.value.replace("_", " ").capitalize()
    text = Text(f"{kind} since {clock(anomaly.onset - start)}: score ")
    text.append(percent(anomaly.current), style=colour(anomaly.current))
    text.append(f", usually {percent(anomaly.expected)}")
    if anomaly.type is AnomalyType.LOW_ENGAGEMENT:
        return text
    return text.append(f"; evidence {percent(anomaly.evidence)}")


def _decision(decision: Decision) -> Text:
    text = Text(f"{arm_name(decision.arm)}: ")
    text.append(decision.reasoning)
    sure = f"confidence {percent(decision.confidence)}, chosen with probability {percent(decision.propensity)}"
    return text.append(f" ({sure})", style="dim")


def _intervention(intervention: Intervention) -> Text:
    text = Text(f"{intervention.label} · {ARM_NAMES[intervention.arm]} · ", style="cyan")
    text.append(printable(wording(intervention.content)), style="default")
    return text.append(f" ({many(intervention.delivered_to, 'person', 'people')})", style="dim")


def wording(content: Content) -> str:
    """What the room reads of it, in one line."""
    match content:
        case PollContent():
            return f"“{content.question}” {' / '.join(content.options)}"
        case PromptContent():
            return f"“{content.message}”"
        case NudgeContent():
            # As somebody reads it whose name is not known: each one's own stands in it only on their screen.
            message = fill(content.message, "", content.call_to_action)
            button = f" [{content.call_to_action}]" if content.call_to_action else ""
            return f"“{message}”{button} to {SEGMENT_WORDS[content.segment]}"
        case _:
            if content.message:
                return f"“{content.message}”"
            return f"{many(len(content.question_ids), 'question', 'questions')} to the speaker"


def _outcome(outcome: Outcome) -> Text:
    text = Text(f"{percent(outcome.before)} → ")
    text.append(percent(outcome.after), style=colour(outcome.after))
    if outcome.held_out:
        return text.append(f" ({outcome.delta * 100:+.0f} points): what happens anyway, with nothing done")
    verdict = "a success" if outcome.success else "no success"
    return text.append(f" ({outcome.delta * 100:+.0f} points): counts as {verdict}")


def _summary(played: Played) -> RenderableType:
    measured = [event.outcome for event in played.events if isinstance(event, OutcomeMeasured)]
    outcomes = [outcome for outcome in measured if not outcome.held_out]
    falls = {event.anomaly.anomaly_id for event in played.events if isinstance(event, AnomalyDetected)}
    done = sum(isinstance(event, InterventionExecuted) for event in played.events)
    helped = sum(outcome.success for outcome in outcomes)
    values = known_scores(played.events)
    line = Text(f"{many(len(falls), 'anomaly', 'anomalies')}, {many(done, 'intervention', 'interventions')}")
    if outcomes:
        line.append(f", {helped} of {len(outcomes)} followed by a recovery")
    if values:
        line.append(f"; score {percent(min(values))} to {percent(max(values))}, median {percent(median(values))}")
    line.append(".")
    if done and played.format != "simulated":
        line.append(" A recording answers nothing: its recoveries came by themselves.", style="dim")
    return line
