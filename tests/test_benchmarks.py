"""Each benchmark finds the names that it imports from the project and from its neighbours, without being run."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

import bedside

FOLDER = Path(__file__).parents[1] / "benchmarks"
SOURCE = Path(bedside.__file__).parent.parent
FILES = sorted(FOLDER.glob("*.py"))


@cache
def names_of(path: Path) -> frozenset[str]:
    """What a module defines or imports at its top, and the files beside a package's own."""
    found = {one.stem for one in path.parent.iterdir()} if path.name == "__init__.py" else set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(one.asname or one.name).split(".")[0] for one in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return frozenset(found)


def module_of(name: str) -> Path | None:
    """The file of one of our own modules; None for a library's."""
    if name.split(".")[0] != "bedside":
        return beside if (beside := FOLDER / f"{name}.py").exists() else None
    place = SOURCE.joinpath(*name.split("."))
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


def missing(source: str) -> list[str]:
    """The names that `source` imports from our modules and that are not there."""
    wrong = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module and (path := module_of(node.module)) is not None:
            there = names_of(path) if path.exists() else frozenset()
            wrong += [f"{node.module}.{one.name}" for one in node.names if one.name not in there]
    return wrong


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_benchmark_imports_only_what_is_there(path: Path) -> None:
    assert missing(path.read_text(encoding="utf-8")) == []


def test_a_name_that_is_gone_is_caught() -> None:
    assert missing("from retrieval import GONE") == ["retrieval.GONE"]
    assert missing("from bedside.library import Library") == []
