"""What operators are told of how it goes: spans of questions to models, metrics, logs; nothing of what was said."""

from conductor.telemetry.tracing import TracedModel, open_tracing

__all__ = ["TracedModel", "open_tracing"]
