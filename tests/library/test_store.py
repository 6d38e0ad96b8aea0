"""The files of a library and of its graph: a later version's is refused, and nobody else can read them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bedside.errors import DataError
from bedside.graph import _schema as graph
from bedside.library import _schema as library


@pytest.mark.parametrize("kind", [library, graph], ids=["library", "graph"])
def test_a_file_of_a_later_version_is_refused_and_one_of_ours_opened(kind: object, tmp_path: Path) -> None:
    path = tmp_path / kind.DATABASE  # type: ignore[attr-defined]
    kind.open_database(tmp_path, make=True).close()  # type: ignore[attr-defined]
    kind.open_database(tmp_path).close()  # type: ignore[attr-defined]
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE meta SET value = value + 1 WHERE key = 'format'")
        file.commit()
    with pytest.raises(DataError, match="later version"):
        kind.open_database(tmp_path)  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", [library, graph], ids=["library", "graph"])
def test_only_its_owner_can_read_it(kind: object, tmp_path: Path) -> None:
    kind.open_database(tmp_path / "new", make=True).close()  # type: ignore[attr-defined]
    assert (tmp_path / "new" / kind.DATABASE).stat().st_mode & 0o077 == 0  # type: ignore[attr-defined]
