"""Advice that cannot be followed together is found; what comes in turn, under a condition or for another is not."""

from __future__ import annotations

import pytest

from bedside.guards._opposites import Pair, pairs
from bedside.guards.contradiction import GUARD
from bedside.types import Proposal


def kinds(text: str) -> list[str]:
    return [one.rule.removeprefix("contradiction.") for one in GUARD.check(Proposal(text=text))]


@pytest.mark.parametrize("pair", pairs(), ids=lambda pair: pair.id)
def test_each_pair_is_found_in_its_own_texts_and_not_in_the_others(pair: Pair) -> None:
    assert [text for lang in ("en", "zh") for text in pair.fires[lang] if pair.id not in kinds(text)] == []
    assert [(text, kinds(text)) for lang in ("en", "zh") for text in pair.silent[lang] if kinds(text)] == []


@pytest.mark.parametrize(
    ("kind", "opposed", "together"),
    [
        ("medicine", "Take aspirin daily. Avoid aspirin.", "Take aspirin daily. Avoid ibuprofen."),
        (
            "medicine",
            "Take aspirin daily. Do not take aspirin.",
            "Take aspirin daily. Do not take aspirin with alcohol.",
        ),
        (
            "medicine",
            "Stop warfarin. Continue warfarin 3 mg.",
            "Stop warfarin. Restart warfarin 3 mg after the operation.",
        ),
        ("medicine", "布洛芬每日三次。避免使用布洛芬。", "布洛芬每日三次。避免与布洛芬同服阿司匹林。"),
        (
            "dose",
            "Metformin 500 mg twice daily. Metformin 500 mg once daily.",
            "Metformin 500 mg twice daily. Lisinopril 10 mg once daily.",
        ),
        ("dose", "泼尼松每早40毫克。泼尼松每早20毫克。", "泼尼松每早40毫克。一周后泼尼松每早20毫克。"),
    ],
)
def test_two_texts_differ_in_whether_both_advices_can_be_followed(kind: str, opposed: str, together: str) -> None:
    assert kinds(opposed) == [kind]
    assert kinds(together) == []


def test_doses_for_morning_and_evening_are_two_orders() -> None:
    assert kinds("Prednisolone 20 mg in the morning. Prednisolone 10 mg in the evening.") == []
    assert kinds("Prednisolone 20 mg in the morning. Prednisolone 10 mg in the morning.") == ["dose"]
