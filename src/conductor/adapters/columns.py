"""Columns as the tables have them now; those that migrations write stand beside the migrations, and never change."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, Double, Text


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
