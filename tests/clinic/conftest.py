"""A hospital ward in a folder: a running clinical server, an account of every role, and the demo's patients."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from argon2 import PasswordHasher
from fake_ehr import FakeEhr
from starlette.testclient import TestClient

from bedside.clinic._database import Database, open_database
from bedside.clinic._tables import META
from bedside.clinic.accounts import Accounts
from bedside.clinic.keys.keyring import keyring
from bedside.clinic.open import Clinic, open_clinic
from bedside.clinic.permissions import ROLES
from bedside.server.clinic.app import build_clinic
from bedside.server.clinic.context import Context
from bedside.server.clinic.diagnostician import Diagnostician
from bedside.server.clinic.settings import ClinicSettings, Limits
from bedside.types import Entry, Identifier, RawChart
from bedside.types.verdict import Verdict

PATIENCE_S = 300.0
"""How long what must come in the end is waited for: long, for a machine may have much else to do."""
SRC = Path(__file__).parents[2] / "src"
MASTER = b"m" * 32
PASSWORD = "correct horse 7 电池"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
CHARTS = (
    RawChart(
        patient="MRN-1001",
        sex="female",
        birth_date="1950-03-02",
        identifiers=(Identifier("NAME", "Mary O'Brien"),),
        entries=(
            Entry(id="c1", kind="Condition", text="Atrial fibrillation", time="2021-05-01"),
            Entry(id="m1", kind="MedicationStatement", text="Apixaban 5 mg twice daily", time="2021-05-02"),
        ),
    ),
    RawChart(
        patient="住院-2002",
        sex="male",
        birth_date="1966-11-20",
        identifiers=(Identifier("NAME", "王小明"),),
        entries=(Entry(id="c1", kind="Condition", text="2型糖尿病", time="2018-01-09"),),
    ),
)


@dataclass
class Ward:
    """A server that runs in this process, and how to speak to it as somebody."""

    clinic: Clinic
    context: Context
    data: Path
    client: TestClient
    keys: dict[str, str] = field(default_factory=dict)
    patients: list[str] = field(default_factory=list)

    def as_(self, role: str) -> Any:
        """A client with the API key of that role's account; nobody for an empty role."""
        headers = {"x-api-key": self.keys[role]} if role else {}

        def ask(method: str, path: str, **given: Any) -> Any:
            sent = {**headers, **given.pop("headers", {})}
            return self.client.request(method, path, headers=sent, **given)

        return _Asker(ask)


class _Asker:
    def __init__(self, ask: Callable[..., Any]) -> None:
        self.request = ask

    def get(self, path: str, **given: Any) -> Any:
        return self.request("GET", path, **given)

    def post(self, path: str, **given: Any) -> Any:
        return self.request("POST", path, **given)


@cache
def ranker() -> Any:
    """The ontology with its diseases, opened once for all wards: it takes seconds."""
    from bedside.knowledge._ranker import Ranker
    from bedside.knowledge.hpo import open_hpo

    return Ranker(open_hpo())


@pytest.fixture
def open_ward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Ward]]:
    """Opens a ward with these settings."""
    monkeypatch.setenv("BEDSIDE_CLINIC_KEY", MASTER.hex())
    monkeypatch.setattr("bedside.clinic.open.Accounts", lambda database: Accounts(database, QUICK))
    monkeypatch.setattr(Diagnostician, "_ranker", property(lambda self: ranker()))
    with ExitStack() as stack:

        def opened(**settings: Any) -> Ward:
            data = tmp_path / "data"
            clinic = stack.enter_context(open_clinic(data))
            settings.setdefault("limits", Limits(requests_per_second=0, answer_s=PATIENCE_S))
            guard = settings.pop("guard", lambda proposal: Verdict(outcome="allow"))
            models, tracing = settings.pop("models", {}), settings.pop("tracing", None)
            models = models(clinic) if callable(models) else models
            context = Context(ClinicSettings(**settings), clinic, guard, models, tracing=tracing)
            client = stack.enter_context(TestClient(build_clinic(context), raise_server_exceptions=False))
            ward = Ward(clinic, context, data, client)
            for role in ROLES:
                user = clinic.accounts.add(role, role, PASSWORD)
                ward.keys[role] = clinic.keys.make(user.id)
            ward.patients = [clinic.records.keep(chart)[0] for chart in CHARTS]
            return ward

        yield opened


@pytest.fixture
def ward(open_ward: Callable[..., Ward]) -> Ward:
    """A ward with the usual settings."""
    return open_ward()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A new database of each kind: what is true of one must be true of the other."""
    if request.param == "sqlite":
        opened = open_database(tmp_path)
    else:
        opened = open_database(tmp_path, request.getfixturevalue("postgresql"))
        with opened.write() as db:
            for table in reversed(META.sorted_tables):
                db.execute(table.delete())
    yield opened
    opened.close()


@pytest.fixture
def ring() -> Any:
    """The master key of the wards."""
    return keyring([MASTER])


@pytest.fixture
def ehr() -> Iterator[FakeEhr]:
    """A record system of another make, that runs on this machine."""
    running = FakeEhr()
    yield running
    running.close()


class Served:
    """A server in a process of its own, with an API key of a clinician."""

    def __init__(self, process: subprocess.Popen[str], key: str, folder: Path) -> None:
        self.process, self.key, self.folder, self.data = process, key, folder, folder / "data"
        assert process.stdout is not None
        told = json.loads(process.stdout.readline() or "{}")
        assert "url" in told, process.communicate()[1]
        self.url, self.key = told["url"], told.get("api_key", key)
        self.port = int(self.url.rpartition(":")[2])

    def ask(self, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and JSON of an answer."""
        sent = Request(
            f"{self.url}{path}",
            None if body is None else json.dumps(body).encode(),
            {"x-api-key": self.key, "content-type": "application/json"},
        )
        try:
            with urlopen(sent, timeout=PATIENCE_S) as answer:
                return answer.status, json.load(answer)
        except HTTPError as refused:
            return refused.code, json.load(refused)

    def keep(self, number: str, text: str = "Gout 痛风") -> str:
        """Import a patient; the id, once it is acknowledged."""
        chart = {"patient": number, "entries": [{"id": "1", "kind": "Condition", "text": text}]}
        status, told = self.ask("/v1/patients", chart)
        assert status == 201, told
        return str(told["patients"][0]["id"])

    def speak(self, said: bytes) -> socket.socket:
        """A connection on which this much was said."""
        line = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S)
        line.sendall(said)
        return line

    def kill(self) -> None:
        """What a power cut leaves of it."""
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Served]]:
    """Starts a server with these settings: with the demo's patients, or on the data that an earlier one left."""
    started: list[Served] = []

    def start(settings: str = "", *, path: Path | None = None, after: Served | None = None) -> Served:
        folder = after.folder if after else path or tmp_path_factory.mktemp("served")
        (folder / "settings.toml").write_text(f"workers = 0\n{settings}")
        env = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{SRC}", "BEDSIDE_CLINIC_KEY": "00" * 32}
        command = [sys.executable, "-m", "bedside", "serve", "--json", "--port", "0", "--data", str(folder / "data")]
        command += ["--settings", str(folder / "settings.toml"), *([] if after else ["--demo"])]
        process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started.append(Served(process, after.key if after else "", folder))
        return started[-1]

    yield start
    for one in started:
        one.kill()
