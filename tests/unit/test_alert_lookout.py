from tests.decide_examples import NOW, anomaly, decision
from tests.wire_examples import near_limit

from conductor.alerting.lookout import Lookout
from conductor.domain.alerts import Alert, AlertLevel
from conductor.domain.engagement import Severity
from conductor.domain.events import AnomalyCleared, AnomalyDetected, DecisionLapsed, DecisionMade
from conductor.domain.interventions import Autonomy

FALL = AnomalyDetected(anomaly())
WARNING = AnomalyDetected(anomaly(severity=Severity.WARNING))
ASKED = DecisionMade(decision(autonomy=Autonomy.ASK, expires_at=NOW + 60.0))
LAPSED = DecisionLapsed("s1-d1", "s1", "e1", NOW + 60.0, "nobody answered")


def told_of(*events, public_url="https://here.example.org"):
    told: list[Alert] = []
    lookout = Lookout(told.append, public_url)
    lookout.ticked(0.0, 0.0, NOW)
    lookout.told(events, 0.0)
    return told


def test_a_critical_fall_that_waits_for_an_answer_is_told_with_the_way_to_it():
    (alert,) = told_of(FALL, ASKED)
    assert alert.level is AlertLevel.CRITICAL
    assert alert.link == "https://here.example.org/dashboard/events/e1/engagement-conductor?session=s1"
    assert "SUDDEN_DROP" in alert.text
    assert "60 s" in alert.text


def test_without_a_public_address_there_is_no_link():
    assert told_of(FALL, ASKED, public_url="")[0].link == ""


def test_what_the_agent_does_by_itself_wakes_nobody():
    assert told_of(FALL, DecisionMade(decision())) == []


def test_a_warning_wakes_nobody_until_it_becomes_critical():
    assert told_of(WARNING, ASKED) == []
    assert len(told_of(WARNING, ASKED, FALL)) == 1


def test_that_a_question_is_settled_is_told_under_the_same_key():
    asked, over = told_of(FALL, ASKED, LAPSED, LAPSED)
    assert over.is_over
    assert over.key == asked.key


def test_an_approved_question_is_settled():
    assert [alert.is_over for alert in told_of(FALL, ASKED, DecisionMade(decision()))] == [False, True]


def test_a_fall_that_is_over_is_no_longer_critical():
    cleared = AnomalyCleared("s1-a1", "s1", "e1", NOW)
    assert told_of(FALL, cleared, ASKED) == []


def test_an_id_that_means_something_in_an_address_is_written_so_that_it_does_not():
    odd = DecisionMade(decision(autonomy=Autonomy.ASK, session_id="a/b?c=d&e", event_id="x y"))
    assert told_of(FALL, odd)[0].link.endswith("/events/x%20y/engagement-conductor?session=a%2Fb%3Fc%3Dd%26e")


def test_models_that_run_out_of_money_are_told_by_window():
    (alert,) = told_of(near_limit())
    assert alert.key.startswith("budget:")
    assert "MAX_LLM_COST_PER_HOUR" in alert.text
