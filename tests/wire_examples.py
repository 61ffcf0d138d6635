"""One of everything that can be told of a room, for the tests of what goes out."""

from hypothesis import strategies as st
from tests.decide_examples import NOW, anomaly, context, decision

from conductor.domain.budget import BudgetWindow
from conductor.domain.engagement import PART_NAMES, RoomSignals, RoomState, ScorePart
from conductor.domain.events import (
    AnomalyCleared,
    AnomalyDetected,
    BudgetNearLimit,
    DecisionHeld,
    DecisionLapsed,
    DecisionMade,
    EngagementUpdated,
    InterventionExecuted,
    OutcomeMeasured,
    OutcomeUnknown,
    SessionClosed,
    SessionOpened,
    StatusChanged,
)
from conductor.domain.holds import Hold, HoldReason
from conductor.domain.interventions import (
    Arm,
    Autonomy,
    Generation,
    GenerationMethod,
    Intervention,
    Mode,
    NudgeContent,
    Outcome,
    PollContent,
    PollTiming,
    PromptContent,
    QnaContent,
    QnaStrategy,
    Segment,
)
from conductor.domain.sessions import Phase, SessionProfile, SessionType
from conductor.domain.shown import is_visible
from conductor.domain.status import AgentStatus
from conductor.wire.events import event_message

POLL = PollContent("What next?", ("More code", "More theory", "A break"))
ROOM = RoomSignals(12.0, 0.1, 3.5, 0.0, 1.0, 1 / 3, 120, 61, 2.0, 4.0, 0.8, 900.0, 7.5, 130.0, 0.5, 900.0, Phase.MIDDLE)
PROFILE = SessionProfile("Bees", type=SessionType.PANEL, topics=("hives",), starts_at=NOW)


def opened(at=NOW - 60, session_id="s1", event_id="e1", profile=PROFILE):
    return SessionOpened(session_id, event_id, at, profile)


def closed(at=NOW + 600, session_id="s1"):
    return SessionClosed(session_id, "e1", at)


def update(at=NOW, score=1 / 3, session_id="s1"):
    parts = tuple(ScorePart(name, 0.1 * index, 0.2, 0.02 * index) for index, name in enumerate(PART_NAMES))
    return EngagementUpdated(session_id, "e1", at, score, parts, ROOM, RoomState.FALLING, 0.91)


def asked(**changes):
    usual = {"autonomy": Autonomy.ASK, "expires_at": NOW + 60, "content": POLL}
    return DecisionMade(decision(**usual | changes))


def acted(**changes):
    return DecisionMade(decision(**{"autonomy": Autonomy.ACT} | changes))


def intervention(content=POLL, arm=Arm.POLL, at=NOW + 20):
    generation = Generation(GenerationMethod.TEMPLATE, "poll-1")
    return Intervention("s1-d1-i", "s1-d1", "s1", "e1", at, arm, content, generation, 118)


def executed(at=NOW + 20):
    return InterventionExecuted(intervention(at=at))


def measured(at=NOW + 140):
    return OutcomeMeasured(
        Outcome("s1-d1-i", "s1-d1", "s1", "e1", at, Arm.POLL, context(), 0.31, 0.6, 0.29, success=True)
    )


def unknown(at=NOW + 140):
    return OutcomeUnknown("s1-d1-i", "s1-d1", "s1", "e1", at, "the feed was lost")


def lapsed(at=NOW + 60):
    return DecisionLapsed("s1-d1", "s1", "e1", at, "nobody answered in time")


def held(at=NOW):
    return DecisionHeld(Hold("s1-a1", "s1", "e1", at, HoldReason.COOLDOWN, "It was just used."))


def changed(status=AgentStatus.LEARNING, at=NOW, mode=Mode.AUTO):
    return StatusChanged("s1", "e1", at, status, mode)


def near_limit(at=NOW):
    return BudgetNearLimit("s1", "e1", at, BudgetWindow.HOUR, 16.5, 20.0)


def detected(**changes):
    return AnomalyDetected(anomaly(**changes))


def cleared(at=NOW + 200):
    return AnomalyCleared("s1-a1", "s1", "e1", at, became_normal=True)


EVERY_KIND = [
    *(opened(), update(), detected(), held(), asked(), acted(decision_id="s1-d2"), lapsed(), executed()),
    *(measured(), unknown(), cleared(), changed(), near_limit(), closed()),
]


def _texts(longest):
    characters = st.characters(codec="utf-8", exclude_categories=["Cc"])
    return st.text(characters, min_size=1, max_size=longest).filter(is_visible)


shown_s = st.floats(1, 3600)
ids = _texts(20)
CONTENTS = {
    Arm.POLL: st.builds(
        PollContent,
        _texts(200),
        st.lists(_texts(80), min_size=2, max_size=6, unique_by=lambda option: " ".join(option.split()).casefold()).map(
            tuple
        ),
        st.sampled_from(PollTiming),
        shown_s,
        st.booleans(),
    ),
    Arm.CHAT_PROMPT: st.builds(
        PromptContent, _texts(500), st.booleans(), st.booleans(), st.lists(ids, max_size=3).map(tuple)
    ),
    Arm.NUDGE: st.builds(NudgeContent, _texts(500), st.just("") | _texts(80), st.sampled_from(Segment), shown_s),
    Arm.QNA_PROMOTE: st.builds(
        QnaContent, st.just(QnaStrategy.SURFACE_BEST), st.lists(ids, min_size=1, max_size=10).map(tuple)
    )
    | st.builds(
        QnaContent,
        st.sampled_from([QnaStrategy.REQUEST_NEW, QnaStrategy.SEED_QUESTION]),
        message=_texts(500),
    ),
}
contents = st.one_of(*CONTENTS.values())


def message_of(event):
    """The message that tells this event, as a reader who checks no types has it."""
    return event_message(event)
