#!/usr/bin/env python3
"""Writes `web/openapi.json`, from which the web app's client is generated: `.venv/bin/python docs/openapi.py`."""

from __future__ import annotations

import json
from pathlib import Path

from conductor.service.app import description

PATH = Path(__file__).parents[1] / "web" / "openapi.json"


def text() -> str:
    """The description as it is kept: one line for each thing, so that changes can be read."""
    return json.dumps(description(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
