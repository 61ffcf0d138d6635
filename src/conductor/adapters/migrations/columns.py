"""Columns as migrations write them. A kind of column here never changes: released migrations use it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, TIMESTAMP, BigInteger, Boolean, Column, Double, Text


def text(name: str, *, nullable: bool = False) -> Column[str]:
    """Text of any length."""
    return Column(name, Text, nullable=nullable)


def number(name: str, *, nullable: bool = False) -> Column[float]:
    """A number in double precision."""
    return Column(name, Double, nullable=nullable)


def count(name: str) -> Column[int]:
    """A whole number."""
    return Column(name, BigInteger, nullable=False)


def flag(name: str) -> Column[bool]:
    """Yes or no."""
    return Column(name, Boolean, nullable=False)


def nested(name: str, *, nullable: bool = False) -> Column[Any]:
    """JSON, kept as the text that it was written as."""
    return Column(name, JSON(none_as_null=True), nullable=nullable)


def moment(name: str) -> Column[Any]:
    """Epoch seconds in double precision; `timestamptz` on PostgreSQL."""
    return Column(name, Double().with_variant(TIMESTAMP(timezone=True), "postgresql"), nullable=False)


def happening(*columns: Column[Any]) -> tuple[Column[Any], ...]:
    """The columns of something that happened in a session, at a time."""
    return (text("session_id"), text("event_id"), number("time"), *columns)
