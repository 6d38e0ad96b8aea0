"""A place for a library: a folder of its own, or one that leads to a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from bedside.library._database.address import keep_address


@pytest.fixture(params=["folder", "postgresql"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], Path]:
    """Places of both kinds by name: what is true of one must be true of the other."""
    if request.param == "folder":
        return lambda name: tmp_path / name
    address, own = request.getfixturevalue("postgresql"), uuid4().hex

    def made(name: str) -> Path:
        if not (tmp_path / name).exists():
            keep_address(tmp_path / name, f"{address}&schema=library_{name.replace('-', '_')}_{own}")
        return tmp_path / name

    return made


@pytest.fixture
def place(places: Callable[[str], Path]) -> Path:
    """One of them."""
    return places("library")
