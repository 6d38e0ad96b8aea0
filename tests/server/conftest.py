"""A service over a model made of rules, so that what is tested is the server: no network, no torch."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from cluster_aids import PATIENCE_S
from starlette.testclient import TestClient

from bedside.lang import tr
from bedside.model.forms import form_of
from bedside.model.given import Given
from bedside.server.app import build_app
from bedside.server.audit import AuditLog
from bedside.server.auth import read_keys
from bedside.server.service import Service
from bedside.server.settings import Settings
from bedside.types import Abstained, Advice, Decision, Failed, Prediction


def by_rule(texts: Sequence[str], given: Sequence[Given], removed: Sequence[Counter[str]]) -> list[Decision]:
    """Says malignant to spiculation (毛刺), breaks on "poison", abstains on "blank", and so on."""
    decisions: list[Decision] = []
    for text, counter in zip(texts, removed, strict=True):
        counter["NAME"] += text.count("Smith")
        if "crash" in text:
            raise RuntimeError(f"cannot digest {text}")
        if "poison" in text:
            decisions.append(Failed("feedc0de"))
        elif "blank" in text:
            decisions.append(Abstained(tr("nothing to read", "没有可读内容")))
        else:
            chance = 0.9 if "spiculat" in text or "毛刺" in text else 0.2
            label = "malignant" if chance > 0.5 else "benign"
            chances = {"malignant": chance, "benign": 1 - chance}
            decisions.append(Advice(prediction=Prediction(label=label, probabilities=chances)))
    return decisions


@pytest.fixture
def rule() -> Any:
    """The model made of rules."""
    return by_rule


class Held:
    """The model made of rules, but at a "slow" text until it is let go; `sizes` tells how many it was asked at once."""

    def __init__(self) -> None:
        self.let_go, self.sizes = Event(), list[int]()

    def __call__(self, texts: Sequence[str], given: Sequence[Given], removed: Sequence[Counter[str]]) -> list[Decision]:
        self.sizes.append(len(texts))
        if any("slow" in text for text in texts):
            self.let_go.wait(PATIENCE_S)
        return by_rule(texts, given, removed)


@pytest.fixture
def held() -> Held:
    """A model that is busy for as long as a test wants it to be."""
    return Held()


class Desk:
    """A running server, its client and its audit log."""

    def __init__(self, service: Service, client: TestClient, audit: Path) -> None:
        self.service, self.client, self.audit = service, client, audit

    def ask(self, body: Any, **headers: str) -> Any:
        return self.client.post("/v1/predict", json=body, headers=headers)

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.audit.read_text().splitlines()]


Opener = Callable[..., Any]


@pytest.fixture
def open_desk(tmp_path: Path) -> Opener:
    """`with open_desk(max_texts=3) as desk:`; any field of Settings may be given."""

    @contextmanager
    def opener(advise: Any = by_rule, *, warm: bool = True, several: Any = (), **settings: Any) -> Iterator[Desk]:
        chosen = Settings(**{"workers": 1, "drain_s": PATIENCE_S, "timeout_s": PATIENCE_S, **settings})
        audit = AuditLog(tmp_path / "audit.jsonl")
        keys, form = read_keys(chosen.keys), form_of("classify")
        told: dict[str, Any] = {"settings": chosen, "keys": keys, "audit": audit, "several": several}
        service = Service(advise, form, model_id="abc123", **told)
        with TestClient(build_app(service), raise_server_exceptions=False) as client:
            if warm:
                client.portal.call(service.warm_up)  # type: ignore[union-attr]
            yield Desk(service, client, tmp_path / "audit.jsonl")
        audit.close()

    return opener


@pytest.fixture
def desk(open_desk: Opener) -> Iterator[Desk]:
    with open_desk() as opened:
        yield opened
