"""`bedside trials import` and `bedside trials match`: registries in, charts and cohorts matched, failures told."""

from __future__ import annotations

import json
import zipfile
from contextlib import chdir
from pathlib import Path
from types import SimpleNamespace

import pytest

from bedside.commands._call import call
from bedside.errors import BedsideError
from bedside.lang import speaking

TEXT = (
    "Inclusion Criteria:\n- Type 2 diabetes\n- HbA1c 7.0 - 10.0 %\n\nExclusion Criteria:\n- eGFR < 30 mL/min/1.73 m2\n"
)
TEXT_ZH = "入选标准：\n1）2型糖尿病；\n排除标准：\n1）近6个月内发生过心肌梗死；\n"


def study(id="NCT09000001", text=TEXT, updated="2025-03-01"):
    about = {"nctId": id, "briefTitle": "A study"}
    status = {"overallStatus": "RECRUITING", "lastUpdatePostDateStruct": {"date": updated}}
    who = {"sex": "ALL", "minimumAge": "18 Years", "maximumAge": "75 Years", "eligibilityCriteria": text}
    parts = {"identificationModule": about, "statusModule": status, "eligibilityModule": who}
    return {"protocolSection": {**parts, "conditionsModule": {"conditions": ["Type 2 Diabetes"]}}}


def run(folder: Path, *words: str, lang: str = "en") -> SimpleNamespace:
    """The command in this process: its exit code, what it printed, and its error."""
    try:
        with chdir(folder), speaking(lang):
            code, heard = call("trials", *words[1:])
    except BedsideError as error:
        return SimpleNamespace(returncode=error.exit_code, stdout="", stderr=str(error))
    return SimpleNamespace(returncode=code, stdout=heard, stderr="")


def said(done: SimpleNamespace):
    return json.loads(done.stdout.splitlines()[-1])


