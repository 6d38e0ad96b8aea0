"""A medicine that nobody knows is told where it is given; other words and known medicines are not."""

from __future__ import annotations

import pytest

from bedside.drugs.unknown import unknown
from bedside.guards import guard
from bedside.guards.medicines import GUARD
from bedside.types import Facts, Proposal


@pytest.mark.parametrize(
    ("order", "name"),
    [
        ("Start zorbatinib 40 mg daily.", "zorbatinib"),
        ("Continue Xyloprin 20 mg twice a day.", "Xyloprin"),
        ("Add moridopril to her tablets.", "moridopril"),
        ("予佐布替尼100mg每日一次。", "佐布替尼"),
        ("口服甲磺酸瑞维鲁胺80mg每日一次。", "甲磺酸瑞维鲁胺"),
        ("加用莫瑞沙坦。", "莫瑞沙坦"),
    ],
)
def test_an_order_of_a_medicine_that_nobody_knows_is_warned_of_with_its_place(order: str, name: str) -> None:
    [found] = GUARD.check(Proposal(text=order, lang="en" if order.isascii() else "zh"))
    assert (found.rule, found.severity) == ("medicines.unknown", "warning")
    [place] = found.spans
    assert order[place.start : place.end] == name


@pytest.mark.parametrize(
    "text",
    [
        "Start imatinib 400 mg daily.",
        "Avoid zorbatinib 40 mg.",
        "Stop zorbatinib 40 mg.",
        "He took zorbatinib 40 mg until 2019.",
        "Increase the dose to a total of 40 mg daily.",
        "Creatinine 1.2 mg/dL, potassium 4.1 mmol/L.",
        "Limit dietary sodium 2000 mg a day.",
        "予阿莫西林500mg每日三次。",
        "避免使用佐布替尼。",
        "甲氨蝶呤每周口服15mg一次。",
        "停用佐布替尼100mg。",
        "每次剂量100mg，最大量400mg。",
        "每日食盐不超过5g，饮水1500ml。",
    ],
)
def test_known_medicines_others_that_are_not_given_and_words_that_are_none_are_not(text: str) -> None:
    assert unknown(text) == []


def test_an_unknown_medicine_of_the_chart_is_mentioned_and_lets_the_proposal_pass() -> None:
    facts = Facts(medications=["Xyloprin 20 mg", "metformin 500 mg"])
    told = guard(Proposal(text="Walk every day.", facts=facts))
    assert [one.rule for one in told.findings] == ["medicines.unknown-taken"]
    assert told.outcome == "allow"
    assert "1 of" in told.findings[0].reason


def test_its_name_is_in_the_reason_for_the_reader() -> None:
    [found] = GUARD.check(Proposal(text="Start zorbatinib 40 mg and fubratinib 2 mg daily."))
    assert found.reason.endswith("zorbatinib, fubratinib")
