"""Models and jobs as a data engineer types them: from a table to a live model, and back."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from bedside.clinic.open import open_clinic
from bedside.commands._call import call
from bedside.errors import ModelError, UsageError
from bedside.lang import speaking

WORDS = {"cardio": ["chest pain", "胸痛"], "neuro": ["headache", "头痛"], "gut": ["nausea", "腹泻"]}


def rows(path: Path, count: int, seed: int) -> Path:
    """Notes whose label stands in them: what even the smallest network learns."""
    dice = random.Random(seed)
    with path.open("w", encoding="utf-8") as out:
        for n in range(count):
            label = dice.choice(sorted(WORDS))
            text = " ".join(dice.choice(WORDS[label]) for _ in range(dice.randint(2, 6)))
            row = {"patient": f"{seed}-{n}", "text": f"{text} {seed}-{n}", "label": label}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that has learnt, one that hardly has, and rows that neither has seen."""
    folder = tmp_path_factory.mktemp("fitted")
    train, _ = rows(folder / "train.jsonl", 150, 1), rows(folder / "test.jsonl", 90, 2)
    same = ["--patient", "patient", "--backbone", "echo", "--identity", "absent", "made up", "--json"]
    for name, epochs, rate in (("good", "4", "1e-3"), ("poor", "1", "1e-7")):
        words = [str(train), "-o", str(folder / name), "--epochs", epochs, "--set", f"learning_rate={rate}", *same]
        assert call("fit", *words)[0] == 0
    return folder


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BEDSIDE_CLINIC_KEY", "00" * 32)
    with open_clinic(tmp_path / "data") as clinic:
        (clinic.folder / "work").mkdir()
        return clinic.folder


def models(data: Path, *words: str) -> tuple[int, dict[str, Any]]:
    code, heard = call("models", words[0], *words[1:], "--data", str(data), "--json")
    return code, json.loads(heard.splitlines()[-1])


def test_from_a_folder_to_a_live_model_and_no_further_for_a_worse_one(fitted: Path, data: Path) -> None:
    test, why = str(fitted / "test.jsonl"), ["--why", "a test of the way"]
    assert models(data, "add", "triage", str(fitted / "good"))[1]["stage"] == "candidate"
    with pytest.raises(ModelError, match="not run"):
        models(data, "promote", "triage", "1", *why)
    code, told = models(data, "compare", "triage", "1", test)
    assert (code, [gate["name"] for gate in told["gates"]]) == (0, ["measured", "apart", "better"])
    assert models(data, "promote", "triage", "1", *why)[1]["stage"] == "live"
    models(data, "add", "triage", str(fitted / "poor"))
    code, told = models(data, "compare", "triage", "2", test)
    assert (code, [gate["name"] for gate in told["gates"] if not gate["open"]]) == (3, ["not_worse"])
    with pytest.raises(ModelError, match=r"macro_f1 \d\.\d{4} -> \d\.\d{4}, -\d\.\d{4} \[-"):
        models(data, "promote", "triage", "2", *why, "--canary", "10%")
    assert models(data, "promote", "triage", "2", *why, "--shadow")[1]["stage"] == "shadow"
    assert models(data, "retire", "triage", "2", *why)[1]["stage"] == "retired"
    with pytest.raises(UsageError, match="no earlier version"):
        models(data, "rollback", "triage", *why)
    acts = models(data, "show", "triage")[1]["acts"]
    assert [act["act"] for act in acts] == ["retired", "shadow", "added", "live", "added"]
    audited = [json.loads(line) for line in call("audit", "search", "--data", str(data), "--json")[1].splitlines()]
    assert [line["action"] for line in audited if line["detail"].get("version") == 1][:2] == [
        "models.add",
        "models.compare",
    ]
    with speaking("zh"):
        assert "现行" in call("models", "list", "--data", str(data))[1]


def test_rows_that_were_learnt_from_open_no_gate(fitted: Path, data: Path) -> None:
    models(data, "add", "triage", str(fitted / "good"))
    code, told = models(data, "compare", "triage", "1", str(fitted / "train.jsonl"))
    assert (code, [gate["name"] for gate in told["gates"] if not gate["open"]]) == (3, ["apart"])


def test_two_models_on_the_same_rows_differ_by_as_much_in_either_order(fitted: Path) -> None:
    gaps = []
    for one, other in (("good", "poor"), ("poor", "good")):
        words = [str(fitted / one), str(fitted / "test.jsonl"), "--against", str(fitted / other), "--json"]
        told = json.loads(call("evaluate", *words)[1])
        gap = told["comparison"]["against"]["accuracy"]["difference"]
        figures = told["metrics"]["accuracy"]["value"], told["baselines"]["against"]["accuracy"]["value"]
        assert gap["value"] == pytest.approx(figures[0] - figures[1])
        assert told["measured"]["leak"] == {"patients": 0, "texts": 0}
        gaps.append((gap["value"], gap["low"], gap["high"]))
    assert gaps[0] == pytest.approx((-gaps[1][0], -gaps[1][2], -gaps[1][1]))
    assert gaps[0][1] > 0


@pytest.mark.parametrize("share", ["10", "ten%", "%", "60%"])
def test_a_canary_is_a_share_of_up_to_half(fitted: Path, data: Path, share: str) -> None:
    models(data, "add", "triage", str(fitted / "good"))
    with pytest.raises(UsageError, match="share"):
        models(data, "promote", "triage", "1", "--why", "a test", "--canary", share)


def test_a_job_is_queued_listed_shown_and_cancelled(fitted: Path, data: Path) -> None:
    (data / "work" / "train.jsonl").write_bytes((fitted / "train.jsonl").read_bytes())
    where = ["--data", str(data)]
    words = ["fit", "train.jsonl", "--label", "label", "-o", "m"]
    job = json.loads(call("jobs", "add", *where, "--json", "--register", "triage", *words)[1])
    assert (job["state"], "words" in job) == ("queued", False)
    assert json.loads(call("jobs", "show", job["id"], *where, "--json")[1])["words"] == words[1:]
    with speaking("zh"):
        assert "排队中" in call("jobs", "list", *where)[1]
    assert json.loads(call("jobs", "cancel", job["id"], *where, "--json")[1])["state"] == "cancelled"
    assert json.loads(call("jobs", "list", *where, "--json")[1])["jobs"][0]["reason"] == "cancelled"
    for verb in ("show", "cancel"):
        with pytest.raises(UsageError, match="no such job"):
            call("jobs", verb, "j0", *where)
