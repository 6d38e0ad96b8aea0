"""The watch of a running server: answers kept without texts, outcomes told of them, alerts seen to, page, commands."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from bedside.cli import build
from bedside.clinic.watch import _tables
from bedside.clinic.watch.alerts import Signal
from bedside.clinic.watch.checks import CHECKS
from bedside.clinic.watch.dispatcher import Dispatcher
from bedside.clinic.watch.settings import WatchSettings
from bedside.errors import ConfigError, UnknownName
from bedside.lang import speaking
from bedside.model.forms import form_of
from bedside.server.clinic.settings import read_settings
from bedside.server.service import Served
from bedside.types import Abstained, Advice, Failed, Prediction

NOTE = "Mary O'Brien, MRN-1001: crushing chest pain."
DRIFTED = Signal(
    code="drifted", subject="triage label", level="warning", detail={"psi": 0.5, "by_chance": 0.1, "p": 0.001}
)


def says(texts: Any, given: Any, removed: Any) -> list[Any]:
    """Urgent for pain, nothing for what it does not understand, and broken for what breaks it."""
    answers = {
        "pain": Advice(prediction=Prediction(label="urgent", probabilities={"urgent": 0.875, "routine": 0.125})),
        "?": Abstained(reason="not understood"),
        "!": Failed(error_id="e1"),
    }
    return [next((said for word, said in answers.items() if word in text), answers["?"]) for text in texts]


@pytest.fixture
def served(open_ward: Any) -> Any:
    return open_ward(models={"triage": Served("triage", "v1", says, form_of("classify"))})


def kept(ward: Any) -> list[Any]:
    ward.context.watch.write(time.time())
    with ward.clinic.database.read() as db:
        return list(db.execute(select(_tables.answers)).all())


def ask(ward: Any, *texts: str, request: str = "r1") -> Any:
    return ward.as_("clinician").post(
        "/v1/predict", json={"model": "triage", "texts": list(texts)}, headers={"x-request-id": request}
    )


def test_an_answer_is_counted_and_kept_and_its_text_is_not(served: Any) -> None:
    assert ask(served, NOTE, "?", "!").status_code in (200, 500)
    rows = kept(served)
    assert Counter((row.kind, row.label) for row in rows) == {
        ("answered", "urgent"): 1,
        ("abstained", ""): 1,
        ("failed", ""): 1,
    }
    with served.clinic.database.read() as db:
        tables = (_tables.answers, _tables.tallies)
        everything = str([tuple(row) for table in tables for row in db.execute(select(table))])
    assert not any(word in everything for word in ("Mary", "MRN", "chest", "clinician", "r1/"))
    told = served.as_("auditor").get("/metrics").text
    for outcome in ("answered", "abstained", "failed"):
        assert f'bedside_answers_total{{outcome="{outcome}",source="triage"}} 1.0' in told


def test_the_outcome_of_an_answer_is_told_by_its_request_and_a_wrong_one_keeps_no_other_out(served: Any) -> None:
    ask(served, "pain", "pain again", request="visit-7")
    sent = [
        {"answer": "visit-7/0", "truth": "urgent", "groups": {"sex": "female", "age": "65-79"}},
        {"answer": "visit-7/1", "truth": "Mary went home"},
        {"answer": "visit-8", "truth": "urgent"},
        {"answer": "visit-7/1", "truth": "routine", "groups": {"name": "Mary"}},
    ]
    told = served.as_("service").post("/v1/outcomes", json={"outcomes": sent})
    assert told.json() == {
        "kept": 1,
        "refused": [
            {"at": 1, "code": "unknown_label"},
            {"at": 2, "code": "unknown_answer"},
            {"at": 3, "code": "unknown_group"},
        ],
    }
    assert {row.truth for row in kept(served)} == {"urgent", None}
    log = "".join(path.read_text() for path in (served.data / "audit").glob("*.jsonl"))
    assert "Mary" not in log


def raised(ward: Any) -> str:
    ward.context.watch.alerts.found("drift", [DRIFTED], time.time())
    return str(ward.context.watch.alerts.all()[0].id)


def test_an_alert_is_seen_to_by_whoever_runs_the_system_and_by_nobody_else(ward: Any) -> None:
    id = raised(ward)
    at = f"/v1/watch/alerts/{id}/acknowledge"
    assert ward.as_("clinician").post(at).status_code == 403
    assert ward.as_("data_engineer").post(at).json() == {"acknowledged": id}
    (told,) = ward.as_("auditor").get("/v1/watch").json()["alerts"]
    assert (told["acknowledged_by"], told["said"]) == (
        "data_engineer",
        "triage label has changed (PSI 0.5, by chance 0.1, p 0.001)",
    )
    assert ward.as_("admin").post("/v1/watch/alerts/a0/acknowledge").status_code == 404
    assert 'bedside_alerts_open{level="warning"} 1.0' in ward.as_("auditor").get("/metrics").text


def test_the_page_shows_alerts_figures_and_checks_in_either_language(served: Any) -> None:
    ask(served, "pain")
    raised(served)
    served.context.watch.run("overrides", time.time())
    for lang, words in {
        "en": ("triage label has changed", "I see to it", "Answers withheld", "triage: withheld", "cards set aside"),
        "zh": ("triage 标签的分布已变化", "由我处理", "未作答比例", "triage：未作答", "卡片未采纳"),
    }.items():
        page = served.as_("data_engineer").get("/monitoring?days=28", headers={"accept-language": lang}).text
        assert [word for word in words if word not in page] == []
    assert "I see to it" not in served.as_("auditor").get("/monitoring").text
    assert served.as_("clinician").get("/monitoring").status_code == 403
    assert served.as_("auditor").get("/monitoring?days=365").status_code == 200


def test_every_check_runs_on_an_empty_store_and_a_broken_one_is_an_alert_of_its_own(
    ward: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = ward.context.watch
    assert all(watch.run(name, time.time()) is not None for name in CHECKS)

    def breaks(ground: Any, now: float) -> Any:
        raise RuntimeError("Mary O'Brien")

    raised(ward)
    monkeypatch.setitem(CHECKS, "drift", breaks)
    assert watch.run("drift", time.time()) is None
    found = {one.code: one for one in watch.alerts.all(open_only=True)}
    assert set(found) == {"check_failed", "drifted"}  # what it found before is neither lost nor closed
    assert "Mary" not in json.dumps(found["check_failed"].detail)
    monkeypatch.undo()
    watch.run("drift", time.time())
    assert watch.alerts.all(open_only=True) == []


def ran(ward: Any) -> list[str]:
    with ward.clinic.database.read() as db:
        return [row.state for row in db.execute(select(_tables.runs).order_by(_tables.runs.c.due))]


def test_only_the_server_with_the_lease_runs_what_is_due_and_both_write_their_figures(served: Any) -> None:
    from bedside.clinic.watch.watch import open_watch

    settings = WatchSettings(overrides="* * * * *", service="", drift="", outcomes="", measured="")
    one, other = (open_watch(served.clinic, settings, registry=served.context.metrics.registry) for _ in range(2))
    now = 1_800_000_000.0
    for minute in range(3):
        one.tick(now + 60 * minute)
        other.tick(now + 60 * minute)
    assert ran(served) == ["first", "done", "done"]  # the first minute only begins it
    one.lease.leave()
    other.tick(now + 180)
    assert ran(served) == ["first", "done", "done", "done"]


def test_the_thread_survives_a_store_that_is_away_and_writes_down_the_rest_when_it_ends(
    served: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    monkeypatch.setattr("bedside.clinic.watch.dispatcher.LAST_S", 300.0)
    ask(served, "pain")
    watch, fell = served.context.watch, threading.Event()

    class Away:
        lease, write = watch.lease, staticmethod(watch.write)

        def tick(self, now: float) -> None:
            fell.set()
            raise OSError("away")

    with Dispatcher(Away(), every_s=0.001) as dispatcher:  # type: ignore[arg-type]
        assert fell.wait(300)
        assert dispatcher._thread.is_alive()
    with served.clinic.database.read() as db:
        assert len(db.execute(select(_tables.answers)).all()) == 1


def test_settings_that_are_wrong_stop_the_start_and_name_the_field(tmp_path: Path) -> None:
    for wrong in ('drift = "at three"', 'timezone = "Mars/Olympus"', "window_days = 0", 'webhok = "x"'):
        path = tmp_path / "s.toml"
        path.write_text(f"[watch]\n{wrong}\n")
        with pytest.raises(ConfigError, match=f"watch.{wrong.split(' ')[0]}"):
            read_settings(path)


def command(ward: Any, *words: str, lang: str = "en") -> Any:
    with speaking(lang):  # type: ignore[arg-type]
        return CliRunner().invoke(build(), ["--lang", lang, "watch", *words, "--data", str(ward.data)])


def test_at_the_machine_checks_are_run_and_alerts_read_in_either_language(ward: Any) -> None:
    raised(ward)
    assert "triage label has changed" in command(ward, "status").output
    assert "分布已变化" in command(ward, "status", lang="zh").output
    done = command(ward, "run", "drift", "--json")
    assert (done.exit_code, json.loads(done.stdout)["checks"]["drift"]["detail"]) == (0, {"models": 0})
    assert "no open alert" in command(ward, "status").output  # it was not found again
    assert json.loads(command(ward, "status", "--json").stdout)["runs"][0]["check"] == "drift"
    assert isinstance(command(ward, "run", "tides").exception, UnknownName)


def test_a_test_alert_says_whether_it_arrived(ward: Any, tmp_path: Path) -> None:
    assert command(ward, "test-alert").exit_code == 3  # there is no channel
    (tmp_path / "secret").write_text("a secret of the ward")
    settings = tmp_path / "s.toml"
    hook = f'[watch.webhook]\nurl = "http://127.0.0.1:1/x"\nsecret_file = "{tmp_path / "secret"}"\n'
    settings.write_text(hook)
    done = command(ward, "test-alert", "--settings", str(settings))
    assert (done.exit_code, "did not arrive" in done.output) == (3, True)
    assert json.loads(command(ward, "status", "--json").stdout)["messages_waiting"] == 1


def test_a_plot_begins_at_nothing_unless_all_it_shows_lies_far_from_it() -> None:
    from bedside.server.workbench.plots import Plot, Value

    counts = Plot("requests", (Value(0, 90), Value(86_400, 100)))
    assert (counts.bottom, counts.line) == (0.0, "4.0,11.6 316.0,4.0")
    shares = Plot("accuracy", (Value(0, 0.9, 0.8, 1.0, 50), Value(86_400, 0.85, 0.8, 1.0, 50)))
    assert (shares.bottom, shares.band) == (0.8, "4.0,4.0 316.0,4.0 316.0,80.0 4.0,80.0")
    assert Plot("none", ()).latest == "–"
