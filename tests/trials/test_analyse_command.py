"""`bedside trials analyse` as a user types it, on tables in two languages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bedside.commands._call import call
from bedside.errors import UsageError
from bedside.lang import speaking

STUDIES = "study,e1,n1,e2,n2,dose\nA 1990,4,123,11,139,low\nB 1991,6,306,29,303,high\nC 1992,3,231,11,220,high\n"
PATIENTS = "时间,事件,组别\n" + "".join(
    f"{time},{event},{arm}\n"
    for arm, rows in (("新药", ((6, 1), (9, 0), (13, 1), (20, 0))), ("安慰剂", ((1, 1), (2, 1), (8, 1), (12, 0))))
    for time, event in rows
)


def analysed(path: Path, *words: str) -> tuple[int, dict[str, Any]]:
    code, heard = call("trials", "analyse", str(path), *words, "--json")
    return code, json.loads(heard.strip().splitlines()[-1])


def table(folder: Path, text: str) -> Path:
    path = folder / "t.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_studies_are_pooled_and_drawn(tmp_path: Path) -> None:
    page = tmp_path / "p.html"
    code, found = analysed(table(tmp_path, STUDIES), "--subgroup", "dose", "-o", str(page))
    assert code == 0
    assert [one["study"] for one in found["effects"]] == ["A 1990", "B 1991", "C 1992"]
    assert [one["model"] for one in found["pooled"]] == ["fixed", "random, REML"]
    assert {name for name, _ in found["subgroups"][0]["effects"]} == {"low", "high"}
    text = page.read_text(encoding="utf-8")
    assert "<polygon" in text
    assert "clinician decides" in text


def test_patients_of_two_arms_are_compared_in_chinese(tmp_path: Path) -> None:
    page = tmp_path / "p.html"
    with speaking("zh"):
        code, found = analysed(table(tmp_path, PATIENTS), "-o", str(page))
    assert (code, found["treated"], found["control"]) == (0, "新药", "安慰剂")
    assert found["effects"][0]["measure"] == "HR"
    assert found["effects"][0]["value"] < 1
    assert "生存曲线" in page.read_text(encoding="utf-8")


def test_a_row_that_cannot_be_used_is_told_and_the_rest_kept(tmp_path: Path) -> None:
    code, found = analysed(table(tmp_path, STUDIES + "D 1993,x,10,2,20,low\nE 1994,30,10,2,20,low\n"))
    assert (code, len(found["effects"])) == (3, 3)
    assert [one["place"] for one in found["left_out"]] == ["line 5", "line 6"]


@pytest.mark.parametrize(
    ("text", "words", "why"),
    [
        ("a,b\n1,2\n", (), "not those of results"),
        (STUDIES, ("--subgroup", "age"), "no such column"),
        (STUDIES, ("--measure", "NNT"), "no such choice"),
        ("time,event,arm\n1,1,x\n2,1,y\n3,0,x\n", (), "which arm is the control"),
    ],
)
def test_what_cannot_be_analysed_is_said(text: str, words: tuple[str, ...], why: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=why):
        analysed(table(tmp_path, text), *words)
