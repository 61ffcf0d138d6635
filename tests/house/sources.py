"""The files of the house, read as syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "conductor"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file: its dotted name, its text and its tree."""

    module: str
    text: str
    tree: ast.Module
    is_package: bool = False

    @property
    def room(self) -> str:
        return room_of(self.module)

    @property
    def functions(self) -> Iterator[Function]:
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    @property
    def classes(self) -> Iterator[ast.ClassDef]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef))


def room_of(module: str) -> str:
    """The part of the package that a module belongs to; empty for the package itself."""
    return module.split(".")[1] if "." in module else ""


def snippet(text: str, module: str = "conductor.perceive.snippet") -> list[Source]:
    """A piece of code as if it stood in the tree."""
    return [Source(module, text, ast.parse(text))]


def read(root: Path, base: Path) -> list[Source]:
    """All Python files below `root`, named as seen from `base`."""
    found = []
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(base).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        module = ".".join(parts[:-1] if is_package else parts)
        text = path.read_text(encoding="utf-8")
        found.append(Source(module, text, ast.parse(text, str(path)), is_package))
    return found
