"""What later HL7 v2 messages undo: patients merged, visits and orders cancelled, results corrected, over one import."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bedside.commands._call import call
from bedside.formats._charts.changes import survivors
from bedside.lang import speaking

PAIN, FEVER = "DG1|1||R07.4^Chest pain^I10", "DG1|1||R50.9^发热^I10"


def message(event: str, patient: str, *segments: str, at: str = "", number: str = "") -> str:
    head = rf"MSH|^~\&|HIS|H|EHR|X|{at}||{event}|{number or event}|P|2.5"
    return "\r".join([head, f"PID|1||{patient}^^^H^MR||Everyman^Adam||19500302|M", *segments]) + "\r"


def visit(number: str, kind: str = "I") -> str:
    return "PV1|1|" + kind + "|" * 17 + number


def potassium(value: str, status: str = "F", order: str = "L7") -> str:
    return f"OBR|1||{order}|2823-3^Potassium^LN\rOBX|1|NM|2823-3^Potassium^LN||{value}|mmol/L|||||{status}"


def imported(folder: Path, *messages: str, files: bool = False) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The charts and the totals of an import of these messages, in one file or in one each."""
    parts = messages if files else ("".join(messages),)
    paths = [folder / f"{number}.hl7" for number, _ in enumerate(parts)]
    for path, text in zip(paths, parts, strict=True):
        path.write_text(text, encoding="utf-8")
    call("import", *map(str, paths), "-o", str(folder / "c.jsonl"), "--report", str(folder / "r.json"))
    charts = [json.loads(line) for line in (folder / "c.jsonl").read_text(encoding="utf-8").splitlines()]
    return charts, json.loads((folder / "r.json").read_text(encoding="utf-8"))["totals"]


def said(chart: dict[str, Any]) -> list[str]:
    return [entry["text"] for entry in chart["entries"]]


@pytest.mark.parametrize("event", ["ADT^A40", "ADT^A18", "ADT^A34"])
@pytest.mark.parametrize("files", [True, False])
def test_two_records_of_one_patient_become_one_under_the_number_that_stays(
    tmp_path: Path, event: str, files: bool
) -> None:
    one, two = message("ADT^A01", "111", PAIN, number="1"), message("ADT^A01", "222", FEVER, number="2")
    charts, totals = imported(tmp_path, one, two, message(event, "222", "MRG|111^^^H^MR"), files=files)
    assert [(chart["patient"], sorted(said(chart))) for chart in charts] == [("222", ["Chest pain", "发热"])]
    assert (totals["joined"], totals["charts"], totals["problems"]) == (1, 1, [])
    charts, totals = imported(tmp_path, one, two, files=files)
    assert (len(charts), totals["joined"]) == (2, 0)


def test_a_record_merged_twice_over_ends_where_the_last_merge_says(tmp_path: Path) -> None:
    charts, totals = imported(
        tmp_path,
        message("ADT^A01", "1", PAIN),
        message("ADT^A40", "2", "MRG|1^^^H^MR"),
        message("ADT^A01", "3", FEVER, number="x"),
        message("ADT^A40", "3", "MRG|2^^^H^MR", number="y"),
    )
    assert [(chart["patient"], sorted(said(chart))) for chart in charts] == [("3", ["Chest pain", "发热"])]
    assert totals["joined"] == 2


def test_a_merge_with_a_record_never_seen_is_told_with_its_place_and_no_number(tmp_path: Path) -> None:
    charts, totals = imported(tmp_path, message("ADT^A01", "222", FEVER), message("ADT^A40", "222", "MRG|999^^^H^MR"))
    assert [said(chart) for chart in charts] == [["发热"]]
    assert (totals["joined"], len(totals["problems"])) == (0, 1)
    assert "message 2" in totals["problems"][0]["place"]
    assert "999" not in str(totals["problems"])


def test_a_corrected_result_takes_the_place_of_the_first_and_another_order_stays(tmp_path: Path) -> None:
    first, other = (
        message("ORU^R01", "1", potassium("6.9"), number="1"),
        message("ORU^R01", "1", potassium("4.0", order="L8")),
    )
    charts, totals = imported(tmp_path, first, other, message("ORU^R01", "1", potassium("4.1", "C"), number="3"))
    values = [entry["value"] for entry in charts[0]["entries"] if entry["kind"] == "Observation"]
    assert sorted(values) == [4.0, 4.1]
    assert totals["withdrawn"] == 1
    charts, totals = imported(tmp_path, first, message("ORU^R01", "1", potassium("4.1"), number="3"))
    values = [entry["value"] for entry in charts[0]["entries"] if entry["kind"] == "Observation"]
    assert (sorted(values), totals["withdrawn"]) == ([4.1, 6.9], 0)


@pytest.mark.parametrize("status", ["D", "W", "X"])
def test_a_result_taken_back_leaves_no_value(tmp_path: Path, status: str) -> None:
    first, back = (
        message("ORU^R01", "1", potassium("6.9"), number="1"),
        message("ORU^R01", "1", potassium("6.9", status)),
    )
    charts, totals = imported(tmp_path, first, back)
    assert not any(entry.get("value") for entry in charts[0]["entries"])
    assert (totals["withdrawn"], totals["problems"]) == (1, [])
    with speaking("zh"):
        _, totals = imported(tmp_path, back)
    assert "不在所读文件中" in totals["problems"][0]["what"]


def test_a_cancelled_admission_goes_and_a_cancelled_discharge_leaves_the_stay(tmp_path: Path) -> None:
    came, left = message("ADT^A01", "1", visit("V1")), message("ADT^A03", "1", visit("V1", "O"))
    charts, totals = imported(tmp_path, came, message("ADT^A11", "1", visit("V1")))
    assert (said(charts[0]), totals["withdrawn"]) == ([], 2)
    charts, totals = imported(tmp_path, came, left, message("ADT^A13", "1", visit("V1")))
    assert "outpatient encounter" not in said(charts[0])
    assert ("inpatient encounter" in said(charts[0]), totals["withdrawn"]) == (True, 1)
    charts, totals = imported(tmp_path, came, message("ADT^A11", "1", visit("V2")))
    assert ("inpatient encounter" in said(charts[0]), len(totals["problems"])) == (True, 1)


def test_a_cancelled_order_goes_and_a_new_one_stays(tmp_path: Path) -> None:
    def ordered(control: str, order: str) -> str:
        return f"ORC|{control}|{order}\rOBR|1|{order}||36643-5^Chest X-ray {order}^LN"

    new, other = message("ORM^O01", "1", ordered("NW", "A")), message("ORM^O01", "1", ordered("NW", "B"), number="b")
    charts, totals = imported(tmp_path, new, other, message("ORM^O01", "1", ordered("CA", "A"), number="c"))
    assert said(charts[0]) == ["Chest X-ray B"]
    assert totals["withdrawn"] == 2


def test_times_say_which_came_last_where_files_do_not(tmp_path: Path) -> None:
    back = message("ADT^A11", "1", visit("V1"), at="20240305120000")
    came = message("ADT^A01", "1", visit("V1"), at="20240305080000")
    charts, totals = imported(tmp_path, back, came, files=True)
    assert (said(charts[0]), totals["withdrawn"], totals["problems"]) == ([], 2, [])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=12))
def test_every_record_ends_at_one_that_is_still_there(joins: list[tuple[int, int]]) -> None:
    end = survivors(joins)
    assert not set(end) & set(end.values())
    if joins and joins[-1][0] != joins[-1][1]:
        gone, stays = joins[-1]
        assert end.get(gone, gone) == end.get(stays, stays)
