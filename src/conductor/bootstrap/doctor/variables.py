"""What is set: names that nobody reads, settings that contradict each other, defaults that are not for production."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from urllib.parse import urlsplit

from conductor.bootstrap.doctor.finding import Finding, fail, ok, warn
from conductor.bootstrap.models import prices_of
from conductor.errors import InvalidInput
from conductor.settings import Environment, Settings
from conductor.settings.files import FROM_FILES

KNOWN = frozenset(
    f"CONDUCTOR_{name}"
    for name in (
        "ALERTS_PRIVATE", "ALLOWED_HOSTS", "AUDIT_DAYS", "CHAT_FLUSH_S", "CLOCK_SINCE", "CLOCK_SPEED", "ENV",
        "HISTORY_DAYS", "HOME",
        "LABEL", "LOG_FORMAT", "LOG_LEVEL", "MAX_BATCH", "MAX_BODY_BYTES", "MAX_CONNECTIONS", "METRICS_DAYS",
        "MODEL_DEADLINE_S", "MODEL_HAIKU", "MODEL_OPENAI", "MODEL_PRICES", "MODEL_SONNET", "OTEL", "PRIOR",
        "PUBLIC_URL", "REACTION_TICK_S", "STREAM_DAYS", "SUMMARY_HOUR", "TIME_ZONE", "WEBHOOK_SECRETS",
    )
)  # fmt: skip
"""Every variable of ours by this beginning, as docs/configuration.md has them."""

NOT_OURS = frozenset({"CONDUCTOR_DOMAIN", "CONDUCTOR_IMAGE", "CONDUCTOR_SITE"})
"""What the files in deploy/ read themselves."""

GUESSED = frozenset({"", "changeme", "conductor", "password", "postgres", "secret"})
"""Passwords that everybody tries first."""

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

LEAST_LETTERS = 10
"""Different ones in a secret that chance made: 32 random letters of base64 have more than 20."""


def unknown(environment: Mapping[str, str]) -> Iterator[Finding]:
    """Names that begin like ours and are none."""
    files = {f"{name}_FILE" for name in FROM_FILES}
    for name in sorted(environment):
        if name.startswith("CONDUCTOR_") and name not in KNOWN | NOT_OURS | files:
            near = get_close_matches(name, KNOWN, 1)
            mend = f"write {near[0]}" if near else "take it away; docs/configuration.md has all that there are"
            yield warn("settings", f"{name} is set, and nobody reads it", mend)


def contradictions(environment: Mapping[str, str], settings: Settings) -> Iterator[Finding]:
    """Settings that have no effect, or stop something, as the others are."""
    about = "settings"
    if settings.openai_model and not (settings.openai_api_key or settings.openai_base_url):
        yield warn(about, "CONDUCTOR_MODEL_OPENAI is set, and nobody to ask", "set OPENAI_API_KEY or OPENAI_BASE_URL")
    if settings.openai_api_key and not settings.openai_model:
        yield warn(about, "OPENAI_API_KEY is set, and no model of theirs", "name one with CONDUCTOR_MODEL_OPENAI")
    if environment.get("CONDUCTOR_SUMMARY_HOUR") and not settings.operation.alert_urls:
        yield warn(about, "CONDUCTOR_SUMMARY_HOUR is set, and nobody gets a summary", "set ALERT_URLS, or unset it")
    if settings.operation.prior is not None and not settings.operation.prior.is_file():
        yield fail(
            about,
            f"CONDUCTOR_PRIOR: there is no file {settings.operation.prior}",
            "name one that is there, or unset it",
        )
    try:
        prices_of(settings)
    except InvalidInput as error:
        yield fail(about, error.message, "the agent does not start without")


def unsafe(settings: Settings) -> Iterator[Finding]:
    """What is fine on one's own machine, and not in production."""
    if settings.environment is not Environment.PRODUCTION:
        yield ok("settings", "development; nothing is asked of it that production needs (CONDUCTOR_ENV)")
        return
    about = "production"
    if settings.clock_speed != 1.0:
        yield fail(about, f"the clock runs {settings.clock_speed:g} times as fast", "unset CONDUCTOR_CLOCK_SPEED")
    if any(len(set(secret)) < LEAST_LETTERS for secret in settings.jwt_secrets):
        yield fail(
            about,
            "JWT_SECRET can be guessed",
            "make one with: python -c 'import secrets; print(secrets.token_urlsafe(48))'",
        )
    if not settings.database_url:
        yield warn(about, "everything is kept in a file of this machine", "set DATABASE_URL to a PostgreSQL server")
    if not settings.redis_url:
        yield warn(about, "rooms end with the process", "set REDIS_URL to a server that keeps its data")
    yield from _passwords(settings)
    yield from _open(settings)


def _passwords(settings: Settings) -> Iterator[Finding]:
    for name, url in (("DATABASE_URL", settings.database_url), ("REDIS_URL", settings.redis_url)):
        parts = urlsplit(url)
        if parts.hostname and parts.hostname not in LOOPBACK and (parts.password or "") in GUESSED:
            yield warn("production", f"{name} has no password, or one that is tried first", "give that server another")


def _open(settings: Settings) -> Iterator[Finding]:
    about = "production"
    if not settings.public_url:
        yield warn(about, "links lead to where this listens", "set CONDUCTOR_PUBLIC_URL to what people open")
    elif not settings.public_url.startswith("https://"):
        yield warn(about, "people are led to http://", "put a proxy with a certificate in front, as deploy/ does")
    if not settings.operation.alert_urls:
        yield warn(about, "nobody hears when something breaks", "set ALERT_URLS, or watch /metrics as deploy/ does")
    if settings.operation.log_level == "DEBUG":
        yield warn(about, "logs say more than anybody reads", "set CONDUCTOR_LOG_LEVEL to INFO")
