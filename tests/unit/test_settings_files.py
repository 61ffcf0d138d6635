"""Secrets that lie in files are read as if they were set, and never repeated."""

import re
from pathlib import Path

import pytest

from conductor.errors import InvalidInput
from conductor.settings import read_settings
from conductor.settings.files import FROM_FILES, MOST_BYTES

CONFIGURATION = Path(__file__).parents[2] / "docs" / "configuration.md"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "secret"


def test_a_secret_is_read_from_its_file_without_what_is_around_it(path):
    path.write_text(f"  {'s' * 32}\n", encoding="utf-8")
    assert read_settings({"JWT_SECRET_FILE": str(path)}).jwt_secrets == ("s" * 32,)


def test_an_address_in_a_file_counts_where_the_variable_is_set_to_nothing(path):
    path.write_text("redis://:hunter2@bus:6379/0\n", encoding="utf-8")
    given = {"REDIS_URL": "", "REDIS_URL_FILE": str(path)}
    assert read_settings(given).redis_url == "redis://:hunter2@bus:6379/0"


def test_what_is_given_both_ways_is_refused(path):
    path.write_text("x", encoding="utf-8")
    with pytest.raises(InvalidInput, match="JWT_SECRET and JWT_SECRET_FILE are both set"):
        read_settings({"JWT_SECRET": "s" * 32, "JWT_SECRET_FILE": str(path)})


@pytest.mark.parametrize("held", [b"", b" \n", b"\xff\xfe hunter2", b"hunter2" * MOST_BYTES])
def test_a_file_that_holds_no_secret_is_refused_by_its_name_and_not_repeated(path, held):
    path.write_bytes(held)
    with pytest.raises(InvalidInput) as refused:
        read_settings({"DATABASE_URL_FILE": str(path)})
    assert str(path) in refused.value.message
    assert "hunter2" not in refused.value.message


def test_a_file_that_is_not_there_is_refused_by_its_name(path):
    with pytest.raises(InvalidInput, match=r"REDIS_URL_FILE: .* cannot be read"):
        read_settings({"REDIS_URL_FILE": str(path)})


def test_the_page_names_every_variable_that_may_lie_in_a_file():
    text = CONFIGURATION.read_text(encoding="utf-8")
    section = text.partition("## Secrets in files\n")[2].partition("\n## ")[0]
    assert set(re.findall(r"`([A-Z_]+)`", section)) == set(FROM_FILES)
