import pytest

from conductor.domain.interventions import DEFAULT_LABEL, Mode
from conductor.errors import InvalidInput
from conductor.settings import Settings, read_mode, read_settings

SHARES = {
    "ENGAGEMENT_THRESHOLD": "engagement_threshold",
    "ANOMALY_WARNING_THRESHOLD": "warning_threshold",
    "ANOMALY_CRITICAL_THRESHOLD": "critical_threshold",
}


def test_without_an_environment_the_defaults_are_the_documented_ones():
    assert read_settings({}) == Settings(0.5, 0.6, 0.8, DEFAULT_LABEL)


def test_each_variable_is_read():
    environment = {
        "ENGAGEMENT_THRESHOLD": "0.4",
        "ANOMALY_WARNING_THRESHOLD": "0.55",
        "ANOMALY_CRITICAL_THRESHOLD": ".95",
        "CONDUCTOR_LABEL": "Robo",
    }
    assert read_settings(environment) == Settings(0.4, 0.55, 0.95, "Robo")


@pytest.mark.parametrize("name", [*SHARES, "CONDUCTOR_LABEL"])
def test_a_variable_that_is_set_to_nothing_keeps_its_default(name):
    assert read_settings({name: ""}) == Settings()


def test_other_variables_are_none_of_ours():
    assert read_settings({"PATH": "/bin", "MODE": "nonsense"}) == Settings()


@pytest.mark.parametrize("name", SHARES)
@pytest.mark.parametrize("value", ["half", "0", "1", "1.5", "-0.2", "nan", "inf", "50%"])
def test_a_threshold_that_is_no_share_is_refused_by_its_name(name, value):
    with pytest.raises(InvalidInput) as refused:
        read_settings({name: value})

    assert refused.value.message == f"{name} is {value!r}; it has to be a number between 0 and 1"


def test_a_critical_threshold_below_the_warning_is_refused_and_both_are_named():
    with pytest.raises(InvalidInput, match=r"ANOMALY_CRITICAL_THRESHOLD \(0\.5\).*ANOMALY_WARNING_THRESHOLD \(0\.6\)"):
        read_settings({"ANOMALY_CRITICAL_THRESHOLD": "0.5"})
    with pytest.raises(InvalidInput, match=r"ANOMALY_WARNING_THRESHOLD \(0\.9\)"):
        read_settings({"ANOMALY_WARNING_THRESHOLD": "0.9"})


def test_both_thresholds_may_be_the_same():
    same = {"ANOMALY_CRITICAL_THRESHOLD": "0.7", "ANOMALY_WARNING_THRESHOLD": "0.7"}
    assert read_settings(same).critical_threshold == 0.7


@pytest.mark.parametrize("spelt", ["semi_auto", "SEMI_AUTO", "Semi-Auto"])
def test_a_mode_may_be_spelt_as_people_spell_it(spelt):
    assert read_mode(spelt, "--mode") is Mode.SEMI_AUTO


def test_an_unknown_mode_is_refused_with_the_ones_there_are():
    with pytest.raises(InvalidInput) as refused:
        read_mode("robot", "--mode")

    assert refused.value.message == "--mode is 'robot'; it may be MANUAL, SEMI_AUTO, AUTO"
