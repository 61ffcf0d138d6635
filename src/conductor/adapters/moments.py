"""Moments of rows that TimescaleDB sums."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import TIMESTAMP, Dialect, Double, TypeDecorator
from sqlalchemy.types import TypeEngine


class EpochSeconds(TypeDecorator[float]):
    """Epoch seconds in the program: `timestamptz` on PostgreSQL, double precision elsewhere."""

    impl = Double
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type that the database knows."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(Double())

    def process_bind_param(self, value: float | None, dialect: Dialect) -> float | datetime | None:
        """To the database; rounded to a microsecond on PostgreSQL."""
        if value is None or dialect.name != "postgresql":
            return value
        return datetime.fromtimestamp(value, UTC)

    def process_result_value(self, value: float | datetime | None, dialect: Dialect) -> float | None:
        """From the database."""
        if dialect.name == "postgresql" and isinstance(value, datetime):
            return value.timestamp()
        return value if isinstance(value, float) else None
