"""Every test gets a home folder of its own and speaks English unless it says otherwise; nothing may call out."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from bedside.lang import set_lang

settings.register_profile("found", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("found")
"""Property tests are judged by what they find, not by how long a busy machine took over one example."""

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "data"


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test its own BEDSIDE_HOME, except the converted models, which are shared within one run."""
    home = tmp_path_factory.getbasetemp() / "home"
    home.mkdir(exist_ok=True)
    monkeypatch.setenv("BEDSIDE_HOME", str(home))
    monkeypatch.delenv("BEDSIDE_LANG", raising=False)
    set_lang("en")
    return home


@pytest.fixture(autouse=True)
def no_calls_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to anything but this machine fails the test: no patient text ever leaves it."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(
            ("127.", "::1", "localhost")
        ):
            raise AssertionError(f"tried to call out to {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def shared() -> Path:
    """The folder of real data sets beside the project; tests that need it skip where it is not."""
    if not SHARED.is_dir():
        pytest.skip("the real data sets are not beside this checkout")
    return SHARED
