"""Every variable about language models and about operation, and what it becomes."""

from pathlib import Path
from typing import Any

from conductor.domain.wording import Price
from conductor.settings.models import LIST_PRICES
from conductor.settings.operation import Operation, Written

MODELS = {
    "ANTHROPIC_API_KEY": "sk-ant-hunter2",
    "ANTHROPIC_BASE_URL": "https://gateway.example.org/anthropic",
    "OPENAI_API_KEY": "sk-hunter2",
    "OPENAI_BASE_URL": "http://127.0.0.1:11434/v1",
    "CONDUCTOR_MODEL_SONNET": "claude-sonnet-4-6",
    "CONDUCTOR_MODEL_HAIKU": "claude-haiku-4-5",
    "CONDUCTOR_MODEL_OPENAI": "llama",
    "CONDUCTOR_MODEL_PRICES": "claude-sonnet-4-6=3,15,0.3,3.75; llama=0,0,0,0;",
    "CONDUCTOR_MODEL_DEADLINE_S": "3",
    "MAX_LLM_COST_PER_HOUR": "0",
    "MAX_LLM_COST_PER_DAY": "12.5",
    "CONDUCTOR_OTEL": "1",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318",
}
MODELS_READ: dict[str, Any] = {
    "anthropic_api_key": "sk-ant-hunter2",
    "anthropic_base_url": "https://gateway.example.org/anthropic",
    "openai_api_key": "sk-hunter2",
    "openai_base_url": "http://127.0.0.1:11434/v1",
    "sonnet_model": "claude-sonnet-4-6",
    "haiku_model": "claude-haiku-4-5",
    "openai_model": "llama",
    "model_prices": {
        **LIST_PRICES,
        "claude-sonnet-4-6": Price(3.0, 15.0, 0.3, 3.75),
        "llama": Price(0.0, 0.0, 0.0, 0.0),
    },
    "model_deadline_s": 3.0,
    "max_llm_usd_per_hour": 0.0,
    "max_llm_usd_per_day": 12.5,
    "is_traced": True,
    "otlp_endpoint": "http://127.0.0.1:4318",
}
OPERATION = {
    "CONDUCTOR_LOG_FORMAT": "Console",
    "CONDUCTOR_LOG_LEVEL": "debug",
    "ALERT_URLS": "slack://a/b/hunter2, mailto://ana:hunter2@example.org?to=a@example.org,b@example.org",
    "CONDUCTOR_ALERTS_PRIVATE": "1",
    "CONDUCTOR_SUMMARY_HOUR": "7",
    "CONDUCTOR_TIME_ZONE": "Europe/Berlin",
    "CONDUCTOR_METRICS_DAYS": "0",
    "CONDUCTOR_HISTORY_DAYS": "400",
    "CONDUCTOR_AUDIT_DAYS": "800",
    "CONDUCTOR_STREAM_DAYS": "2",
    "CONDUCTOR_PRIOR": "/srv/learned.json",
}
OPERATION_READ = Operation(
    log_format=Written.CONSOLE,
    log_level="DEBUG",
    alert_urls=("slack://a/b/hunter2", "mailto://ana:hunter2@example.org?to=a@example.org,b@example.org"),
    may_alert_privately=True,
    summary_hour=7,
    time_zone="Europe/Berlin",
    metrics_days=0,
    history_days=400,
    audit_days=800,
    stream_days=2,
    prior=Path("/srv/learned.json"),
)
