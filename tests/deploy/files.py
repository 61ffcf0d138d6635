"""The files in deploy/, as their own tools read them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from tests.needed import REQUIRED, ROOT, program

DEPLOY = ROOT / "deploy"
SCHEMAS = ROOT / "build" / "tools" / "kubernetes"
DEFINITIONS = "https://kubernetes.io/api/_definitions.json"
BASE, PRODUCTION = "compose.yaml", "compose.production.yaml"
DOMAIN = "conductor.example.org"


def ran(name: str, *words: str, cwd: Path = ROOT, environment: Mapping[str, str] | None = None) -> tuple[int, str, str]:
    """What became of a program."""
    env = {"PATH": os.environ["PATH"], "HOME": str(cwd), **(environment or {})}
    done = subprocess.run([program(name), *words], cwd=cwd, env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def copied(target: Path) -> Path:
    """The folder elsewhere, with secrets of its own."""
    folder = target / "deploy"
    shutil.copytree(DEPLOY, folder, ignore=shutil.ignore_patterns("secrets", ".env", "__pycache__"))
    subprocess.run(["sh", str(folder / "secrets.sh")], check=True, capture_output=True)
    return folder


def composed(folder: Path, *names: str) -> dict[str, Any]:
    """What Compose makes of these files."""
    files = [word for name in names for word in ("--file", name)]
    code, out, said = ran(
        "docker-compose", *files, "config", "--format", "json", cwd=folder, environment={"CONDUCTOR_DOMAIN": DOMAIN}
    )
    assert code == 0, said
    configuration: dict[str, Any] = json.loads(out)
    return configuration


def manifests() -> list[dict[str, Any]]:
    """What kubectl would send to Kubernetes."""
    if shutil.which("kubectl") is None:
        pytest.skip("there is no kubectl here, which puts the manifests together")
    code, out, said = ran("kubectl", "kustomize", str(DEPLOY / "kubernetes"))
    assert code == 0, said
    return list(yaml.safe_load_all(out))


def misfits(manifest: Mapping[str, Any]) -> list[str]:
    """Where a manifest is not as Kubernetes wants it."""
    if not SCHEMAS.is_dir():
        (pytest.fail if REQUIRED else pytest.skip)("there are no schemas of Kubernetes here; `make test` gets them")
    group, _, version = manifest["apiVersion"].rpartition("/")
    name = "-".join(part for part in (manifest["kind"].lower(), group.partition(".")[0], version) if part)
    definitions = json.loads((SCHEMAS / "_definitions.json").read_text(encoding="utf-8"))
    registry = jsonschema_rs.Registry([(DEFINITIONS, definitions)])
    schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    return [each.message for each in jsonschema_rs.validator_for(schema, registry=registry).iter_errors(manifest)]
