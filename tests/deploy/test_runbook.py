"""Whoever follows an alert finds what to do."""

import re

import pytest
from tests.needed import ROOT

RULES = (ROOT / "deploy" / "prometheus" / "rules.yml").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### (Conductor\w+)\n\n(.+?)(?=\n#|\Z)", PAGE, re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("alert", re.findall(r"- alert: (\w+)", RULES))
def test_every_alert_has_a_section_that_says_what_to_do(alert):
    assert f"runbook_url: docs/operations.md#{alert.lower()}\n" in RULES
    assert len(SECTIONS[alert].split()) > 15


def test_no_section_is_about_an_alert_that_is_gone():
    assert set(SECTIONS) == set(re.findall(r"- alert: (\w+)", RULES))


def test_every_file_of_deploy_that_is_named_is_there():
    named = set(re.findall(r"`?(deploy/[\w./-]+\w)", PAGE))
    made_there = {"deploy/.env", "deploy/secrets", "deploy/secrets/grafana_password"}
    assert len(named) > 5
    assert [path for path in sorted(named - made_there) if not (ROOT / path).exists()] == []
