"""The dashboard of Grafana, as code: `python -m deploy.grafana.dashboard` writes `dashboards/conductor.json` anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from deploy.grafana.panels import ROWS, STATS, Panel

HERE = Path(__file__).parent / "dashboards" / "conductor.json"

SOURCE = {"type": "prometheus", "uid": "${source}"}
"""Chosen at the top of the dashboard, so that it fits wherever it is put."""

WIDTH, HEIGHT = 24, 7
"""Grafana's grid is 24 wide; a panel this high shows its legend."""


def dashboard() -> dict[str, Any]:
    """The dashboard as Grafana reads it."""
    panels = [_panel(each, 4 * n, 0, 4, 4) for n, each in enumerate(STATS)]
    y = 4
    for title, row in ROWS:
        panels.append(
            {"type": "row", "title": title, "collapsed": False, "gridPos": _place(0, y, WIDTH, 1), "panels": []}
        )
        y += 1
        for start in range(0, len(row), 3):
            three = row[start : start + 3]
            wide = WIDTH // len(three)
            panels += [_panel(each, wide * n, y, wide, HEIGHT) for n, each in enumerate(three)]
            y += HEIGHT
    for number, each in enumerate(panels, 1):
        each["id"] = number
    return {
        "uid": "conductor",
        "title": "Engagement Conductor",
        "tags": ["conductor"],
        "timezone": "browser",
        "schemaVersion": 39,
        "version": 1,
        "editable": True,
        "refresh": "15s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": [_source()]},
        "annotations": {"list": []},
        "panels": panels,
    }


def queries() -> list[str]:
    """Every query of the dashboard, with Grafana's own variables set to what they may be."""
    panels = [*STATS, *(panel for _, row in ROWS for panel in row)]
    found = [line.query for panel in panels for line in panel.lines]
    return [each.replace("$__rate_interval", "1m").replace("$__range", "6h") for each in found]


def written() -> str:
    """The dashboard as its file holds it."""
    return json.dumps(dashboard(), indent=2, ensure_ascii=False) + "\n"


def _source() -> dict[str, Any]:
    return {"name": "source", "label": "Prometheus", "type": "datasource", "query": "prometheus", "current": {}}


def _place(x: int, y: int, w: int, h: int) -> dict[str, int]:
    return {"x": x, "y": y, "w": w, "h": h}


def _panel(panel: Panel, x: int, y: int, w: int, h: int) -> dict[str, Any]:
    defaults: dict[str, Any] = {"unit": panel.unit, "min": 0}
    if panel.limit is not None:
        first, then = ("red", "green") if panel.below else ("green", "red")
        steps = [{"color": first, "value": None}, {"color": then, "value": panel.limit}]
        defaults["thresholds"] = {"mode": "absolute", "steps": steps}
        if panel.kind == "timeseries":
            defaults["custom"] = {"thresholdsStyle": {"mode": "dashed"}}
    targets = [
        {"refId": chr(ord("A") + n), "datasource": SOURCE, "expr": line.query, "legendFormat": line.name}
        for n, line in enumerate(panel.lines)
    ]
    return {
        "type": panel.kind,
        "title": panel.title,
        "description": panel.about,
        "datasource": SOURCE,
        "gridPos": _place(x, y, w, h),
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "targets": targets,
    }


if __name__ == "__main__":
    HERE.write_text(written(), encoding="utf-8")
