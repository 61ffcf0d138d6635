"""What may not be written: switched-off checkers, catch-alls, clocks and dice, vague names."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Mapping

from tests.house.imports import origin
from tests.house.sources import Source

EXEMPTION = re.compile(r"#\s*(noqa|type:\s*ignore|(mypy|ruff|flake8|pyright):)", re.IGNORECASE)
VAGUE = re.compile(r"(manager|engine|helpers?|utils?|common|misc)$", re.IGNORECASE)


def exemptions(sources: Iterable[Source]) -> list[str]:
    """Comments that switch a checker off."""
    return [
        f"{src.module}:{token.start[0]}: {token.string}"
        for src in sources
        for token in tokenize.generate_tokens(io.StringIO(src.text).readline)
        if token.type == tokenize.COMMENT and EXEMPTION.search(token.string)
    ]


def broad_excepts(sources: Iterable[Source], allowed: Mapping[str, str]) -> list[str]:
    """Handlers and `suppress` that catch everything, outside the modules that may."""
    return [
        f"{src.module}:{line}: catches everything"
        for src in sources
        if src.module not in allowed
        for line in _catch_alls(src.tree)
    ]


def _catch_alls(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        match node:
            case ast.ExceptHandler(type=None):
                yield node.lineno
            case ast.ExceptHandler(type=ast.expr() as caught) if _is_everything(caught):
                yield node.lineno
            case ast.Call(func=func, args=args) if ast.unparse(func).split(".")[-1] == "suppress":
                yield from (node.lineno for arg in args if _is_everything(arg))


def _is_everything(caught: ast.expr) -> bool:
    each = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(ast.unparse(one).split(".")[-1] in {"Exception", "BaseException"} for one in each)


def uses(sources: Iterable[Source], pattern: re.Pattern[str]) -> list[str]:
    """Where a name is used that matches in full.

    Names are written out whatever they were imported as, so `np.random.rand(3)` is `numpy.random.rand(…)`.
    A call without arguments ends in `()`, one with arguments in `(…)`, a mere mention in nothing.
    """
    return [
        f"{src.module}:{line}: {name}" for src in sources for name, line in _full_names(src) if pattern.fullmatch(name)
    ]


def _full_names(src: Source) -> Iterator[tuple[str, int]]:
    imported = _imported(src)
    calls = {id(node.func): node for node in ast.walk(src.tree) if isinstance(node, ast.Call)}
    for node in ast.walk(src.tree):
        if isinstance(node, ast.Name | ast.Attribute):
            first, dot, rest = ast.unparse(node).partition(".")
            call = calls.get(id(node))
            suffix = "" if call is None else "(…)" if call.args or call.keywords else "()"
            if not dot or first in imported:
                yield imported.get(first, first) + dot + rest + suffix, node.lineno


def _imported(src: Source) -> dict[str, str]:
    """Local name and full name of everything that the file imports."""
    known: dict[str, str] = {}
    for node in ast.walk(src.tree):
        if isinstance(node, ast.Import):
            roots = [alias.name.split(".")[0] for alias in node.names if not alias.asname]
            known.update(zip(roots, roots, strict=True))
            known.update({alias.asname: alias.name for alias in node.names if alias.asname})
        elif isinstance(node, ast.ImportFrom):
            base = origin(src, node)
            known.update({alias.asname or alias.name: f"{base}.{alias.name}" for alias in node.names})
    return known


def waiting(sources: Iterable[Source]) -> list[str]:
    """Functions that are async, and so could wait for the world."""
    return [
        f"{src.module}:{function.lineno}: async {function.name}"
        for src in sources
        for function in src.functions
        if isinstance(function, ast.AsyncFunctionDef)
    ]


def loose_dataclasses(sources: Iterable[Source]) -> list[str]:
    """Dataclasses that are not both frozen and slotted."""
    return [
        f"{src.module}:{each.lineno}: {each.name}"
        for src in sources
        for each in src.classes
        for decorator in map(ast.unparse, each.decorator_list)
        if "dataclass" in decorator and not ("frozen=True" in decorator and "slots=True" in decorator)
    ]


def vague_names(sources: Iterable[Source]) -> list[str]:
    """Modules and classes whose names hold no idea."""
    names = [(src, name) for src in sources for name in (src.module, *(each.name for each in src.classes))]
    return [f"{src.module}: {name}" for src, name in names if VAGUE.search(name)]


def undocumented(sources: Iterable[Source]) -> list[str]:
    """Modules, packages, public classes and public functions of the top level without a docstring."""
    return [
        f"{src.module}: {getattr(node, 'name', 'the file')}"
        for src in sources
        for node in (src.tree, *src.tree.body)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        if not getattr(node, "name", "").startswith("_") and ast.get_docstring(node) is None
    ]


def short_test_names(sources: Iterable[Source], words: int) -> list[str]:
    """Tests whose names are too short to be a sentence."""
    return [
        f"{src.module}:{each.lineno}: {each.name}"
        for src in sources
        for each in src.functions
        if each.name.startswith("test_") and len(each.name.removeprefix("test_").split("_")) < words
    ]
