"""`bedside runs`: every fit is written down, two are compared, a run that cannot be written down still ends well."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bedside import runs
from bedside.commands._call import call
from bedside.errors import UsageError
from bedside.lang import speaking

FIGURE = {"value": 0.8, "low": 0.7, "high": 0.9, "n": 50, "n_patients": 25, "method": "made up", "seed": 0}


@pytest.fixture(autouse=True)
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without runs."""
    monkeypatch.setenv("BEDSIDE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv(runs.TRACKING, raising=False)
    return tmp_path / "home"


def made(value: float = 0.8, **more: Any) -> runs.Run:
    figures = {"f1": {**FIGURE, "value": value}, "auroc": {"reason": "one class only", "n": 1, "n_patients": 1}}
    facts = {"recipe": {"fit": {"epochs": 3}}, "data": {"a.csv": "12"}, "out": "/tmp/M", "seconds": 2.5}
    run = runs.remember("fit", runs.started(), metric="f1", figures=figures, **{**facts, **more})
    assert run is not None
    return run


def test_a_fit_is_written_down_with_recipe_data_figures_time_and_memory(notes: Path, tmp_path: Path) -> None:
    quick = ("--backbone", "echo", "--epochs", "1", "--set", "precision=fp32")
    call(
        "fit", str(notes), "-o", str(tmp_path / "M"), "--patient", "patient", "--identity", "absent", "made up", *quick
    )
    run = runs.run_called("last")
    assert (run.command, run.head, run.metric) == ("fit", "classify", "macro_f1")
    assert run.recipe["fit"]["backbone"] == "echo"
    assert list(run.data) == ["notes.jsonl"]
    assert run.out == str((tmp_path / "M").resolve())
    assert run.seconds > 0
    assert run.peak_mb > 50
    kept = next((tmp_path / "home" / "runs").glob("*.json")).read_text(encoding="utf-8")
    assert "chest pain" not in kept


def test_runs_are_listed_shown_and_drawn(tmp_path: Path) -> None:
    assert "no runs yet" in call("runs")[1]
    run = made()
    assert "f1" in call("runs")[1]
    assert run.id in call("runs")[1]
    assert "fit.epochs = 3" in call("runs", "show", "last")[1]
    assert "0.800 [0.700, 0.900]" in call("runs", "show", run.id)[1]
    page = tmp_path / "runs.html"
    with speaking("zh"):
        call("runs", "--report", str(page))
    text = page.read_text(encoding="utf-8")
    assert "运行记录" in text
    assert "0.800 [0.700, 0.900]" in text
    assert "<script" not in text


def test_two_runs_side_by_side_show_only_the_settings_that_differ() -> None:
    one, two = made(), made(0.6, recipe={"fit": {"epochs": 9}, "note": 1})
    told = json.loads(call("runs", "compare", one.id, two.id, "--json")[1])
    assert told["settings"] == {"fit.epochs": [3, 9], "note": [None, 1]}
    assert [figure["value"] for figure in told["figures"]["f1"]] == [0.8, 0.6]
    assert told["same_data"]
    assert "cannot be compared" not in call("runs", "compare", one.id, two.id)[1]
    other = made(data={"a.csv": "13"})
    assert "cannot be compared" in call("runs", "compare", one.id, other.id)[1]


def test_an_unknown_run_is_refused_with_the_latest_ones() -> None:
    run = made()
    with pytest.raises(UsageError, match=run.id):
        call("runs", "show", "19990101")


def test_a_store_that_cannot_be_written_fails_no_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("BEDSIDE_HOME", str(tmp_path / "file"))
    assert runs.remember("fit", runs.started()) is None
    assert "not written down" in capsys.readouterr().err


def test_a_broken_file_hides_no_other_run(empty_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = made()
    (empty_home / "runs" / "0.json").write_text("{", encoding="utf-8")
    assert [one.id for one in runs.all_runs()] == [run.id]
    assert "0.json" in capsys.readouterr().err


def test_mlflow_gets_settings_and_figures_where_it_is_named_and_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    heard: dict[str, Any] = {}

    class Started:
        def __enter__(self) -> None: ...
        def __exit__(self, *exc: object) -> None: ...

    fake = SimpleNamespace(
        set_experiment=lambda name: heard.update(experiment=name),
        start_run=lambda run_name: Started(),
        log_params=lambda values: heard.update(params=values),
        log_metrics=lambda values: heard.update(metrics=values),
        set_tags=lambda values: heard.update(tags=values),
    )
    monkeypatch.setitem(sys.modules, "mlflow", fake)
    made()
    assert heard == {}, "nothing goes out unless the address is named"
    monkeypatch.setenv(runs.TRACKING, "http://127.0.0.1:1")
    made()
    assert heard["params"] == {"fit.epochs": "3"}
    assert heard["metrics"]["f1.low"] == 0.7
    assert "auroc" not in heard["metrics"]
    monkeypatch.setitem(sys.modules, "mlflow", None)
    made()
    assert "pip install mlflow" in capsys.readouterr().err
