"""A note's question about a medicine is no medicine taken; a question about one that is in use leaves it in use."""

from __future__ import annotations

import pytest

from bedside.facts.in_chart import medicines
from bedside.types import Chart, DeidReport, Entry


def taken(note: str) -> list[str]:
    """The medicines that a chart with this note alone says are taken."""
    entry = Entry(id="1", kind="DocumentReference", text=note)
    chart = Chart(patient="p", sex="female", age_years=70, entries=(entry,), deid=DeidReport("", ""))
    return [one.name for one in medicines(chart)]


@pytest.mark.parametrize(
    "note",
    [
        "Knee pain for three weeks, worse on stairs; asks whether ibuprofen is all right. Pulse 72.",
        "Wonders if she could try ibuprofen for the knee.",
        "He would like to know if ibuprofen is safe with his heart.",
        "Asked about ibuprofen for the holidays.",
        "Can she take ibuprofen? Advised against it.",
        "膝关节痛三周，询问能否服用布洛芬。脉搏72次/分。",
        "患者想知道布洛芬是否安全。",
        "家属问：布洛芬可以吃吗？已告知不宜。",
        "咨询可不可以用布洛芬止痛。",
    ],
)
def test_a_medicine_that_is_only_asked_about_is_not_taken(note: str) -> None:
    assert taken(note) == []


@pytest.mark.parametrize(
    ("note", "name"),
    [
        ("Knee pain; takes ibuprofen twice a day.", "ibuprofen"),
        ("Asks whether to stop ibuprofen before surgery.", "ibuprofen"),
        ("Asks whether her ibuprofen could be causing the heartburn.", "ibuprofen"),
        ("Asks about the weather. Ibuprofen 400 mg three times a day.", "Ibuprofen"),
        ("Asks for a refill of warfarin.", "warfarin"),
        ("膝关节痛，口服布洛芬，每日两次。", "布洛芬"),
        ("询问正在服用的布洛芬要不要停。", "布洛芬"),
        ("问诊：口服布洛芬两周。", "布洛芬"),
        ("询问饮食注意事项。口服布洛芬0.2g。", "布洛芬"),
    ],
)
def test_a_medicine_in_use_stays_in_use_whatever_is_asked_of_it(note: str, name: str) -> None:
    assert taken(note) == [name]
