"""`bedside drift` as a shell types it: two months of answers, the same or not, in both languages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bedside.commands._call import call
from bedside.errors import ColumnError, UsageError
from bedside.lang import Lang, speaking


def month(path: Path, number: int, *, sure: float = 0.85, wards: str = "icu ward er", seed: int = 0) -> str:
    """Answers of 300 patients, half of them women, right as often as the model says."""
    dice = np.random.default_rng(seed)
    rows = []
    for at in range(300):
        p = float(np.clip(dice.normal(sure, 0.05), 0.5, 0.99))
        rows.append(
            {
                "id": at,
                "mrn": f"p{at}",
                "ward": str(dice.choice(wards.split())),
                "sex": str(dice.choice(["男", "女"])),
                "label": "yes",
                "probabilities": {"yes": p, "no": 1 - p},
                "outcome": "yes" if dice.random() < p else "no",
                "seen": f"2026-{number:02d}-{1 + at % 28:02d}",
            }
        )
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return str(path)


COLUMNS = ("--label", "label", "--truth", "outcome", "--patient", "mrn", "--time", "seen")


def said(*words: str) -> tuple[int, dict[str, Any]]:
    code, heard = call("drift", *words, "--json")
    return code, json.loads(heard.splitlines()[-1])


def test_two_months_of_the_same_ward_are_stable(tmp_path: Path) -> None:
    code, found = said(month(tmp_path / "a.jsonl", 1), month(tmp_path / "b.jsonl", 2, seed=1), *COLUMNS)
    assert (code, found["level"], found["drift"]["turns"]) == (0, "stable", [])
    assert found["drift"]["current"] == [300, 300]


def test_other_wards_and_a_less_sure_model_are_told_with_when_it_began(tmp_path: Path) -> None:
    later = month(tmp_path / "b.jsonl", 6, sure=0.65, wards="icu icu icu er", seed=1)
    _, found = said(month(tmp_path / "a.jsonl", 1), later, *COLUMNS)
    level = {one["name"]: one["level"] for one in found["drift"]["watched"]}
    assert (found["level"], level["ward"], level["confidence"], level["sex"]) == (
        "drifted",
        "drifted",
        "drifted",
        "stable",
    )
    accuracy = next(one for one in found["drift"]["outcomes"] if one["name"] == "accuracy")
    assert accuracy["difference"]["high"] < 0 < accuracy["p"] < 0.01
    assert any(turn["since"].startswith("2026-06") for turn in found["drift"]["turns"])


@pytest.mark.parametrize(
    ("lang", "words"), [("en", ("drifted", "a clinician decides")), ("zh", ("漂移", "临床医生决定"))]
)
def test_people_are_told_in_their_language_and_on_a_page(tmp_path: Path, lang: Lang, words: tuple[str, ...]) -> None:
    page = tmp_path / "drift.html"
    later = month(tmp_path / "b.jsonl", 6, sure=0.65)
    with speaking(lang):
        _, heard = call("drift", month(tmp_path / "a.jsonl", 1), later, *COLUMNS, "--report", str(page))
    shown = page.read_text(encoding="utf-8")
    assert all(word in heard and word in shown for word in words)


def test_texts_in_another_language_are_seen_without_an_encoder(tmp_path: Path) -> None:
    parts = []
    for name, text in (("a", "solid nodule in the right lung"), ("b", "右肺实性结节，边缘毛刺")):
        path = tmp_path / f"{name}.csv"
        path.write_text("note\n" + "".join(f"{text} {at}\n" for at in range(40)), encoding="utf-8")
        parts.append(str(path))
    _, found = said(*parts, "--text", "note", "--encoder", "none")
    assert {one["name"]: one["level"] for one in found["drift"]["watched"]}["text.language"] == "drifted"


def test_a_row_whose_probabilities_are_none_is_counted_and_the_rest_compared(tmp_path: Path) -> None:
    first, second = month(tmp_path / "a.jsonl", 1), month(tmp_path / "b.jsonl", 2)
    with Path(second).open("a", encoding="utf-8") as file:
        file.write('{"id": 1, "mrn": "q", "ward": "icu", "sex": "男", "label": "no", "probabilities": {"yes": 7}}\n')
    code, found = said(first, second, *COLUMNS)
    assert (code, found["rows_left_out"], found["drift"]["current"]) == (3, 1, [300, 300])


def test_a_column_that_is_not_there_and_a_single_patient_are_refused(tmp_path: Path) -> None:
    first = month(tmp_path / "a.jsonl", 1)
    with pytest.raises(ColumnError, match="truht"):
        call("drift", first, first, "--truth", "truht")
    alone = tmp_path / "one.csv"
    alone.write_text("ward\nicu\n", encoding="utf-8")
    with pytest.raises(UsageError, match="two patients"):
        call("drift", first, str(alone))
