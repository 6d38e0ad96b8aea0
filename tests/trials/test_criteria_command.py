"""`bedside trials criteria` as a shell types it: rows, texts, registries, and the category of a fitted model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bedside.commands._call import call
from bedside.commands._trials.criteria import told
from bedside.errors import UsageError
from bedside.lang import speaking
from bedside.trials.criteria import CriteriaReader

STUDY = {
    "protocolSection": {
        "identificationModule": {"nctId": "NCT01234567"},
        "eligibilityModule": {
            "eligibilityCriteria": "Inclusion Criteria:\n\n* Type 2 diabetes\n\nExclusion Criteria:\n\n* Pregnancy",
            "sex": "FEMALE",
            "minimumAge": "18 Years",
            "maximumAge": "75 Years",
        },
    }
}
PAGE = """<html><body><table>
<tr><td>注册号：</td><td>ChiCTR2000012345</td></tr>
<tr><td>注册题目：</td><td>某药治疗高血压的研究</td></tr>
<tr><td>纳入标准：</td><td>（1）原发性高血压；<br>（2）收缩压140～179mmHg。</td></tr>
<tr><td>排除标准：</td><td>（1）妊娠或哺乳期妇女；</td></tr>
<tr><td>年龄范围：</td><td>最小 18 岁 最大 70 岁</td></tr>
<tr><td>性别：</td><td>男女均可</td></tr>
</table></body></html>"""


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def read(data: Path, *more: str, code: int = 0) -> list[dict[str, Any]]:
    out = data.with_suffix(".out.jsonl")
    done, _ = call("trials", "criteria", str(data), "-o", str(out), "--force", *more)
    assert done == code
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def test_a_row_that_is_one_criterion_keeps_its_id_and_says_what_was_not_computed(tmp_path: Path) -> None:
    rows = [{"id": "a", "text": "年龄≥18岁"}, {"id": "b", "text": "愿意签署知情同意书", "side": "排除标准"}]
    first, second = read(write(tmp_path / "rows.jsonl", rows))
    assert (first["id"], first["side"], first["category"], first["unparsed"]) == ("a", "include", None, [])
    (condition,) = first["conditions"]
    assert condition == {
        "group": 0,
        "kind": "age",
        "concept": "age",
        "op": ">=",
        "low": 18.0,
        "unit": "years",
        "start": 0,
        "end": 6,
    }
    assert (second["side"], second["conditions"]) == ("exclude", [])
    assert second["unparsed"] == [{"start": 0, "end": 9, "text": "愿意签署知情同意书"}]


def test_a_row_that_is_a_whole_text_gives_a_line_a_criterion_with_its_place(tmp_path: Path) -> None:
    text = "入选标准：1）年龄≥18岁；2）哮喘。排除标准：1）妊娠。"
    lines = read(write(tmp_path / "rows.jsonl", [{"id": "T", "text": text}]))
    assert [(one["id"], one["side"]) for one in lines] == [("T#1", "include"), ("T#2", "include"), ("T#3", "exclude")]
    assert all(text[one["start"] : one["end"]] == one["text"] for one in lines)
    (whole,) = read(write(tmp_path / "rows.jsonl", [{"id": "T", "text": text}]), "--whole")
    assert whole["id"] == "T"


def test_a_heading_before_one_criterion_tells_its_side_and_the_row_stays_one(tmp_path: Path) -> None:
    rows = [{"id": "a", "text": "排除标准：哮喘"}, {"id": "b", "text": "Exclusion criteria: asthma"}]
    lines = read(write(tmp_path / "rows.jsonl", rows))
    assert [(one["id"], one["side"], one["conditions"][0]["concept"]) for one in lines] == [
        ("a", "exclude", "asthma"),
        ("b", "exclude", "asthma"),
    ]


def test_a_study_of_clinicaltrials_gov_brings_its_fields_of_age_and_sex(tmp_path: Path) -> None:
    path = tmp_path / "study.json"
    path.write_text(json.dumps(STUDY), encoding="utf-8")
    lines = read(path)
    asked = [(one["id"], one["side"], one["conditions"][0]["concept"]) for one in lines]
    assert asked == [
        ("NCT01234567#age", "include", "age"),
        ("NCT01234567#sex", "include", "female"),
        ("NCT01234567#1", "include", "type 2 diabetes"),
        ("NCT01234567#2", "exclude", "pregnancy"),
    ]
    assert (lines[0]["conditions"][0]["low"], lines[0]["conditions"][0]["high"]) == (18.0, 75.0)


def test_a_saved_page_of_the_chinese_registry_is_read(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    lines = read(path)
    assert [(one["side"], one["conditions"][0]["concept"]) for one in lines] == [
        ("include", "age"),
        ("include", "hypertension"),
        ("include", "systolic pressure"),
        ("exclude", "pregnancy"),
    ]
    assert {one["trial"] for one in lines} == {"ChiCTR2000012345"}


def test_a_list_of_codes_of_ones_own_gives_its_names_and_codes(tmp_path: Path) -> None:
    rows = [{"id": "a", "text": "合并川崎氏血管炎或痛风者", "side": "exclude"}]
    listed = tmp_path / "codes.csv"
    listed.write_text("code,name\nM30.300,川崎氏血管炎\nM10.900,痛风\n", encoding="utf-8")
    path = write(tmp_path / "rows.jsonl", rows)
    own = {one["concept"]: one.get("codes", []) for one in read(path, "--codes", str(listed))[0]["conditions"]}
    without = {one["concept"]: one.get("codes", []) for one in read(path)[0]["conditions"]}
    assert "ICD10:M30.300" in own["川崎氏血管炎"]
    assert {"ICD10:M10", "ICD10:M10.900"} <= set(own["gout"])
    assert "ICD10:M10.900" not in without["gout"]
    with pytest.raises(UsageError, match="no such file"):
        call("trials", "criteria", str(path), "-o", str(tmp_path / "o.jsonl"), "--codes", str(tmp_path / "none.csv"))


def test_the_example_of_the_page_is_what_is_read() -> None:
    page = (Path(__file__).parents[2] / "docs" / "trials.md").read_text(encoding="utf-8")
    shown = json.loads(page.split("```json\n")[1].split("```")[0])
    said = told(CriteriaReader().read(shown["text"], shown["side"], id=shown["id"]), 0, {"category": None})
    for one in shown["conditions"]:  # codes of HPO are there where HPO is installed
        one["codes"] = [code for code in one["codes"] if not code.startswith("HP:")]
    assert said == shown


def test_a_row_without_a_text_fails_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.jsonl", [{"id": "a", "text": ""}, {"id": "b", "text": "asthma"}])
    lines = read(path, code=3)
    assert "error" in lines[0]
    assert lines[1]["conditions"]


def test_a_side_or_a_model_that_cannot_be_is_refused_in_both_languages(tmp_path: Path, categories: Path) -> None:
    path = write(tmp_path / "rows.jsonl", [{"id": "a", "text": "asthma"}])
    for lang, word in (("en", "no such side"), ("zh", "没有该类别")):
        with speaking(lang), pytest.raises(UsageError, match=word):  # type: ignore[arg-type]
            call("trials", "criteria", str(path), "-o", str(tmp_path / "o.jsonl"), "--side", "both")


def test_the_category_is_what_predict_gives_to_the_last_digit(tmp_path: Path, categories: Path) -> None:
    rows = [
        {"id": str(n), "text": text}
        for n, text in enumerate(["年龄≥18岁", "妊娠妇女", "age over 18", "pregnant", "哮喘"])
    ]
    path = write(tmp_path / "rows.jsonl", rows)
    out = tmp_path / "predicted.jsonl"
    assert call("predict", str(categories), str(path), "-o", str(out))[0] == 0
    predicted = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    lines = read(path, "--model", str(categories))
    assert [(one["id"], one["category"], one["probability"]) for one in lines] == [
        (one["id"], one["label"], one["probabilities"][one["label"]]) for one in predicted
    ]
    assert {one["category"] for one in lines} <= {"Age", "Pregnancy"}


@pytest.fixture(scope="session")
def categories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of two categories that the echo backbone learns in seconds."""
    folder = tmp_path_factory.mktemp("categories")
    texts = {"Age": ["年龄{}岁以上", "aged {} or older"], "Pregnancy": ["妊娠{}周妇女", "pregnant for {} weeks"]}
    rows = [
        {"id": f"{label}{n}{at}", "text": text.format(18 + n), "label": label}
        for label, forms in texts.items()
        for at, text in enumerate(forms)
        for n in range(12)
    ]
    data = write(folder / "rows.jsonl", rows)
    words = ("--backbone", "echo", "--epochs", "2", "--identity", "absent", "made up")
    assert call("fit", str(data), "-o", str(folder / "model"), *words)[0] == 0
    return folder / "model"
