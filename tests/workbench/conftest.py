"""A running workbench: the demo's patients, an account of every role, a small library with its graph, a guard."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import httpx2 as httpx
import pytest
import uvicorn

from bedside.clinic.demo import fill_with_demo
from bedside.clinic.open import Clinic, open_clinic
from bedside.graph._schema import open_database
from bedside.graph._writer import Writer
from bedside.graph.from_files import add_triples, add_vocabulary
from bedside.library import About, Item, add_items
from bedside.server.clinic.app import build_clinic
from bedside.server.clinic.context import Context
from bedside.server.clinic.settings import ClinicSettings, Limits
from bedside.types import Proposal, Verdict

GUIDES = {
    "What is gout?": "Gout is an arthritis caused by crystals of urate. It is common in men over forty.",
    "What are the symptoms of gout?": "Gout starts at night with a hot, red and very painful big toe. "
    "This pain peaks within a day. Fever may occur.",
    "What are the treatments for gout?": "Colchicine or ibuprofen is given within 36 hours. "
    "Allopurinol lowers urate in the long run.",
    "痛风有哪些症状？": "痛风多于夜间突然发作，大脚趾红肿、剧烈疼痛。疼痛在一天内达到高峰。",
}
CONCEPTS = [
    {"id": "X:1", "name": "Gout", "zh": "痛风", "kind": "disease"},
    {"id": "X:2", "name": "Colchicine", "zh": "秋水仙碱", "kind": "drug"},
    {"id": "X:3", "name": "Fever", "zh": "发热", "kind": "finding"},
]
"""A vocabulary of our own, for the graph."""


@dataclass
class Bench:
    """The server, and how to come to it as somebody."""

    url: str
    clinic: Clinic
    context: Context
    users: dict[str, dict[str, str]]
    say: list[Callable[[Proposal], Verdict]]
    _open: list[httpx.Client] = field(default_factory=list)

    def patient(self, number: str) -> str:
        """The address of a patient's page."""
        return f"/patients/{self.clinic.records.patient_of(number)}"

    def as_(self, role: str, lang: str = "en") -> Visitor:
        """Somebody who is logged in, without a browser."""
        client = httpx.Client(base_url=self.url, headers={"accept-language": lang}, timeout=300)
        self._open.append(client)
        answer = client.post("/v1/login", json=self.account(role))
        return Visitor(client, answer.json()["csrf"])

    def account(self, role: str) -> dict[str, str]:
        """Name and password."""
        return {name: self.users[role][name] for name in ("name", "password")}

    def close(self) -> None:
        """Let go of all visitors."""
        for one in self._open:
            one.close()


@dataclass
class Visitor:
    """Reads pages, and sends what a page would send."""

    client: httpx.Client
    token: str

    def get(self, path: str) -> str:
        """A page."""
        return self.client.get(path).text

    def post(self, path: str, **sent: Any) -> httpx.Response:
        """What a form sends."""
        return self.client.post(path, json=sent, headers={"x-csrf-token": self.token})


@pytest.fixture(scope="session")
def guides(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of made-up guides with a graph of three concepts."""
    folder = tmp_path_factory.mktemp("guides") / "library"
    items = [Item(id=f"g{number}", title=title, text=text) for number, (title, text) in enumerate(GUIDES.items())]
    gone = Item(
        id="old", title="Gout in 1950", text="Gout is cured by port wine.", retracted="the figures were made up"
    )
    add_items(folder, About(name="guides", licence="CC0", version="1"), [*items, gone], encoder=None)
    concepts, edges = folder.parent / "concepts.jsonl", folder.parent / "edges.jsonl"
    concepts.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in CONCEPTS), encoding="utf-8")
    rows = [{"head": "X:2", "relation": "treats", "tail": "X:1"}, {"head": "X:1", "relation": "causes", "tail": "X:3"}]
    edges.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    database = open_database(folder, make=True)
    writer = Writer(database)
    add_vocabulary(writer, concepts, "ours", "CC0")
    add_triples(writer, edges, "ours", "CC0")
    writer.finish()
    database.close()
    return folder


@pytest.fixture(scope="session")
def running(guides: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """The server, in a thread of this process, for all tests."""
    from argon2 import PasswordHasher

    say = [silent]
    with pytest.MonkeyPatch.context() as patch, socket.create_server(("127.0.0.1", 0)) as door:
        patch.setenv("BEDSIDE_CLINIC_KEY", (b"m" * 32).hex())
        patch.setattr("bedside.clinic.demo.QUICK", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        with open_clinic(tmp_path_factory.mktemp("bench") / "data") as clinic:
            _, users = fill_with_demo(clinic)
            patch.undo()  # it is for this server alone
            limits = Limits(requests_per_second=0, logins_per_minute=100_000, answer_s=300)
            settings = ClinicSettings(library=guides, limits=limits)
            context = Context(settings, clinic, lambda proposal: say[0](proposal))
            server = uvicorn.Server(uvicorn.Config(build_clinic(context), log_level="error", ws="none"))
            thread = Thread(target=server.run, kwargs={"sockets": [door]})
            thread.start()
            context.diagnostician.read("Seizures.")  # opens the ontology here: on a busy machine it outlasts a page
            bench = Bench(
                f"http://127.0.0.1:{door.getsockname()[1]}",
                clinic,
                context,
                {one["role"]: one for one in users},
                say,
            )
            yield bench
            bench.close()
            server.should_exit = True
            thread.join()
            if context.librarian:
                context.librarian.close()


@pytest.fixture
def bench(running: Bench) -> Bench:
    """The same with a guard that has nothing to say, until a test gives it something."""
    running.say[0] = silent
    return running


@dataclass
class Window:
    """A browser window of somebody who is logged in, and all that it complained of or asked another machine for."""

    page: Any
    complaints: list[str]


Enter = Callable[..., Window]


@pytest.fixture
def enter(browser: Any, bench: Bench) -> Iterator[Enter]:
    """Opens a window for a role; the tour was seen unless a test wants it."""
    opened = []

    def entered(role: str = "clinician", *, lang: str = "en", scheme: str = "light", width: int = 1100) -> Window:
        context = browser.new_context(
            base_url=bench.url,
            viewport={"width": width, "height": 844},
            color_scheme=scheme,
            locale={"en": "en-GB", "zh": "zh-CN"}[lang],
        )
        opened.append(context)
        context.request.post("/v1/login", data=bench.account(role))
        context.add_cookies([{"name": "bedside_tour", "value": "seen", "url": bench.url}])
        page, said = context.new_page(), list[str]()
        page.set_default_timeout(120_000)
        page.on("console", lambda told: said.append(told.text) if told.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith((bench.url, "data:")) else said.append(asked.url))
        return Window(page, said)

    yield entered
    for one in opened:
        one.close()


def silent(proposal: Proposal) -> Verdict:
    """Finds nothing."""
    return Verdict(outcome="allow")