def lines(path: Path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def trials(tmp_path: Path) -> Path:
    (tmp_path / "page.json").write_text(json.dumps({"studies": [study()]}), encoding="utf-8")
    row = {"id": "ZH1", "title": "研究", "eligibility": TEXT_ZH, "min_age": "18岁"}
    (tmp_path / "ours.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    assert run(tmp_path, "trials", "import", "page.json", "ours.jsonl", "-o", "T.jsonl").returncode == 0
    return tmp_path / "T.jsonl"


def test_trials_of_a_registry_and_of_a_table_are_read_with_their_criteria(trials):
    one, other = lines(trials)
    assert (one["id"], one["min_age"], one["max_age"], one["phase"]) == ("NCT09000001", 18.0, 75.0, "")
    assert [criterion["side"] for criterion in one["criteria"]] == ["include", "include", "exclude"]
    assert (other["id"], other["min_age"], [c["side"] for c in other["criteria"]]) == (
        "ZH1",
        18.0,
        ["include", "exclude"],
    )


def test_a_later_import_keeps_the_newer_version_and_tells_what_it_left_out(trials):
    folder = trials.parent
    newer, older = study(updated="2025-06-01", text="Inclusion Criteria:\n- Asthma\n"), study(updated="2024-01-01")
    with zipfile.ZipFile(folder / "pages.zip", "w") as archive:
        archive.writestr("new.ndjson", json.dumps(newer) + "\n" + json.dumps(older) + "\n")
        archive.writestr("bad.json", '{"studies": [{"protocolSection": {}}]}')
    done = run(folder, "trials", "import", "pages.zip", "-o", "T.jsonl", "--report", "r.json", "--json")
    totals = said(done)["totals"]
    assert done.returncode == 3
    assert (totals["updated"], totals["older"], totals["refused"], totals["trials"]) == (1, 1, 1, 2)
    assert [c["text"] for c in lines(trials)[0]["criteria"]] == ["Asthma"]
    assert "NCT" in json.dumps(json.loads((folder / "r.json").read_text(encoding="utf-8"))["files"])


def test_a_note_is_matched_with_evidence_and_questions(trials):
    note = "A 58-year-old man with type 2 diabetes, eGFR 31 mL/min/1.73 m2. No history of MI."
    found = said(run(trials.parent, "trials", "match", note, "--trials", "T.jsonl", "--json"))
    by = {one["trial"]: one for one in found["trials"]}
    verdicts = [(c["text"], c["verdict"]) for c in by["NCT09000001"]["criteria"]]
    assert ("HbA1c 7.0 - 10.0 %", "unknown") in verdicts
    assert sum(verdict == "met" for _, verdict in verdicts) == 3
    assert by["ZH1"]["eligibility"] == "eligible"
    assert found["questions"][0]["ask"] == "What is the latest HbA1c?"
    assert found["questions"][0]["alone"] == ["NCT09000001"]
    assert found["disclaimer"]


def test_the_same_chart_with_worse_kidneys_is_not_eligible_and_is_told_so_in_chinese(trials):
    note = "患者男，58岁，2型糖尿病，糖化血红蛋白8.2%，肾小球滤过率29 mL/min/1.73m2。"
    done = run(trials.parent, "trials", "match", note, "--trials", "T.jsonl", "--trial", "NCT09000001", lang="zh")
    assert "不符合" in done.stdout
    assert "本系统仅供参考" in done.stdout


def test_a_cohort_is_written_a_line_a_chart_and_one_that_fails_is_told_not_judged(trials):
    folder = trials.parent
    notes = [
        {"id": "a", "text": "Type 2 diabetes, HbA1c 8.0 %."},
        {"id": "b", "text": ""},
        {"id": "c", "text": "No diabetes."},
        {"id": "c", "text": "No diabetes."},
    ]
    (folder / "notes.jsonl").write_text("".join(json.dumps(one) + "\n" for one in notes), encoding="utf-8")
    command = [
        "trials",
        "match",
        "notes.jsonl",
        "--trials",
        "T.jsonl",
        "-o",
        "out.jsonl",
        "--html",
        "page.html",
        "--json",
    ]
    done = run(folder, *command)
    report = said(done)
    assert done.returncode == 3
    assert (report["rows"], report["failed"], report["repeated"]) == (4, 1, 1)
    first, second, third, _ = lines(folder / "out.jsonl")
    assert "error" in second
    assert "trials" not in second
    assert [one["eligibility"] for one in first["trials"]] == ["possibly", "possibly"]
    assert {one["eligibility"] for one in third["trials"]} == {"not eligible"}
    assert report["trials"]["NCT09000001"]["first"] == ["a"]
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert "Charts that were not matched" in page
    assert "1 chart with an id that came before" in page
    assert "http" not in page.replace("http-equiv", "")


def test_a_stopped_run_goes_on_where_it_ended(trials):
    folder = trials.parent
    notes = [{"id": f"n{n}", "text": f"HbA1c {6 + n}.5 %. Type 2 diabetes."} for n in range(4)]
    (folder / "notes.jsonl").write_text("".join(json.dumps(one) + "\n" for one in notes), encoding="utf-8")
    command = ["trials", "match", "notes.jsonl", "--trials", "T.jsonl", "-o", "out.jsonl", "--json"]
    assert run(folder, *command).returncode == 0
    whole = (folder / "out.jsonl").read_text(encoding="utf-8")
    (folder / "out.jsonl").unlink()
    (folder / "out.jsonl.part").write_text("".join(whole.splitlines(keepends=True)[:2]), encoding="utf-8")
    report = said(run(folder, *command, "--resume"))
    assert (report["rows"], report["skipped"], report["repeated"]) == (2, 2, 0)
    kept = [[(t["trial"], t["eligibility"]) for t in line["trials"]] for line in lines(folder / "out.jsonl")]
    assert kept == [[(t["trial"], t["eligibility"]) for t in json.loads(line)["trials"]] for line in whole.splitlines()]
    assert sum(report["trials"]["ZH1"][name] for name in ("eligible", "possibly", "not_eligible")) == 4


def test_what_cannot_be_is_refused_in_a_sentence_without_a_word_of_the_chart(trials):
    folder = trials.parent
    unknown = run(folder, "trials", "match", "Type 2 diabetes.", "--trials", "T.jsonl", "--trial", "NCT1")
    day = run(folder, "trials", "match", "Type 2 diabetes.", "--trials", "T.jsonl", "--on", "yesterday")
    no_file = run(folder, "trials", "match", "nothing.json", "--trials", "T.jsonl")
    for done in (unknown, day, no_file):
        assert done.returncode == 2
        assert "diabetes" not in done.stderr
    assert "NCT1" in unknown.stderr
    assert "--on" in day.stderr


@pytest.mark.parametrize("name", ["nowhere.jsonl", "."])
def test_a_file_of_trials_that_is_not_there_is_said(name: str, tmp_path: Path) -> None:
    with pytest.raises(BedsideError, match="no such file of trials"):
        call("trials", "match", "A man of 58 with type 2 diabetes.", "--trials", str(tmp_path / name))
