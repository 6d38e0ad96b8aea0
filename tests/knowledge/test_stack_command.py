"""`bedside stack` and `bedside diagnose --model --fuse`: a local model beside the knowledge, and both as one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bedside.commands._call import call
from bedside.config import Recipe
from bedside.errors import BedsideError, ColumnError, DataError, LeakError, UsageError
from bedside.model.folder import open_model
from bedside.train.fit import fit

CASES = {
    "Neurology": (["HP:0001250", "HP:0001263"], ["seizure", "抽搐"]),
    "Eye clinic": (["HP:0000518"], ["cataract", "白内障"]),
}
MAP = "Neurology\tOMIM:100001\nEye clinic\tHP:0000518\n"


def write_rows(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def rows(count: int, *, first: int = 0) -> list[dict[str, Any]]:
    found = []
    for number in range(first, first + count):
        label = sorted(CASES)[number % 2]
        terms, words = CASES[label]
        text = " ".join(words[(number // 2 + k) % 2] for k in range(1 + number % 3))
        found.append({"id": f"c{number}", "patient": f"p{number}", "label": label, "present": terms, "text": text})
    return found


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("local")
    path = write_rows(folder / "learned.jsonl", rows(80, first=1000))
    data = {"train": path, "patient": "patient", "identity": "absent", "identity_reason": "made up"}
    how = {"backbone": "echo", "epochs": 6, "learning_rate": 2e-2, "precision": "fp32", "batch_tokens": 256}
    fit(Recipe.from_dict({"data": data, "fit": how}), out=folder / "M")
    return folder / "M"


def stack(release: Path, model: Path, path: Path, out: Path, *words: object) -> tuple[int, str]:
    table = out.parent / "map.tsv"
    table.write_text(MAP, encoding="utf-8")
    given = (path, "--model", model, "--map", table, "-o", out, "--hpo", release, *words)
    return call("stack", *map(str, given))


def test_both_engines_are_measured_alone_and_fused_and_the_fusion_is_applied(
    release: Path, model: Path, tmp_path: Path
) -> None:
    path, out = write_rows(tmp_path / "labelled.jsonl", rows(40)), tmp_path / "S"
    code, said = stack(release, model, path, out, "--json")
    told = json.loads(said)
    assert code == 0
    assert set(told["figures"]) == {"local", "knowledge", "fused"}
    assert set(told["figures"]["fused"]) == {"top1", "top3", "log_loss", "ece"}
    assert told["figures"]["fused"]["top1"]["n_patients"] == 40
    assert set(told["fused_minus"]["local"]["log_loss"]) == {"difference", "p", "test"}
    case = ("HP:0000518", "--hpo", str(release), "--model", str(model))
    _, said = call("diagnose", *case, "--fuse", str(out), "--json")
    answer = json.loads(said)
    assert {one["label"] for one in answer["local"]} == set(CASES)
    assert sum(one["probability"] for one in answer["fused"]) == pytest.approx(1)
    assert answer["fused"][0]["label"] == "Eye clinic"
    assert {one["id"] for one in answer["fused"][0]["diseases"]} <= {"OMIM:100003", "OMIM:100005", "OMIM:100006"}
    assert answer["local_limits"]  # it has no text: the names were read


@pytest.mark.parametrize("text", ["cataract cataract", "白内障"])
def test_the_two_engines_stand_side_by_side_in_a_table_and_on_the_terminal(
    release: Path, model: Path, tmp_path: Path, text: str
) -> None:
    path = write_rows(tmp_path / "cases.jsonl", [{"id": "a", "text": text}])
    out = tmp_path / "out.jsonl"
    given = ("--hpo", str(release), "--model", str(model))
    assert call("diagnose", str(path), "-o", str(out), *given)[0] == 0
    (line,) = [json.loads(one) for one in out.read_text(encoding="utf-8").splitlines()]
    assert {"OMIM:100003", "OMIM:100006"} <= {one["id"] for one in line["ranking"]}
    probabilities = [one["probability"] for one in line["local"]]
    assert probabilities == sorted(probabilities, reverse=True)
    assert "fused" not in line
    said = call("diagnose", str(path), *given)[1]
    assert "Local model M" in said
    assert "Eye clinic" in said


def test_too_few_cases_are_refused_with_how_many_it_takes(release: Path, model: Path, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "few.jsonl", rows(12))
    with pytest.raises(DataError, match=r"12.*at least 25"):
        stack(release, model, path, tmp_path / "S")
    assert not (tmp_path / "S").exists()


def refused(kind: type[BedsideError], words: str, *given: Any) -> None:
    with pytest.raises(kind, match=words):
        stack(*given)


def test_what_cannot_be_weighed_is_refused_in_words(release: Path, model: Path, tmp_path: Path) -> None:
    out = tmp_path / "S"
    same = write_rows(tmp_path / "same.jsonl", [row for row in rows(80) if row["label"] == "Neurology"])
    refused(DataError, "same label", release, model, same, out)
    bare = write_rows(tmp_path / "bare.jsonl", [{**row, "label": None} for row in rows(30)])
    refused(ColumnError, "no row has a label", release, model, bare, out)
    learned = write_rows(tmp_path / "learned.jsonl", rows(80, first=1000))
    refused(LeakError, "learned from this very file", release, model, learned, out)


def test_a_fusion_of_another_model_is_refused(release: Path, model: Path, tmp_path: Path) -> None:
    path, out = write_rows(tmp_path / "labelled.jsonl", rows(40)), tmp_path / "S"
    stack(release, model, path, out)
    values = json.loads((out / "stack.json").read_text(encoding="utf-8"))
    (out / "stack.json").write_text(json.dumps({**values, "model": "other"}), encoding="utf-8")
    with pytest.raises(DataError, match="another model"):
        call("diagnose", "HP:0000518", "--hpo", str(release), "--model", str(model), "--fuse", str(out))
    with pytest.raises(UsageError, match="already"):
        stack(release, model, path, out)
    assert open_model(model).labels
