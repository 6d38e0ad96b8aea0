"""Tables written for a test, and what is read of them."""

from __future__ import annotations

from pathlib import Path

from bedside.formats._base import Problem, ReadOptions
from bedside.formats._tables import read_rows
from bedside.formats.table import read
from bedside.types import RawChart


def rows_of(path: Path, **options: str) -> tuple[list[dict], list[Problem]]:
    problems: list[Problem] = []
    return [row for _, row in read_rows(path, on_problem=problems.append, **options)], problems


def table(folder: Path, text: str, name: str = "notes.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def pieces(path: Path, **options: object) -> tuple[list[RawChart], list[Problem]]:
    found = list(read(path, ReadOptions(**options)))
    return [x for x in found if isinstance(x, RawChart)], [x for x in found if isinstance(x, Problem)]
