from conductor.decide.allowed import Allowed
from conductor.decide.room import DecisionParams
from conductor.domain.organisers import AgentSettings
from conductor.domain.strategies import ContentStyle, Dealt, Design, PolicyName, StrategyTest, Variant

USUAL = DecisionParams(act_below=0.4)
TEST = StrategyTest(
    "t1",
    Design.SESSIONS,
    (
        Variant("usual"),
        Variant("bold", policy=PolicyName.BEST, threshold=0.5, act_below=0.6, style=ContentStyle.PLAYFUL),
    ),
    since=1000.0,
)


def allowed(**changes):
    knowing = Allowed(USUAL)
    knowing.put(AgentSettings("e1", strategy_test=TEST, **changes))
    return knowing


def dealt(second):
    """A session that was dealt the first variant, or the second."""
    return next(f"s{n}" for n in range(100) if TEST.number_of(f"s{n}") == second)


def test_a_session_decides_by_the_variant_that_it_was_dealt():
    bold = allowed().of(dealt(1), "e1", 2000.0)
    assert (bold.policy, bold.threshold, bold.act_below) == (PolicyName.BEST, 0.5, 0.6)
    assert (bold.style, bold.variant) == (ContentStyle.PLAYFUL, Dealt("t1", "bold"))
    usual = allowed().of(dealt(0), "e1", 2000.0)
    assert (usual.style, usual.variant) == (ContentStyle.FRIENDLY, Dealt("t1", "usual"))
    assert (usual.policy, usual.threshold, usual.act_below) == (PolicyName.THOMPSON, 0.75, 0.4)


def test_before_a_test_begins_and_in_other_events_nothing_is_dealt():
    before = allowed().of(dealt(1), "e1", 999.0)
    assert (before.policy, before.style, before.variant) == (PolicyName.THOMPSON, ContentStyle.FRIENDLY, None)
    assert allowed().of(dealt(1), "e2", 2000.0) is USUAL


def test_what_holds_whatever_is_tried_can_be_asked_for():
    assert allowed(threshold=0.9).of(dealt(1), "e1").threshold == 0.9


def test_the_rest_of_the_settings_holds_for_both():
    assert allowed(max_per_hour=1).of(dealt(1), "e1", 2000.0).max_per_hour == 1
    assert allowed(style=ContentStyle.PLAYFUL).of(dealt(0), "e1", 2000.0).style is ContentStyle.PLAYFUL
