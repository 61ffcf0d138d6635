"""How long files and functions are, and how wide protocols."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from statistics import median

from tests.house.sources import Function, Source


def long_files(sources: Iterable[Source], limit: int) -> list[str]:
    """Files of `limit` lines or more."""
    return [f"{src.module}: {n} lines" for src in sources if (n := len(src.text.splitlines())) >= limit]


def long_functions(sources: Iterable[Source], limit: int) -> list[str]:
    """Functions of `limit` lines or more, from `def` to the end, docstring not counted."""
    return [
        f"{src.module}:{function.lineno}: {function.name} has {length} lines"
        for src in sources
        for function in src.functions
        if (length := _length(function) - _docstring_length(function)) >= limit
    ]


def median_body(sources: Iterable[Source]) -> float:
    """Median of the lines with code in function bodies; bodies that are only a docstring are left out."""
    lengths = (_body_length(src, function) for src in sources for function in src.functions)
    return median(length for length in lengths if length)


def wide_protocols(sources: Iterable[Source], limit: int) -> list[str]:
    """Protocols of more than `limit` methods."""
    return [
        f"{src.module}:{each.lineno}: {each.name} has {count} methods"
        for src in sources
        for each in src.classes
        if any(ast.unparse(base).startswith(("Protocol", "typing.Protocol")) for base in each.bases)
        if (count := sum(isinstance(node, Function) for node in each.body)) > limit
    ]


def _length(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _docstring_length(function: Function) -> int:
    return 0 if ast.get_docstring(function) is None else _length(function.body[0])


def _body_length(src: Source, function: Function) -> int:
    statements = function.body if ast.get_docstring(function) is None else function.body[1:]
    taken = {each.lineno + i for each in statements for i in range(_length(each))}
    lines = src.text.splitlines()
    return sum(1 for n in taken if (line := lines[n - 1].strip()) and not line.startswith("#"))
