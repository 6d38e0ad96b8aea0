"""A small labelled table that the echo backbone can learn in a second."""

from __future__ import annotations

from pathlib import Path

import pytest
from fit_rows import rows_of, write_rows


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "notes.jsonl", rows_of(120))
