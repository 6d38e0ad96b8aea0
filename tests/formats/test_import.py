"""`bedside import`: files of any kind in, one line a patient out, and a report in which nothing is missing."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from _imports import DATA, NOTES, run, write
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.errors import UsageError
from bedside.formats import _choose
from bedside.formats._charts.gather import Gather
from bedside.types import Entry, Identifier, Origin, RawChart


def test_a_clean_table_is_done_and_a_damaged_one_is_done_in_part(tmp_path: Path) -> None:
    code, report, charts = run(tmp_path, write(tmp_path / "in" / "notes.csv", NOTES))
    assert (code, len(charts)) == (0, 2)
    (entry,) = report["files"]
    assert (entry["status"], entry["format"], entry["records"], entry["problems"]) == ("read", "table", 2, [])
    code, report, charts = run(tmp_path, write(tmp_path / "in" / "notes.csv", NOTES + "9,F\n"))
    assert (code, len(charts)) == (3, 3)
    assert report["files"][0]["status"] == "partly"
    assert report["files"][0]["problems"][0]["place"] == "line 4"


def test_nothing_usable_is_exit_2_and_leaves_no_charts(tmp_path: Path) -> None:
    code, report, charts = run(tmp_path, write(tmp_path / "in" / "blob.bin", b"\x00\x01"))
    assert (code, charts) == (2, [])
    assert report["files"][0]["status"] == "refused"
    assert report["files"][0]["problems"][0]["what"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["report.json"]


def test_one_patient_in_two_files_is_one_line_and_a_repeated_file_adds_nothing(tmp_path: Path) -> None:
    first = write(tmp_path / "in" / "a.csv", NOTES)
    second = write(tmp_path / "in" / "b.csv", "patient_id,birth_date,text\n7,1950-03-02,stent placed\n")
    write(tmp_path / "in" / "sub" / "a.csv", NOTES)
    code, report, charts = run(tmp_path, tmp_path / "in")
    assert code == 0
    assert [chart.patient for chart in charts] == ["7", "8"]
    assert [entry.text for entry in charts[0].entries] == ["chest pain", "stent placed"]
    assert (charts[0].sex, charts[0].birth_date) == ("female", "1950-03-02")
    assert report["totals"]["duplicates"] == 2
    assert {Path(entry.origin.file).name for entry in charts[0].entries} == {first.name, second.name}


def test_sources_that_disagree_on_a_patient_are_named(tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.csv", NOTES)
    write(tmp_path / "in" / "b.csv", "patient_id,sex,text\n7,M,stent placed\n")
    code, report, charts = run(tmp_path, tmp_path / "in")
    assert code == 3
    assert charts[0].sex == "female"
    assert [problem["place"] for problem in report["totals"]["problems"]] == ["chart 1"]


def test_two_people_under_one_number_are_kept_apart(tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.csv", "patient_id,sex,birth_date,text\n7,F,1950-03-02,chest pain\n")
    write(
        tmp_path / "in" / "b.csv", "patient_id,sex,birth_date,text\n7,M,1980-01-01,knee pain\n7,F,1950,stent placed\n"
    )
    code, report, charts = run(tmp_path, tmp_path / "in")
    assert code == 3
    assert [[entry.text for entry in chart.entries] for chart in charts] == [
        ["chest pain", "stent placed"],
        ["knee pain"],
    ]
    assert [chart.patient for chart in charts] == ["7", "7~2"]
    assert [problem["place"] for problem in report["totals"]["problems"]] == ["chart 2"]


def test_flags_and_a_recipe_say_which_column_is_the_text(tmp_path: Path) -> None:
    path = write(tmp_path / "in" / "n.csv", "主诉,现病史,医嘱号\n胸痛,三天,A1\n")
    recipe = write(tmp_path / "r.toml", '[columns]\ntext = "主诉"\n')
    assert run(tmp_path, path, "--recipe", recipe)[2][0].entries[0].text == "胸痛"
    both = run(tmp_path, path, "--recipe", recipe, "--map", "text=主诉+现病史")[2]
    assert both[0].entries[0].text == "胸痛\n三天"
    with pytest.raises(Exception, match="unknown key"):
        run(tmp_path, path, "--recipe", write(tmp_path / "bad.toml", "colums = 1\n"))


def test_a_table_without_the_named_column_is_refused_alone_and_a_wrong_meaning_stops_all(tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.csv", "主诉\n胸痛\n")
    write(tmp_path / "in" / "b.csv", "other\nx\n")
    code, report, charts = run(tmp_path, tmp_path / "in", "--map", "text=主诉")
    assert (code, len(charts)) == (3, 1)
    assert "other" in report["files"][1]["problems"][0]["what"]
    with pytest.raises(UsageError, match="unknown meaning"):
        run(tmp_path, tmp_path / "in", "--map", "texte=主诉")


def test_a_reader_that_is_not_installed_refuses_its_files_with_the_install_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    write(tmp_path / "in" / "a.csv", NOTES)
    write(tmp_path / "in" / "b.pdf", b"%PDF-1.7")
    code, report, charts = run(tmp_path, tmp_path / "in")
    assert (code, len(charts)) == (3, 2)
    assert "pip install 'bedside[pdf]'" in report["files"][1]["problems"][0]["what"]


def test_hidden_files_are_counted_and_links_out_of_a_folder_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "in" / "notes.csv", NOTES)
    write(tmp_path / "in" / ".notes.csv.swp", "x")
    (tmp_path / "in" / "passwd").symlink_to("/etc/passwd")
    code, report, _ = run(tmp_path, tmp_path / "in")
    assert code == 3
    assert report["totals"]["hidden_skipped"] == 1
    assert [Path(entry["file"]).name for entry in report["files"] if entry["status"] == "refused"] == ["passwd"]


def test_a_path_that_is_not_there_is_a_wrong_use(tmp_path: Path) -> None:
    for word in ("nowhere.csv", "*.nothing"):
        with pytest.raises(UsageError):
            run(tmp_path, tmp_path / word)
    write(tmp_path / "in" / "a.csv", NOTES)
    assert len(run(tmp_path, tmp_path / "in" / "*.csv")[2]) == 2


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Chest pain since Monday, worse today.\nDenies fever, denies cough.\nPlan: aspirin, ECG.\n", "text"),
        ("患者胸痛三天，否认发热。\n否认咳嗽，否认腹痛。\n", "text"),
        ("patient_id,text,date\n7,chest pain,2024-03-05\n", "table"),
        ("住院号\t主诉\n0012\t胸痛\n", "table"),
    ],
)
def test_a_note_with_commas_is_no_table_and_a_table_without_a_name_is_one(
    tmp_path: Path, text: str, wanted: str
) -> None:
    _, report, _ = run(tmp_path, write(tmp_path / "in" / "file.txt", text))
    assert report["files"][0]["format"] == wanted


def test_a_locked_pdf_inside_a_fhir_record_does_not_end_the_record(tmp_path: Path) -> None:
    letter = {"contentType": "application/pdf", "data": "JVBERi0xLjcKbm90aGluZw=="}
    subject = {"reference": "Patient/7"}
    document = {"resourceType": "DocumentReference", "id": "d", "subject": subject, "content": [{"attachment": letter}]}
    problem = {"resourceType": "Condition", "id": "c", "subject": subject, "code": {"text": "Gout"}}
    lines = "\n".join(json.dumps(resource) for resource in (document, problem))
    code, report, charts = run(tmp_path, write(tmp_path / "in" / "record.ndjson", lines + "\n"))
    assert code == 3
    assert "Gout" in [entry.text for entry in charts[0].entries]
    assert "PDF" in json.dumps(report["files"][0]["problems"])


def test_a_name_that_is_no_utf_8_is_read_and_reported_in_chinese(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path / "in")
    os.mkdir(folder)
    try:
        path = os.path.join(folder, "病历.txt".encode("gb18030"))
        with open(path, "wb") as file:
            file.write("胸痛三天，否认发热。".encode())
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    code, report, charts = run(tmp_path, tmp_path / "in")
    assert (code, len(charts)) == (0, 1)
    assert report["files"][0]["file"].endswith("病历.txt")
    assert charts[0].entries[0].origin.file == "病历.txt"
    assert (tmp_path / "out" / "charts.jsonl").read_bytes().decode()


def test_a_name_in_an_archive_moves_no_cursor_and_breaks_no_line(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        archive.writestr("a\x1b[2J\n.txt", "chest pain")
    _, report, charts = run(tmp_path, tmp_path / "in.zip")
    told = [report["files"][0]["file"], charts[0].patient, charts[0].entries[0].origin.file]
    assert all("a\ufffd[2J\ufffd" in name and name.isprintable() for name in told)


def test_a_fault_of_our_own_in_a_reader_costs_one_file_and_tells_no_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "in" / "a.csv", NOTES)
    write(tmp_path / "in" / "b.txt", "a note")
    load = _choose.registry.load

    def broken(kind: str, name: str) -> Any:
        from dataclasses import replace

        def read(path: Path, options: object) -> Any:
            raise KeyError("SECRET")

        found = load(kind, name)
        return replace(found, read=read) if name == "text" else found

    monkeypatch.setattr(_choose.registry, "load", broken)
    code, report, charts = run(tmp_path, tmp_path / "in")
    assert (code, len(charts)) == (3, 2)
    assert "KeyError" in report["files"][1]["problems"][0]["what"]
    assert "SECRET" not in json.dumps(report)


entries = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["x", "y"]), st.sampled_from(["1.csv", "2.csv"])), max_size=30
)


@settings(max_examples=40, deadline=None)
@given(entries)
def test_gathering_loses_no_entry_and_keeps_each_once(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[str, str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("gather")
    with Gather(folder / "out.jsonl") as gather:
        for patient, text, file in drawn:
            entry = Entry(id=text, kind="DocumentReference", text=text, origin=Origin(file))
            gather.add(RawChart(patient=patient, entries=(entry,), identifiers=(Identifier("ID", patient * 3),)))
        charts = list(gather.charts())
    assert list(folder.iterdir()) == []
    assert [chart.patient for chart in charts] == list(dict.fromkeys(patient for patient, _, _ in drawn))
    found = {(chart.patient, entry.text) for chart in charts for entry in chart.entries}
    assert found == {(patient, text) for patient, text, _ in drawn}
    assert sum(len(chart.entries) for chart in charts) == len(found)


@pytest.mark.parametrize("folder", ["ccda_documents", "hl7v2_messages", "cds_hooks_examples", "vcf_samples"])
def test_real_files_are_read_or_refused_with_a_reason(tmp_path: Path, folder: str) -> None:
    if not (DATA / folder).exists():
        pytest.skip("the shared data sets are not on this machine")
    code, report, _ = run(tmp_path, DATA / folder)
    assert code in (0, 2, 3)
    for entry in report["files"]:
        assert entry["status"] == "read" or entry["problems"], entry["file"]
        assert "fault" not in json.dumps(entry["problems"])
