"""`bedside data`: what is dropped is told, a split that leaks is refused, and a user may insist only in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bedside.commands._call import call
from bedside.errors import ColumnError, LeakError, UsageError
from bedside.evaluate.split import INSIST

NOTE = (
    "Solid nodule in the right upper lobe, {} mm, lobulated margin, marked spiculation, no calcification, no effusion."
)


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def last_json(out: str) -> Any:
    return json.loads(out.strip().splitlines()[-1])


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """Ten patients of two unlike notes each; the words differ from patient to patient."""
    topics = ["heart", "liver", "kidney", "spleen", "femur", "retina", "cochlea", "thyroid", "stomach", "bladder"]
    rows = [
        {
            "id": f"{n}-{k}",
            "patient": f"p{n}",
            "site": "AB"[n % 2],
            "time": f"202{k}-01-01",
            "text": f"{topic} {k}: {topic * 5}",
        }
        for n, topic in enumerate(topics)
        for k in range(2)
    ]
    return write(tmp_path / "notes.jsonl", rows)


def test_clean_keeps_the_first_of_the_copies_and_every_other_column(tmp_path: Path) -> None:
    rows = [
        {"id": n, "text": text} for n, text in enumerate([NOTE.format(21), "骨折，左股骨颈　５㎝", NOTE.format(22)])
    ]
    table, out = write(tmp_path / "in.jsonl", rows), tmp_path / "out.jsonl"
    code, said = call("data", "clean", str(table), "-o", str(out), "--json")
    report = last_json(said)
    assert code == 0
    assert read(out) == [{"id": 0, "text": NOTE.format(21)}, {"id": 1, "text": "骨折，左股骨颈 5cm"}]
    assert (report["read"], report["written"], report["copies"]) == (3, 2, {"2": 0})


def test_clean_drops_boilerplate_only_when_asked(tmp_path: Path) -> None:
    head = "This report was generated automatically by the radiology system of the hospital"
    table = write(tmp_path / "in.jsonl", [{"text": f"{head}\nfinding {n}"} for n in range(40)])
    for words, text in (([], f"{head}\nfinding 7"), (["--boilerplate", "0.5"], "finding 7")):
        call("data", "clean", str(table), "-o", str(tmp_path / "out.jsonl"), "--keep-copies", *words)
        assert read(tmp_path / "out.jsonl")[7]["text"] == text


def test_a_split_by_patient_keeps_patients_whole(notes: Path, tmp_path: Path) -> None:
    _, said = call("data", "split", str(notes), "-o", str(tmp_path / "parts"), "--patient", "patient", "--json")
    parts = {path.stem: {row["patient"] for row in read(path)} for path in (tmp_path / "parts").glob("*.jsonl")}
    assert set(parts) == {"train", "dev", "test"}
    assert sum(map(len, parts.values())) == 10
    assert last_json(said)["leaks"]["shared_patients"] == 0


def test_a_split_by_site_and_by_time(notes: Path, tmp_path: Path) -> None:
    words = ["data", "split", str(notes), "-o", str(tmp_path / "parts")]
    call(*words, "--by", "site", "--site", "site", "--hold-out", "B", "--patient", "patient")
    assert {row["site"] for row in read(tmp_path / "parts" / "test.jsonl")} == {"B"}
    call(*words, "--by", "time", "--time", "time", "--from-time", "2021", "--patient", "patient", "--near", "1.0")
    assert {row["time"] for row in read(tmp_path / "parts" / "test.jsonl")} == {"2021-01-01"}


def test_a_near_copy_in_another_part_is_refused_unless_insisted_on_in_words(tmp_path: Path) -> None:
    rows = [{"patient": f"p{n}", "text": NOTE.format(n)} for n in range(10)]
    table, out = write(tmp_path / "in.jsonl", rows), tmp_path / "parts"
    words = ["data", "split", str(table), "-o", str(out), "--patient", "patient", "--json"]
    with pytest.raises(LeakError) as refused:
        call(*words)
    assert not out.exists()
    assert "Solid nodule" not in str(refused.value)
    with pytest.raises(LeakError):
        call(*words, "--insist", "yes")
    assert last_json(call(*words, "--insist", INSIST)[1])["leaks"]["near_texts"] > 0
    assert out.exists()


def test_check_reports_and_changes_nothing(notes: Path, tmp_path: Path) -> None:
    before = notes.read_bytes()
    report = last_json(call("data", "check", str(notes), "--label", "site", "--json")[1])
    assert report["rows"] == 20
    assert report["languages"] == {"en": 20}
    assert report["labels"]["counts"] == {"A": 10, "B": 10}
    assert notes.read_bytes() == before
    assert list(tmp_path.iterdir()) == [notes]


def test_a_wrong_column_or_way_is_named(notes: Path, tmp_path: Path) -> None:
    with pytest.raises(ColumnError, match="note"):
        call("data", "check", str(notes), "--text", "note")
    for words in (["--by", "moon"], ["--by", "site"], ["--patient", "patient", "--shares", "train"]):
        with pytest.raises(UsageError):
            call("data", "split", str(notes), "-o", str(tmp_path / "parts"), *words)
