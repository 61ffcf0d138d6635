import pytest

from conductor.errors import InvalidInput
from conductor.settings import read_settings

SECRET = "s" * 32


def test_logs_are_for_machines_in_production_and_for_people_elsewhere():
    production = read_settings({"CONDUCTOR_ENV": "production", "JWT_SECRET": SECRET}).operation
    assert (production.log_format, production.log_level) == ("json", "INFO")
    here = read_settings({}).operation
    assert (here.log_format, here.log_level) == ("console", "WARNING")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CONDUCTOR_LOG_FORMAT", "xml", "json or console"),
        ("CONDUCTOR_LOG_LEVEL", "loud", "DEBUG, INFO"),
        ("CONDUCTOR_TIME_ZONE", "Middle/Earth", "Europe/Berlin"),
        ("CONDUCTOR_TIME_ZONE", "../../etc/passwd", "Europe/Berlin"),
        ("CONDUCTOR_SUMMARY_HOUR", "24", "from 0 to 23"),
    ],
)
def test_what_does_not_fit_operation_is_refused_with_what_may_be(name, value, said):
    with pytest.raises(InvalidInput, match=said):
        read_settings({name: value})


@pytest.mark.parametrize("url", ["file:///etc/hunter2", "hunter2", "syslog://", "dbus://hunter2", "ftp://hunter2"])
def test_an_alert_goes_only_to_services_and_where_is_never_repeated(url):
    with pytest.raises(InvalidInput, match="ALERT_URLS: address 2") as refused:
        read_settings({"ALERT_URLS": f"jsons://example.org {url}"})
    assert "hunter2" not in refused.value.message
