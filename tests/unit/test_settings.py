import dataclasses
import re
from pathlib import Path

import pytest
from tests.settings_examples import MODELS, MODELS_READ, OPERATION, OPERATION_READ

from conductor.access.tokens import LEAST_SECRET_BYTES, Access
from conductor.access.webhooks import verify_webhook
from conductor.domain.interventions import DEFAULT_LABEL, Mode
from conductor.errors import InvalidInput, Unauthenticated
from conductor.settings import Environment, Settings, read_mode, read_settings
from conductor.settings.operation import Operation

CONFIGURATION = Path(__file__).parents[2] / "docs" / "configuration.md"
SECRET = "s" * 32
HOOK = "whsec_" + "a2V5" * 8
EVERYTHING = {
    "ENGAGEMENT_THRESHOLD": "0.4",
    "INTERRUPTION_COST": "0.05",
    "ANOMALY_WARNING_THRESHOLD": "0.55",
    "ANOMALY_CRITICAL_THRESHOLD": ".95",
    "CONDUCTOR_LABEL": "Robo",
    "CONDUCTOR_ENV": "production",
    "CONDUCTOR_HOME": "/srv/conductor",
    "DATABASE_URL": "postgresql://ana:hunter2@db/conductor",
    "REDIS_URL": "rediss://:hunter2@cache:6380/1",
    "JWT_SECRET": f"{SECRET}, {'t' * 40}",
    "JWT_SECRET_PREVIOUS": "p" * 40,
    "CONDUCTOR_ALLOWED_HOSTS": "Events.example.org, 10.0.0.7",
    "CONDUCTOR_WEBHOOK_SECRETS": f"{HOOK},{'a2V5' * 9}",
    "CORS_ORIGINS": "https://app.example.org/, http://127.0.0.1:5173",
    "CONDUCTOR_PUBLIC_URL": "https://example.org/conductor/",
    "MAX_REQUESTS_PER_MINUTE": "600",
    "CONDUCTOR_MAX_BODY_BYTES": "2048",
    "CONDUCTOR_MAX_BATCH": "10",
    "CONDUCTOR_MAX_CONNECTIONS": "3",
    "CONDUCTOR_CHAT_FLUSH_S": "0",
    "CONDUCTOR_REACTION_TICK_S": "0.5",
    "CONDUCTOR_CLOCK_SPEED": "20",
    "CONDUCTOR_CLOCK_SINCE": "1700000000",
    **MODELS,
    **OPERATION,
}
READ = Settings(
    engagement_threshold=0.4,
    interruption_cost=0.05,
    warning_threshold=0.55,
    critical_threshold=0.95,
    label="Robo",
    environment=Environment.PRODUCTION,
    home=Path("/srv/conductor"),
    database_url="postgresql://ana:hunter2@db/conductor",
    redis_url="rediss://:hunter2@cache:6380/1",
    jwt_secrets=(SECRET, "t" * 40),
    jwt_previous=("p" * 40,),
    allowed_hosts=("events.example.org", "10.0.0.7"),
    webhook_secrets=(HOOK, "a2V5" * 9),
    cors_origins=("https://app.example.org", "http://127.0.0.1:5173"),
    public_url="https://example.org/conductor",
    max_requests_per_minute=600,
    max_body_bytes=2048,
    max_batch=10,
    max_connections=3,
    chat_flush_s=0.0,
    reaction_tick_s=0.5,
    clock_speed=20.0,
    clock_since=1_700_000_000.0,
    **MODELS_READ,
    operation=OPERATION_READ,
)

SHARES = {
    "ENGAGEMENT_THRESHOLD": "engagement_threshold",
    "INTERRUPTION_COST": "interruption_cost",
    "ANOMALY_WARNING_THRESHOLD": "warning_threshold",
    "ANOMALY_CRITICAL_THRESHOLD": "critical_threshold",
}


def test_without_an_environment_the_defaults_are_the_documented_ones():
    assert read_settings({}) == Settings(0.5, 0.6, 0.8, DEFAULT_LABEL)


def test_each_variable_is_read():
    assert read_settings(EVERYTHING) == READ


@pytest.mark.parametrize("name", EVERYTHING)
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


def refusal(name, value):
    with pytest.raises(InvalidInput) as refused:
        read_settings({name: value})
    assert refused.value.message.startswith(name)
    return refused.value.message


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("MAX_REQUESTS_PER_MINUTE", 1, 1_000_000),
        ("CONDUCTOR_MAX_BODY_BYTES", 1024, 104_857_600),
        ("CONDUCTOR_MAX_BATCH", 1, 100_000),
        ("CONDUCTOR_MAX_CONNECTIONS", 1, 1000),
    ],
)
@pytest.mark.parametrize("value", ["many", "0", "-1", "2000.5", "1e12", "nan", "inf"])
def test_a_number_of_things_is_whole_and_within_bounds(name, least, most, value):
    assert refusal(name, value) == f"{name} is {value!r}; it has to be a whole number from {least} to {most}"
    assert read_settings({name: f" {least} "}) != Settings()


