"""The server follows the registry: promotion and rollback without a restart or a lost request, shadows unheard."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from test_model_registry import WHY, folder, measured

from bedside.clinic.audit.read import AuditReader
from bedside.clinic.models.registry import Version
from bedside.clinic.open import Clinic
from bedside.model.forms import form_of
from bedside.model.given import Given
from bedside.server.clinic.beside import WAITING, Beside
from bedside.server.clinic.registered import Registered
from bedside.server.service import Served
from bedside.types import Advice, Decision, Prediction, Written

Opened = Callable[..., Any]


def speaks(name: str, place: Path) -> Served:
    """A model that says its weights to everything; `broken` cannot be opened, `writes` writes a text."""
    label = (place / "weights").read_text()
    if label == "broken":
        raise OSError("no such weights")

    def advise(texts: Sequence[str], given: Sequence[Given], removed: Sequence[Counter[str]]) -> list[Decision]:
        said: Any = Written(text=label) if label == "writes" else Prediction(label=label, probabilities={label: 1.0})
        return [Advice(prediction=said) for _ in texts]

    return Served(name, f"{label}-{place.name}", advise, form_of("classify"))


@dataclass
class Engine:
    """Where such models run; which of them were taken away."""

    served: Sequence[Served] = ()
    retired: list[str] = field(default_factory=list)

    def open(self, name: str, folder: Path) -> Served:
        return speaks(name, folder)

    def retire(self, served: Served) -> None:
        self.retired.append(served.id)


@pytest.fixture
def hospital(open_ward: Opened, tmp_path: Path) -> Iterator[Any]:
    """A ward whose models are those of its registry; `ward.live(weights)` makes one live, past its gates."""
    with ExitStack() as stack:

        def registry(clinic: Clinic) -> Registered:
            return stack.enter_context(Registered(clinic.models, clinic.audit, Engine()))

        ward = open_ward(models=registry)
        models = ward.clinic.models

        def add(weights: str) -> Version:
            one = models.add("triage", folder(tmp_path / weights, weights=weights), by="u1")
            live = models.live("triage")
            told = measured(models.place(one), models.place(live) if live else None, (0.1, 0.05, 0.2))
            models.file("triage", one.version, live.version if live else 0, told)
            return one

        def live(weights: str) -> Version:
            made = models.promote("triage", add(weights).version, by="u1", reason=WHY)
            ward.context.served.refresh()
            return made

        ward.add, ward.live, ward.models = add, live, models
        yield ward


def ask(ward: Any, text: str = "chest pain 胸痛") -> Any:
    return ward.as_("clinician").post("/v1/predict", json={"text": text, "model": "triage"})


def said(ward: Any) -> str:
    return str(ask(ward).json()["label"])


def test_a_promoted_version_answers_and_a_rollback_brings_the_one_before_back(hospital: Any) -> None:
    assert ask(hospital).status_code == 422  # nothing of that name yet
    hospital.live("a")
    assert ask(hospital).json()["model"] == "a-1"
    assert "triage" in [one["id"] for one in hospital.as_("clinician").get("/v1/models").json()["data"]]
    hospital.live("b")
    assert said(hospital) == "b"
    answer = hospital.as_("data_engineer").post("/v1/models/registry/triage/rollback", json={"reason": WHY})
    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    hospital.context.served.refresh()
    assert said(hospital) == "a"


def test_no_request_is_lost_while_versions_change(hospital: Any) -> None:
    hospital.live("v0")
    heard: list[tuple[int, str]] = []
    enough, ended = threading.Event(), threading.Event()

    def asks() -> None:
        while not ended.is_set():
            answer = ask(hospital)
            heard.append((answer.status_code, answer.json().get("label", "")))
            if len(heard) > 20:
                enough.set()

    asking = [threading.Thread(target=asks) for _ in range(3)]
    for one in asking:
        one.start()
    for n in range(1, 4):
        enough.wait(300)
        hospital.live(f"v{n}")
    hospital.models.rollback("triage", by="u1", reason=WHY)
    hospital.context.served.refresh()
    last = said(hospital)
    ended.set()
    for one in asking:
        one.join()
    assert {status for status, _ in heard} == {200}
    assert {label for _, label in heard} <= {"v0", "v1", "v2", "v3"}
    assert last == "v2"


def test_a_version_that_cannot_be_opened_takes_no_place_and_that_stands_in_the_audit_log(hospital: Any) -> None:
    hospital.live("a")
    hospital.live("broken")
    assert said(hospital) == "a"
    refused = list(AuditReader(hospital.data / "audit").search({"action": "models.serve", "outcome": "refused"}))
    assert [line["detail"]["version"] for line in refused] == [2]


def test_at_a_start_with_a_corrupt_live_version_the_last_good_one_answers(hospital: Any) -> None:
    hospital.live("a")
    two = hospital.live("b")
    (hospital.models.place(two) / "weights").write_text("a bad disk")
    with Registered(hospital.models, hospital.clinic.audit, Engine()) as fresh:
        assert fresh["triage"].id == "a-1"


def test_a_version_that_nothing_turns_to_is_taken_away_once_another_answers(hospital: Any) -> None:
    engine = Engine()
    hospital.live("a")
    with Registered(hospital.models, hospital.clinic.audit, engine) as models:
        hospital.live("b")
        models.refresh()
        assert (models["triage"].id, engine.retired) == ("b-2", ["a-1"])


def test_a_shadow_is_asked_and_never_heard_and_its_agreement_is_counted(hospital: Any) -> None:
    hospital.live("a")
    hospital.models.promote("triage", hospital.add("b").version, by="u1", reason=WHY, to="shadow")
    with Registered(hospital.models, hospital.clinic.audit, Engine()) as models:
        for _ in range(5):
            (decision,) = models["triage"].advise(["gout 痛风"], [Given()], [Counter()])
            assert decision.prediction.label == "a"
    shadow = hospital.models.get("triage", 2)
    assert (shadow.asked, shadow.agreed) == (5, 0)


def test_a_shadow_that_falls_behind_holds_up_nobody_and_is_asked_no_more_than_may_wait(hospital: Any) -> None:
    begun, ended, counted = threading.Event(), threading.Event(), list[int]()

    def slow(texts: Sequence[str], given: Sequence[Given], removed: Sequence[Counter[str]]) -> list[Decision]:
        begun.set()
        ended.wait(300)
        return []

    beside = Beside(lambda version, asked, agreed: counted.append(asked))
    shadow = Served("triage", "b-2", slow, form_of("classify"))
    ask_live = beside.copied(lambda *_: [], hospital.add("b"), shadow)
    ask_live(["gout 痛风"], [Given()], [Counter()])
    assert begun.wait(300)
    for _ in range(WAITING + 5):
        ask_live(["gout 痛风"], [Given()], [Counter()])
    ended.set()
    beside.close()
    assert len(counted) == 1 + WAITING


def test_a_canary_answers_its_share_of_the_requests(hospital: Any) -> None:
    hospital.live("a")
    hospital.models.promote("triage", hospital.add("b").version, by="u1", reason=WHY, to="shadow", share=0.25)
    with Registered(hospital.models, hospital.clinic.audit, Engine()) as models:
        heard = Counter(models["triage"].id for _ in range(2000))
    assert set(heard) == {"a-1", "b-2"}
    assert 380 < heard["b-2"] < 620  # 500 expected; six standard deviations


def test_a_model_that_writes_is_not_answered_past_the_guard(hospital: Any) -> None:
    hospital.live("writes")
    answer = ask(hospital)
    assert (answer.status_code, answer.json()["error"]["where"]) == (422, "model")


def test_the_registry_over_http_refuses_with_figures_and_keeps_the_reason(hospital: Any) -> None:
    engineer, auditor = hospital.as_("data_engineer"), hospital.as_("auditor")
    hospital.live("a")
    work = hospital.data / "work"
    folder(work / "m", weights="b")
    (work / "test.csv").write_text("text,label\ngout,no\n")
    added = engineer.post("/v1/models/registry", json={"name": "triage", "folder": "m"})
    assert (added.status_code, added.json()["version"]) == (201, 2)
    assert engineer.post("/v1/models/registry", json={"name": "t", "folder": "../audit"}).status_code == 422
    at = "/v1/models/registry/triage/2"
    refused = engineer.post(f"{at}/promote", json={"reason": WHY})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "gate_closed")
    assert "not run" in refused.json()["error"]["what"]
    queued = engineer.post(f"{at}/compare", json={"rows": "test.csv"})
    assert (queued.status_code, queued.json()["verb"]) == (202, "evaluate")
    assert hospital.clinic.jobs.get(queued.json()["id"]).then == {"gate": ["triage", 2, 1]}
    assert engineer.post(f"{at}/promote", json={"reason": WHY, "to": "shadow"}).json()["stage"] == "shadow"
    assert auditor.post(f"{at}/retire", json={"reason": WHY}).status_code == 403
    assert [gate["name"] for gate in auditor.get(f"{at}/gates").json()] == ["measured"]
    acts = auditor.get("/v1/models/registry/triage").json()["acts"]
    assert (acts[0]["act"], acts[0]["reason"]) == ("shadow", WHY)
    for unknown in ("/v1/models/registry/none", "/v1/models/registry/triage/9/gates"):
        assert auditor.get(unknown).status_code == 404


def test_jobs_over_http_are_added_listed_and_cancelled(ward: Any) -> None:
    engineer = ward.as_("data_engineer")
    (ward.data / "work").mkdir()
    (ward.data / "work" / "王小明.csv").write_text("text\ngout\n")
    sent = {"verb": "import", "words": ["王小明.csv", "-o", "charts.jsonl"]}
    added = engineer.post("/v1/jobs", json=sent)
    assert (added.status_code, added.json()["state"]) == (201, "queued")
    at = f"/v1/jobs/{added.json()['id']}"
    assert engineer.get(at).json()["words"] == sent["words"]
    assert "王小明" not in ward.as_("auditor").get(at).text
    assert "王小明" not in ward.as_("auditor").get("/v1/jobs").text
    assert [one["state"] for one in ward.as_("admin").get("/v1/jobs?state=queued").json()["jobs"]] == ["queued"]
    assert engineer.post("/v1/jobs", json={"verb": "serve", "words": []}).status_code == 422
    assert engineer.post(f"{at}/cancel").json()["state"] == "cancelled"
    assert engineer.get("/v1/jobs/j0").status_code == 404
    log = (ward.data / "audit").glob("2*.jsonl")
    assert "王小明" not in "".join(path.read_text() for path in log)
