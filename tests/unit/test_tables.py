"""The tables, the shapes of events and the events themselves agree."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields
from enum import StrEnum
from hashlib import sha256
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from sqlalchemy import JSON, BigInteger, Boolean, Double, Index, Table, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from conductor.adapters.database import insert_into
from conductor.adapters.moments import EpochSeconds
from conductor.adapters.rows import FORMS, LEARNED_KEYS, SHAPES, Form, Shape
from conductor.adapters.tables import (
    EVENT_TABLES,
    INDEXES,
    LEARNED_TABLES,
    METADATA,
    SCHEMA_VERSION,
)
from conductor.domain.events import Event

SCHEMA_DIGESTS = {
    1: "860594dc022efb22",
    2: "b6cb5f7ad76979a8",
    3: "c4898a6a1b0a66c9",
    4: "d511a1f0ebb499d4",
    5: "a6ffb825f0113b88",
    6: "a7b271e5d76feacc",
    7: "06ffc6e5e9063ee1",
    8: "538f70e743c826f2",
}
"""The columns of each schema version. Once a version is released, changed tables are a new version."""

forms = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.table)
shapes = pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.table)
dialects = pytest.mark.parametrize("dialect", [postgresql.dialect(), sqlite.dialect()], ids=lambda each: each.name)


def test_every_kind_of_event_has_its_table():
    assert {shape.event for shape in SHAPES} == set(get_args(Event))
    assert len({shape.table for shape in SHAPES}) == len(SHAPES)


def column_type(hint: Any) -> type:
    """The type of column that holds every value of a type hint."""
    if get_origin(hint) in {Union, UnionType}:
        present = [part for part in get_args(hint) if part is not type(None)]
        return column_type(present[0]) if len(present) == 1 else JSON
    scalars: dict[Any, type] = {float: Double, int: BigInteger, bool: Boolean, str: Text}
    if hint in scalars:
        return scalars[hint]
    return Text if isinstance(hint, type) and issubclass(hint, StrEnum) else JSON


@shapes
def test_every_field_has_a_column_that_can_hold_it_and_there_are_no_others(shape: Shape):
    hints = get_type_hints(shape.record)
    expected = {shape.column(part.name): column_type(hints[part.name]) for part in fields(shape.record)}
    actual = {column.name: type(column.type) for column in EVENT_TABLES[shape.table].columns}
    if shape.table == "engagement_metrics":
        expected["time"] = EpochSeconds
    assert actual == expected


@shapes
def test_only_what_may_be_none_may_be_null(shape: Shape):
    hints = get_type_hints(shape.record)
    optional = {shape.column(name) for name, hint in hints.items() if type(None) in get_args(hint)}
    assert {column.name for column in EVENT_TABLES[shape.table].columns if column.nullable} == optional


@shapes
def test_rows_are_told_apart_by_what_the_event_speaks_of(shape: Shape):
    assert tuple(EVENT_TABLES[shape.table].primary_key.columns.keys()) == shape.key
    assert shape.key[0] == "session_id", "history asks by session"


@forms
def test_what_organisers_decide_has_its_columns_and_key(form: Form[Any]):
    hints = get_type_hints(form.record)
    expected = {form.column(name): (column_type(hint), type(None) in get_args(hint)) for name, hint in hints.items()}
    table = METADATA.tables[form.table]
    actual = {column.name: (type(column.type), column.nullable) for column in table.columns if column.name != "taken"}
    assert actual == expected
    assert set(table.primary_key.columns.keys()) == set(form.key)


@dialects
@pytest.mark.parametrize("index", INDEXES, ids=lambda index: index.name)
def test_both_databases_can_make_the_indexes(dialect, index: Index):
    made = str(CreateIndex(index, if_not_exists=True).compile(dialect=dialect))
    assert made.startswith(f"CREATE INDEX IF NOT EXISTS {index.name} ON ")


def test_every_index_has_a_name_of_its_own():
    assert len({index.name for index in INDEXES}) == len(INDEXES)


def test_what_was_learned_is_told_apart_by_its_context_and_arm_or_kind_of_session():
    for name, table in LEARNED_TABLES.items():
        assert tuple(table.primary_key.columns.keys()) == LEARNED_KEYS[name]


@dialects
@pytest.mark.parametrize("table", METADATA.sorted_tables, ids=lambda table: table.name)
def test_both_databases_can_make_the_tables(dialect, table: Table):
    assert str(CreateTable(table).compile(dialect=dialect)).count("NOT NULL") >= 2


def test_a_hypertable_could_be_cut_along_the_time_of_metrics():
    metrics = METADATA.tables["engagement_metrics"]
    assert "time TIMESTAMP WITH TIME ZONE" in str(CreateTable(metrics).compile(dialect=postgresql.dialect()))
    assert "time" in metrics.primary_key.columns, "TimescaleDB wants the time in every unique key"


def test_a_moment_on_postgresql_is_right_to_the_microsecond():
    dialect = postgresql.dialect()
    there = EpochSeconds().process_bind_param(1_700_000_000.123456, dialect)
    assert str(there) == "2023-11-14 22:13:20.123456+00:00"
    assert EpochSeconds().process_result_value(there, dialect) == 1_700_000_000.123456


@dialects
def test_a_row_that_is_there_already_stays_as_it_is(dialect):
    insert = insert_into(dialect.name)(EVENT_TABLES["decisions"]).on_conflict_do_nothing()
    assert str(insert.compile(dialect=dialect)).endswith("ON CONFLICT DO NOTHING")


def test_changed_tables_need_a_new_schema_version():
    said = [
        f"{table.name}.{column.name} {type(column.type).__name__} {column.nullable} {column.primary_key}"
        for table in METADATA.sorted_tables
        for column in table.columns
    ] + [f"{index.name} {index.columns.keys()}" for index in INDEXES]
    digest = sha256("\n".join(said).encode()).hexdigest()[:16]
    assert SCHEMA_DIGESTS[SCHEMA_VERSION] == digest, "the tables changed: released stores would not fit them"


def test_the_fakes_do_without_a_database_library():
    program = "import sys, conductor.testing; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
