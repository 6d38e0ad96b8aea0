"""`bedside data`: what is dropped is told, a split that leaks is refused, and a user may insist only in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bedside.commands._call import call
from bedside.errors import BedsideError, ColumnError, DataError, LeakError, UsageError
from bedside.evaluate.leaks import INSIST
from bedside.lang import set_lang

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


@pytest.mark.parametrize("by", ["patient", "site", "time"])
def test_a_split_without_its_column_says_which_one(notes: Path, tmp_path: Path, by: str) -> None:
    with pytest.raises(UsageError, match=f"each row's {by}.*--{by} COLUMN"):
        call("data", "split", str(notes), "-o", str(tmp_path / "parts"), "--by", by)


def test_a_split_by_site_and_by_time(notes: Path, tmp_path: Path) -> None:
    words = ["data", "split", str(notes), "-o", str(tmp_path / "parts")]
    call(*words, "--by", "site", "--site", "site", "--hold-out", "B", "--patient", "patient")
    assert {row["site"] for row in read(tmp_path / "parts" / "test.jsonl")} == {"B"}
    by_time = ["--by", "time", "--time", "time", "--from-time", "2021", "--patient", "patient", "--near", "1.0"]
    with pytest.raises(UsageError, match="--force"):
        call(*words, *by_time)
    assert {row["site"] for row in read(tmp_path / "parts" / "test.jsonl")} == {"B"}
    call(*words, *by_time, "--force")
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


def test_dates_are_read_as_dates_and_what_could_not_be_read_is_counted(tmp_path: Path) -> None:
    dates = ["2024/9/1", "2024/10/5", "13/02/2025", "03/04/2023", "不详"]
    bones = ["femur", "tibia", "radius", "ulna", "skull"]
    rows = [{"d": d, "text": f"{bone} fracture"} for d, bone in zip(dates, bones, strict=True)]
    table, out = write(tmp_path / "in.jsonl", rows), tmp_path / "parts"
    words = ["data", "split", str(table), "-o", str(out), "--by", "time", "--time", "d", "--near", "1.0"]
    _, said = call(*words, "--from-time", "2024-10-01")
    assert {path.stem: [row["d"] for row in read(path)] for path in out.iterdir()} == {
        "train": ["2024/9/1", "03/04/2023"],
        "test": ["2024/10/5", "13/02/2025"],
        "undated": ["不详"],
    }
    assert "undated: 1" in said
    assert "03/04/2024 = 2024-04-03" in said
    for start in ("yesterday", "2024-13-45"):
        with pytest.raises(UsageError, match="not a date"):
            call(*words, "--from-time", start, "--force")
    with pytest.raises(DataError, match="no row has a date"):
        call(*words[:-3], "text", "--from-time", "2024-10-01", "--force")


def test_a_missing_option_is_named(notes: Path, tmp_path: Path) -> None:
    words = ["data", "split", str(notes), "-o", str(tmp_path / "parts"), "--by"]
    for way, flag in (("site", "--hold-out"), ("time", "--from-time")):
        with pytest.raises(UsageError, match=flag):
            call(*words, way, f"--{way}", way)
    for way in ("patient", "site", "time"):
        with pytest.raises(UsageError, match=f"--{way} COLUMN"):
            call(*words, way)


def test_a_column_that_no_row_has_is_named_with_those_there_are(notes: Path, tmp_path: Path) -> None:
    split = ["data", "split", str(notes), "-o", str(tmp_path / "parts")]
    asked = [
        ["data", "check", str(notes), "--label", "nope"],
        ["data", "check", str(notes), "--patient", "nope"],
        ["data", "clean", str(notes), "-o", str(tmp_path / "out.jsonl"), "--text", "nope"],
        [*split, "--patient", "nope"],
        [*split, "--patient", "patient", "--label", "nope"],
        [*split, "--by", "time", "--time", "time", "--from-time", "2021", "--label", "nope"],
    ]
    for words in asked:
        with pytest.raises(ColumnError, match=r"nope\. Allowed: id, patient, site, time, text"):
            call(*words)
    assert list(tmp_path.iterdir()) == [notes]


def test_no_note_is_overwritten_by_its_cleaned_or_split_self(tmp_path: Path) -> None:
    rows = [{"patient": f"p{n}", "text": f"{bone} fracture"} for n, bone in enumerate(["femur", "tibia"])]
    table = write(tmp_path / "train.jsonl", rows)
    before = table.read_bytes()
    asked = [
        ["data", "clean", str(table), "-o", str(table)],
        ["data", "split", str(table), "-o", str(tmp_path), "--patient", "patient", "--shares", "train=0.5,test=0.5"],
    ]
    for words in asked:
        with pytest.raises(UsageError):
            call(*words)
    with pytest.raises(UsageError, match="overwritten"):
        call(*asked[1], "--force")
    assert table.read_bytes() == before
    assert list(tmp_path.iterdir()) == [table]


def test_a_part_never_lies_outside_its_folder(notes: Path, tmp_path: Path) -> None:
    words = ["data", "split", str(notes), "-o", str(tmp_path / "a" / "parts"), "--patient", "patient"]
    with pytest.raises(UsageError, match="plain name"):
        call(*words, "--shares", "../../evil=0.5,test=0.5")
    assert not list(tmp_path.rglob("evil*"))


@pytest.mark.parametrize("name", [".", "/dev/null", "nope.csv"])
def test_what_is_no_file_of_notes_is_said_to_be_none(name: str) -> None:
    with pytest.raises(BedsideError, match=r"a folder.*: \./|not a regular file: /dev/null|no such file: nope"):
        call("data", "check", name)


def test_check_speaks_chinese(tmp_path: Path) -> None:
    set_lang("zh")
    table = write(tmp_path / "in.jsonl", [{"text": "头痛三天。\n主诉：头痛", "病种": "偏头痛"}])
    said = call("data", "check", str(table), "--label", "病种")[1]
    assert "首个标题之前 1, 主诉 1" in said
    assert not any(word in said for word in ("opening", "chief", "fewer"))


def test_a_line_that_cannot_be_read_makes_the_work_done_in_part_and_is_counted(notes: Path, tmp_path: Path) -> None:
    assert call("data", "check", str(notes))[0] == 0
    whole = notes.read_text("utf-8").splitlines()
    notes.write_text("\n".join([*whole[:7], "{broken", *whole[7:]]), encoding="utf-8")
    for words in (
        ["check"],
        ["clean", "-o", str(tmp_path / "c.jsonl")],
        ["split", "-o", str(tmp_path / "s"), "--patient", "patient"],
    ):
        code, said = call("data", words[0], str(notes), *words[1:], "--json")
        assert (code, last_json(said)["problems"]) == (3, 1)
    assert len(read(tmp_path / "c.jsonl")) == len(whole)


def test_rows_without_text_are_no_copies_of_one_another_and_no_leak(tmp_path: Path) -> None:
    rows = [{"patient": f"p{n}", "text": NOTE.format(n) if n == 0 else " " * (n % 3)} for n in range(9)]
    table = write(tmp_path / "in.jsonl", rows)
    assert call("data", "clean", str(table), "-o", str(tmp_path / "out.jsonl"))[0] == 0
    assert len(read(tmp_path / "out.jsonl")) == 9
    assert call("data", "split", str(table), "-o", str(tmp_path / "parts"), "--patient", "patient")[0] == 0


def test_labels_of_rows_without_text_are_not_doubted_for_want_of_words(tmp_path: Path) -> None:
    table = write(tmp_path / "in.jsonl", [{"text": " ", "label": "ab"[n % 2]} for n in range(60)])
    code, said = call("data", "check", str(table), "--label", "label", "--json")
    assert (code, last_json(said)["labels"]["noise_checked"]) == (0, False)
