"""What an operator can set, read from the environment once and sliced at the root."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from conductor.domain.interventions import DEFAULT_LABEL, Mode
from conductor.domain.wording import Price
from conductor.errors import InvalidInput
from conductor.settings.files import with_files
from conductor.settings.models import HAIKU, LIST_PRICES, SONNET, read_prices
from conductor.settings.operation import Operation, read_operation
from conductor.settings.values import WEB, address, flag, listed, number, parts_of, secret, share, whole

DATABASES = ("sqlite", "sqlite+aiosqlite", "postgresql", "postgresql+asyncpg", "postgres")
REDIS = ("redis", "rediss", "unix")

LEAST_SECRET_BYTES = 32
"""As long as the hash that signs tokens (RFC 7518, 3.2)."""

WEBHOOK_SECRET_BYTES = (24, 64)
"""What Standard Webhooks asks of a secret."""

MOST_USD = 1e6
"""More than that nobody means to spend on words: a limit that high was set by mistake."""

LATEST_S = 1e10
"""The year 2286: a clock that begins to run fast later than that was set by mistake."""


class Environment(StrEnum):
    """Where this runs. In production nothing that has to be secret is made up."""

    DEVELOPMENT = "DEVELOPMENT"
    PRODUCTION = "PRODUCTION"


def _home() -> Path:
    return Path.home() / ".local" / "share" / "conductor"


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings with their defaults. What may hold a password or a secret is not shown by `repr`.

    Attributes:
        engagement_threshold: `ENGAGEMENT_THRESHOLD`: a warning leads to a decision under this score, in (0, 1).
        warning_threshold: `ANOMALY_WARNING_THRESHOLD`: evidence from which an anomaly is a WARNING, in (0, 1).
        critical_threshold: `ANOMALY_CRITICAL_THRESHOLD`: evidence from which it is CRITICAL, in (0, 1).
        label: `CONDUCTOR_LABEL`: under which everything is shown that the agent posts.
        interruption_cost: `INTERRUPTION_COST`: what an interruption costs, as a chance of success in (0, 1).
        environment: `CONDUCTOR_ENV`: development or production.
        home: `CONDUCTOR_HOME`: folder of what is kept on this machine; absolute.
        database_url: `DATABASE_URL`: SQLite or PostgreSQL; empty for a SQLite file in `home`.
        redis_url: `REDIS_URL`: Redis or Valkey; empty to keep everything in this process.
        jwt_secrets: `JWT_SECRET`: the first signs tokens, all are read; empty to make one and keep it in `home`.
        jwt_previous: `JWT_SECRET_PREVIOUS`: read too, and sign nothing, until tokens of theirs have run out.
        webhook_secrets: `CONDUCTOR_WEBHOOK_SECRETS`: any of them may sign signals; empty to accept tokens only.
        cors_origins: `CORS_ORIGINS`: pages of other origins that may ask; empty for none.
        public_url: `CONDUCTOR_PUBLIC_URL`: where people reach this, for links; empty for where it listens.
        allowed_hosts: `CONDUCTOR_ALLOWED_HOSTS`: without it, names under which people may ask for links.
        max_requests_per_minute: `MAX_REQUESTS_PER_MINUTE`: of one client to one route, 1 or more.
        max_body_bytes: `CONDUCTOR_MAX_BODY_BYTES`: of one request, 1 KiB or more.
        max_batch: `CONDUCTOR_MAX_BATCH`: signals in one request, 1 or more.
        max_connections: `CONDUCTOR_MAX_CONNECTIONS`: of one person to the rooms at once, 1 to 1000.
        chat_flush_s: `CONDUCTOR_CHAT_FLUSH_S`: seconds for which chat is gathered before a room gets it, 0 to 5.
        reaction_tick_s: `CONDUCTOR_REACTION_TICK_S`: seconds between counts of reactions, 0.1 to 10.
        clock_speed: `CONDUCTOR_CLOCK_SPEED`: seconds that pass in a real one, for demonstrations and tests, 1 to 100.
        clock_since: `CONDUCTOR_CLOCK_SINCE`: from when on, in epoch seconds; the same for all processes.
        anthropic_api_key: `ANTHROPIC_API_KEY`: for Claude; empty to ask none.
        anthropic_base_url: `ANTHROPIC_BASE_URL`: who speaks the Messages API; empty for Anthropic.
        openai_api_key: `OPENAI_API_KEY`: for the endpoint below.
        openai_base_url: `OPENAI_BASE_URL`: who speaks OpenAI's chat completions; empty for OpenAI.
        sonnet_model: `CONDUCTOR_MODEL_SONNET`: id of the model that is asked first.
        haiku_model: `CONDUCTOR_MODEL_HAIKU`: id of the model that is asked next.
        openai_model: `CONDUCTOR_MODEL_OPENAI`: id of the model at OpenAI's or another endpoint; empty to ask none.
        model_prices: `CONDUCTOR_MODEL_PRICES`: by id of the model; it adds to the list prices.
        model_deadline_s: `CONDUCTOR_MODEL_DEADLINE_S`: seconds that all models together have, 0.1 to 60.
        max_llm_usd_per_hour: `MAX_LLM_COST_PER_HOUR`: what models may cost in an hour, in US dollars.
        max_llm_usd_per_day: `MAX_LLM_COST_PER_DAY`: what they may cost in a day.
        is_traced: `CONDUCTOR_OTEL`: whether an OpenTelemetry collector is told of questions to models.
        otlp_endpoint: `OTEL_EXPORTER_OTLP_ENDPOINT`: where it listens; empty for the usual place.
        operation: Logs, alerts, the summary of the day.
    """

    engagement_threshold: float = 0.5
    warning_threshold: float = 0.6
    critical_threshold: float = 0.8
    label: str = DEFAULT_LABEL
    interruption_cost: float = 0.03
    environment: Environment = Environment.DEVELOPMENT
    home: Path = field(default_factory=_home)
    database_url: str = field(default="", repr=False)
    redis_url: str = field(default="", repr=False)
    jwt_secrets: tuple[str, ...] = field(default=(), repr=False)
    jwt_previous: tuple[str, ...] = field(default=(), repr=False)
    webhook_secrets: tuple[str, ...] = field(default=(), repr=False)
    cors_origins: tuple[str, ...] = ()
    public_url: str = ""
    allowed_hosts: tuple[str, ...] = ()
    max_requests_per_minute: int = 60
    max_body_bytes: int = 1_048_576
    max_batch: int = 1000
    max_connections: int = 10
    chat_flush_s: float = 0.25
    reaction_tick_s: float = 1.0
    clock_speed: float = 1.0
    clock_since: float = 0.0
    anthropic_api_key: str = field(default="", repr=False)
    anthropic_base_url: str = field(default="", repr=False)
    openai_api_key: str = field(default="", repr=False)
    openai_base_url: str = field(default="", repr=False)
    sonnet_model: str = SONNET
    haiku_model: str = HAIKU
    openai_model: str = ""
    model_prices: Mapping[str, Price] = field(default_factory=lambda: LIST_PRICES)
    model_deadline_s: float = 4.0
    max_llm_usd_per_hour: float = 20.0
    max_llm_usd_per_day: float = 100.0
    is_traced: bool = False
    otlp_endpoint: str = field(default="", repr=False)
    operation: Operation = field(default_factory=Operation)


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read the settings; what isn't set, or set to nothing, keeps its default.

    Raises:
        InvalidInput: A value does not fit; the message names the variable and what it may be.
    """
    default = Settings()
    given = with_files({name: value.strip() for name, value in environment.items() if value.strip()})
    warning = share(given, "ANOMALY_WARNING_THRESHOLD", default.warning_threshold)
    critical = share(given, "ANOMALY_CRITICAL_THRESHOLD", default.critical_threshold)
    if critical < warning:
        raise InvalidInput(
            f"ANOMALY_CRITICAL_THRESHOLD ({critical}) lies below ANOMALY_WARNING_THRESHOLD ({warning}); "
            "raise the first or lower the second"
        )
    return Settings(
        engagement_threshold=share(given, "ENGAGEMENT_THRESHOLD", default.engagement_threshold),
        interruption_cost=share(given, "INTERRUPTION_COST", default.interruption_cost),
        warning_threshold=warning,
        critical_threshold=critical,
        label=environment.get("CONDUCTOR_LABEL") or default.label,
        environment=(where := _environment(given)),
        home=_folder(given, default.home),
        database_url=address(given, "DATABASE_URL", DATABASES),
        redis_url=address(given, "REDIS_URL", REDIS),
        jwt_secrets=_jwt_secrets(given, where),
        jwt_previous=_long_enough(listed(given, "JWT_SECRET_PREVIOUS"), "JWT_SECRET_PREVIOUS"),
        webhook_secrets=_webhook_secrets(given),
        cors_origins=_origins(given),
        public_url=_public_url(given),
        allowed_hosts=tuple(host.lower() for host in listed(given, "CONDUCTOR_ALLOWED_HOSTS")),
        max_requests_per_minute=whole(given, "MAX_REQUESTS_PER_MINUTE", default.max_requests_per_minute, 1, 1_000_000),
        max_body_bytes=whole(given, "CONDUCTOR_MAX_BODY_BYTES", default.max_body_bytes, 1024, 104_857_600),
        max_batch=whole(given, "CONDUCTOR_MAX_BATCH", default.max_batch, 1, 100_000),
        max_connections=whole(given, "CONDUCTOR_MAX_CONNECTIONS", default.max_connections, 1, 1000),
        chat_flush_s=number(given, "CONDUCTOR_CHAT_FLUSH_S", default.chat_flush_s, 0.0, 5.0),
        reaction_tick_s=number(given, "CONDUCTOR_REACTION_TICK_S", default.reaction_tick_s, 0.1, 10.0),
        clock_speed=number(given, "CONDUCTOR_CLOCK_SPEED", default.clock_speed, 1.0, 100.0),
        clock_since=number(given, "CONDUCTOR_CLOCK_SINCE", default.clock_since, 0.0, LATEST_S),
        anthropic_api_key=secret(given, "ANTHROPIC_API_KEY"),
        anthropic_base_url=address(given, "ANTHROPIC_BASE_URL", WEB),
        openai_api_key=secret(given, "OPENAI_API_KEY"),
        openai_base_url=address(given, "OPENAI_BASE_URL", WEB),
        sonnet_model=given.get("CONDUCTOR_MODEL_SONNET", default.sonnet_model),
        haiku_model=given.get("CONDUCTOR_MODEL_HAIKU", default.haiku_model),
        openai_model=given.get("CONDUCTOR_MODEL_OPENAI", default.openai_model),
        model_prices=read_prices(given.get("CONDUCTOR_MODEL_PRICES", "")),
        model_deadline_s=number(given, "CONDUCTOR_MODEL_DEADLINE_S", default.model_deadline_s, 0.1, 60.0),
        max_llm_usd_per_hour=number(given, "MAX_LLM_COST_PER_HOUR", default.max_llm_usd_per_hour, 0.0, MOST_USD),
        max_llm_usd_per_day=number(given, "MAX_LLM_COST_PER_DAY", default.max_llm_usd_per_day, 0.0, MOST_USD),
        is_traced=flag(given, "CONDUCTOR_OTEL", bool(given.get("OTEL_EXPORTER_OTLP_ENDPOINT"))),
        otlp_endpoint=address(given, "OTEL_EXPORTER_OTLP_ENDPOINT", WEB),
        operation=read_operation(given, is_production=where is Environment.PRODUCTION),
    )


def read_mode(value: str, name: str) -> Mode:
    """A mode by its name, in any case.

    Raises:
        InvalidInput: There is no such mode.
    """
    try:
        return Mode(value.upper().replace("-", "_"))
    except ValueError:
        raise InvalidInput(f"{name} is {value!r}; it may be {', '.join(Mode)}") from None


def _environment(given: Mapping[str, str]) -> Environment:
    value = given.get("CONDUCTOR_ENV", Environment.DEVELOPMENT)
    try:
        return Environment(value.upper())
    except ValueError:
        raise InvalidInput(f"CONDUCTOR_ENV is {value!r}; it may be development or production") from None


def _folder(given: Mapping[str, str], default: Path) -> Path:
    if own := given.get("CONDUCTOR_HOME"):
        try:
            return Path(own).expanduser().absolute()
        except RuntimeError:
            raise InvalidInput(f"CONDUCTOR_HOME is {own!r}; there is no such user, so give the whole path") from None
    shared = Path(given.get("XDG_DATA_HOME", ""))
    # Relative ones are to be ignored, says the XDG Base Directory Specification.
    return shared / "conductor" if shared.is_absolute() else default


def _public_url(given: Mapping[str, str]) -> str:
    url = given.get("CONDUCTOR_PUBLIC_URL", "")
    parts = parts_of(url)
    if url and (parts is None or parts.scheme not in WEB or not parts.hostname or parts.query or parts.fragment):
        raise InvalidInput(f"CONDUCTOR_PUBLIC_URL is {url!r}; it has to look like https://conductor.example.org")
    return url.rstrip("/")


def _origins(given: Mapping[str, str]) -> tuple[str, ...]:
    origins = tuple(origin.rstrip("/") for origin in listed(given, "CORS_ORIGINS"))
    for origin in origins:
        if origin == "*":
            raise InvalidInput("CORS_ORIGINS is '*'; browsers send nobody's credentials there, so name each origin")
        parts = parts_of(origin)
        if parts is None or parts.scheme not in WEB or origin != f"{parts.scheme}://{parts.netloc}":
            raise InvalidInput(f"CORS_ORIGINS holds {origin!r}; an origin looks like https://app.example.org:8443")
    return origins


def _jwt_secrets(given: Mapping[str, str], where: Environment) -> tuple[str, ...]:
    secrets = listed(given, "JWT_SECRET")
    if not secrets and where is Environment.PRODUCTION:
        raise InvalidInput(f"JWT_SECRET is missing, and in production it is not made up; {_how_to_make(48)}")
    return _long_enough(secrets, "JWT_SECRET")


def _long_enough(secrets: tuple[str, ...], name: str) -> tuple[str, ...]:
    if any(len(secret.encode(errors="surrogateescape")) < LEAST_SECRET_BYTES for secret in secrets):
        raise InvalidInput(f"{name} holds less than {LEAST_SECRET_BYTES} bytes; {_how_to_make(48)}")
    return secrets


def _webhook_secrets(given: Mapping[str, str]) -> tuple[str, ...]:
    secrets = listed(given, "CONDUCTOR_WEBHOOK_SECRETS")
    least, most = WEBHOOK_SECRET_BYTES
    if not all(least <= _decoded_length(secret.removeprefix("whsec_")) <= most for secret in secrets):
        raise InvalidInput(
            f"CONDUCTOR_WEBHOOK_SECRETS holds something else than base64 of {least} to {most} bytes; make one with: "
            "python -c 'import base64, secrets; print(\"whsec_\" + base64.b64encode(secrets.token_bytes(32)).decode())'"
        )
    return secrets


def _decoded_length(secret: str) -> int:
    """Bytes that a base64 text, padded or not, stands for; 0 if it is none."""
    try:
        return len(base64.b64decode(secret.rstrip("=") + "=" * (-len(secret.rstrip("=")) % 4), validate=True))
    except ValueError:
        return 0


def _how_to_make(size: int) -> str:
    return f"make one with: python -c 'import secrets; print(secrets.token_urlsafe({size}))'"
