"""What is to be done is not listened to; the same words with somebody's trouble among them are."""

from __future__ import annotations

from pathlib import Path

import pytest

from bedside.emergency import emergencies
from bedside.emergency.alarm import listened_to

CASES = Path(__file__).resolve().parents[2] / "benchmarks" / "data" / "emergencies"


def _texts(name: str, lang: str) -> list[str]:
    lines = (CASES / f"{name}_{lang}.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t")[1] for line in lines]


@pytest.mark.parametrize(
    ("advice", "told"),
    [
        ("Ibuprofen 200 mg every six hours.", "Ibuprofen 200 mg at six and she is covered in wheals."),
        ("Take one tablet at night.", "He took forty tablets at night."),
        ("Stop warfarin for the operation.", "On warfarin 5 mg daily, bleeding from both ears."),
        ("Apply a cold pack every three hours.", "Call me back, our baby went limp."),
        ("布洛芬混悬液10ml退热，间隔6小时。", "布洛芬混悬液10ml退热后，孩子软绵绵的。"),
        ("每晚口服华法林3mg。", "口服华法林3mg，牙龈血流不止。"),
        ("止痛药饭后服用，每日两次。", "止痛药服用两片，肚子还是剧痛。"),
        ("门诊随访，四周后复查。", "复查路上突然晕倒。"),
    ],
)
def test_advice_is_passed_over_and_trouble_is_not(advice: str, told: str) -> None:
    assert listened_to(advice) == []
    assert listened_to(told) != []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_wording_takes_advice_for_an_emergency(lang: str) -> None:
    assert [text for text in _texts("advice", lang) if emergencies(text, lang)] == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_emergencies_told_with_doses_are_recognised_or_listened_to(lang: str) -> None:
    texts = _texts("treated", lang)
    passed_over = [text for text in texts if not emergencies(text, lang) and not listened_to(text)]
    assert len(passed_over) <= 1


@pytest.mark.parametrize(
    ("precaution", "told"),
    [
        ("If the sugar is below 4, take 15 g of glucose.", "His sugar is 1.8 and he is unresponsive."),
        ("孩子高热、嗜睡，立即返院。", "孩子高热、嗜睡，叫不醒。"),
    ],
)
def test_a_precaution_for_afterwards_is_no_emergency(precaution: str, told: str) -> None:
    assert emergencies(precaution) == ()
    assert emergencies(told) != ()


def test_the_number_of_a_list_is_not_listened_to() -> None:
    assert listened_to("1. 2. Mr.") == []
