"""Who imports whom. Imports inside functions, for types only, and by name in a string all count."""

from __future__ import annotations

import ast
import graphlib
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from tests.house.sources import PACKAGE, Source, room_of

BY_NAME = {"import_module", "importlib.import_module", "__import__"}


def imported_names(src: Source) -> Iterator[tuple[str, int]]:
    """Every dotted name that is imported anywhere in the file, with its line."""
    for node in ast.walk(src.tree):
        match node:
            case ast.Import(names=names):
                yield from ((alias.name, node.lineno) for alias in names)
            case ast.ImportFrom(names=names):
                yield from ((f"{origin(src, node)}.{alias.name}", node.lineno) for alias in names)
            case ast.Call(func=func, args=[ast.Constant(value=str(name)), *_]) if ast.unparse(func) in BY_NAME:
                yield name, node.lineno


def origin(src: Source, node: ast.ImportFrom) -> str:
    """What stands between `from` and `import`, with leading dots resolved."""
    if node.level == 0:
        return node.module or ""
    parents = src.module.split(".")
    parents = parents[: len(parents) - node.level + src.is_package]
    return ".".join([*parents, node.module] if node.module else parents)


def our_imports(src: Source, modules: Collection[str]) -> Iterator[tuple[str, int]]:
    """The modules of ours that a file imports. `modules` tells a module from a name inside one."""
    for name, line in imported_names(src):
        if name.split(".")[0] == PACKAGE:
            yield (name if name in modules else name.rpartition(".")[0] or name), line


def misplaced_imports(sources: Sequence[Source], table: Mapping[str, Collection[str]]) -> list[str]:
    """Imports across rooms that the table doesn't allow, and rooms that have no row in it."""
    modules = {src.module for src in sources}
    unknown = sorted({src.room for src in sources} - table.keys())
    findings = [f"{room}: has no row in the table" for room in unknown]
    for src in sources:
        for name, line in our_imports(src, modules):
            target = room_of(name)
            if target not in {"", src.room, *table.get(src.room, ())}:
                findings.append(f"{src.module}:{line}: {src.room or PACKAGE} may not import {target}")
    return findings


def cycle(sources: Sequence[Source]) -> list[str]:
    """One circle of modules that import each other, or nothing."""
    modules = {src.module for src in sources}
    graph = {src.module: {name for name, _ in our_imports(src, modules)} - {src.module} for src in sources}
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return list(error.args[1])
    return []


def foreign_imports(sources: Iterable[Source], allowed: Mapping[str, Collection[str]]) -> list[str]:
    """Libraries beyond the standard one that a room of the table imports without being allowed to."""
    return [
        f"{src.module}:{line}: imports {library}"
        for src in sources
        if src.room in allowed
        for name, line in imported_names(src)
        if (library := name.split(".")[0]) not in {PACKAGE, *sys.stdlib_module_names, *allowed[src.room]}
    ]


def imports_of(sources: Iterable[Source], names: Collection[str]) -> list[str]:
    """Where one of these modules (or something inside it) is imported."""
    return [
        f"{src.module}:{line}: imports {name}"
        for src in sources
        for name, line in imported_names(src)
        if any(name == each or name.startswith(f"{each}.") for each in names)
    ]