@pytest.mark.parametrize(
    ("name", "bounds"), [("CONDUCTOR_CHAT_FLUSH_S", "0 to 5"), ("CONDUCTOR_REACTION_TICK_S", "0.1 to 10")]
)
@pytest.mark.parametrize("value", ["soon", "-1", "11", "nan"])
def test_a_pause_is_within_bounds(name, bounds, value):
    assert refusal(name, value) == f"{name} is {value!r}; it has to be a number from {bounds}"


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
@pytest.mark.parametrize(
    "url", ["hunter2", "mysql://u:hunter2@h/d", "redis:hunter2", "postgresql://", "redis://h:hunter2"]
)
def test_an_address_that_does_not_fit_is_refused_without_repeating_it(name, url):
    assert "hunter2" not in refusal(name, url)


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("DATABASE_URL", "sqlite:////srv/conductor.db"),
        ("DATABASE_URL", "sqlite+aiosqlite:///conductor.db"),
        ("DATABASE_URL", "postgresql+asyncpg:///conductor?host=/run/postgresql"),
        ("REDIS_URL", "redis://127.0.0.1"),
        ("REDIS_URL", "redis://[::1]:6379/0"),
        ("REDIS_URL", "unix:///run/valkey.sock?db=1"),
    ],
)
def test_addresses_are_taken_as_they_are_given(name, url):
    settings = read_settings({name: url})
    assert url in {settings.database_url, settings.redis_url}


def test_production_does_not_start_without_a_secret():
    with pytest.raises(InvalidInput, match=r"JWT_SECRET is missing.*token_urlsafe"):
        read_settings({"CONDUCTOR_ENV": "Production"})


@pytest.mark.parametrize("value", ["s" * (LEAST_SECRET_BYTES - 1), f"{SECRET},short"])
def test_a_short_secret_is_refused_without_repeating_it(value):
    message = refusal("JWT_SECRET", value)
    assert "token_urlsafe" in message
    assert value[-5:] not in message


def test_secrets_that_are_read_are_good_enough_to_sign_with():
    settings = read_settings(EVERYTHING | {"JWT_SECRET": "s" * LEAST_SECRET_BYTES})
    Access(settings.jwt_secrets, lambda: 0.0)
    headers = {"webhook-id": "m", "webhook-timestamp": "0", "webhook-signature": "v1,"}
    with pytest.raises(Unauthenticated):
        verify_webhook(settings.webhook_secrets, headers, b"", 0.0)


@pytest.mark.parametrize("value", ["hunter2!", "whsec_", "a2V5", "a2V5" * 40, f"{HOOK},hunter2"])
def test_a_webhook_secret_that_is_none_is_refused_without_repeating_it(value):
    message = refusal("CONDUCTOR_WEBHOOK_SECRETS", value)
    assert "base64 of 24 to 64 bytes; make one with" in message
    assert "hunter2" not in message


def test_no_page_of_just_any_origin_may_ask():
    assert "name each origin" in refusal("CORS_ORIGINS", "https://app.example.org,*")


@pytest.mark.parametrize(
    "origin", ["app.example.org", "https://a.example/page", "ftp://a.example", "https://", "null", "https://a:b"]
)
def test_what_is_no_origin_is_refused(origin):
    assert origin.rstrip("/") in refusal("CORS_ORIGINS", origin)


@pytest.mark.parametrize(
    "url", ["example.org", "ftp://example.org", "https://", "https://a.example/?x=1", "https://a.example/#x"]
)
def test_what_people_cannot_open_is_no_public_address(url):
    assert "https://conductor.example.org" in refusal("CONDUCTOR_PUBLIC_URL", url)


def test_an_unknown_environment_is_refused_with_the_ones_there_are():
    assert refusal("CONDUCTOR_ENV", "staging") == "CONDUCTOR_ENV is 'staging'; it may be development or production"


def test_what_is_kept_here_stands_where_such_things_stand():
    assert read_settings({}).home == Path.home() / ".local" / "share" / "conductor"
    assert read_settings({"XDG_DATA_HOME": "/data"}).home == Path("/data/conductor")
    assert read_settings({"XDG_DATA_HOME": "data"}).home == Settings().home
    assert read_settings({"XDG_DATA_HOME": "/data", "CONDUCTOR_HOME": "~/c"}).home == Path.home() / "c"


def test_a_home_of_nobody_is_refused():
    assert "no such user" in refusal("CONDUCTOR_HOME", "~nobody-here/c")


def test_what_is_secret_is_not_shown():
    shown = repr(READ)
    assert [secret for secret in ("hunter2", SECRET, "t" * 40, "p" * 40, "a2V5") if secret in shown] == []


def test_the_page_has_every_variable_in_order_and_no_other():
    rows = re.findall(r"^\| `([A-Z_]+)` \|", CONFIGURATION.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == sorted(EVERYTHING)


def test_each_field_names_its_variable():
    for settings in (Settings, Operation):
        documented = re.findall(r"^        (\w+): ", settings.__doc__ or "", re.MULTILINE)
        assert documented == [field.name for field in dataclasses.fields(settings)]
    assert sorted(variables(Settings()) | variables(Operation())) == sorted(EVERYTHING)


def test_the_page_and_the_reader_agree_on_the_defaults():
    page = dict(re.findall(r"^\| `([A-Z_]+)` \| (.+?) \|", CONFIGURATION.read_text(encoding="utf-8"), re.MULTILINE))
    assert page == variables(Settings()) | variables(Operation())


def variables(settings):
    """Each variable with its default as the page writes it."""
    named = re.findall(r"^ +(\w+): `([A-Z_]+)`:", settings.__doc__ or "", re.MULTILINE)
    return {variable: written(getattr(settings, field)) for field, variable in named}


def written(value):
    """A default as the page writes it."""
    if isinstance(value, Path):
        return f"`~/{value.relative_to(Path.home()).as_posix()}`"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, dict):
        return "list prices"
    return value.lower() if isinstance(value, Environment) else "empty" if value in {"", (), None} else str(value)
