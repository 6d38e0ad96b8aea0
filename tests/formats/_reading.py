"""What the reader tests share: write a file, read it with a format, part charts from problems, find examples."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bedside.formats._base import Format, Problem, ReadOptions
from bedside.types import Entry, RawChart

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"


def read(fmt: Format, path: Path, **options: Any) -> tuple[list[RawChart], list[Problem]]:
    """The charts and the problems of a file."""
    parts = list(fmt.read(path, ReadOptions(**options)))
    return [p for p in parts if isinstance(p, RawChart)], [p for p in parts if isinstance(p, Problem)]


def read_text(
    fmt: Format, folder: Path, content: str | bytes, name: str = "in.dat"
) -> tuple[list[RawChart], list[Problem]]:
    """The same for content written to a new file."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read(fmt, path)


def texts(charts: list[RawChart], kind: str = "") -> list[str]:
    """The words of every entry, or of those of one kind."""
    return [entry.text for entry in entries(charts) if not kind or entry.kind == kind]


def entries(charts: list[RawChart]) -> list[Entry]:
    """Every entry of every chart."""
    return [entry for chart in charts for entry in chart.entries]


def known(charts: list[RawChart], kind: str) -> set[str]:
    """The identifying strings of one type."""
    return {one.value for chart in charts for one in chart.identifiers if one.type == kind}


def data_files(*patterns: str) -> list[Path]:
    """The example files, or a skip with the reason."""
    found = [path for pattern in patterns for path in sorted(DATA.glob(pattern)) if path.is_file()]
    if not found:
        pytest.skip("the shared example data is not here")
    return found
