"""The files of a library and of its graph: a later version's is refused, and nobody else can read them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bedside.errors import DataError
from bedside.graph import _schema as graph
from bedside.library._database import schema as library


@pytest.mark.parametrize(
    ("opened", "name"), [(library.open_file, library.DATABASE), (graph.open_database, graph.DATABASE)]
)
def test_a_file_of_a_later_version_is_refused_and_one_of_ours_opened(opened: Any, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    opened(tmp_path, make=True).close()
    opened(tmp_path).close()
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE meta SET value = value + 1 WHERE key = 'format'")
        file.commit()
    with pytest.raises(DataError, match="later version"):
        opened(tmp_path)


@pytest.mark.parametrize(
    ("opened", "name"), [(library.open_file, library.DATABASE), (graph.open_database, graph.DATABASE)]
)
def test_only_its_owner_can_read_it(opened: Any, name: str, tmp_path: Path) -> None:
    opened(tmp_path / "new", make=True).close()
    assert (tmp_path / "new" / name).stat().st_mode & 0o077 == 0
