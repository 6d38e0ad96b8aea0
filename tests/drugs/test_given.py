"""Sentences that would give a medicine (given.txt) and sentences that would not (not_given.txt), a line each."""

from __future__ import annotations

from pathlib import Path

import pytest

from bedside.drugs import orders

HERE = Path(__file__).parent
GIVES = ("start", "continue", "increase")


def lines(name: str) -> list[str]:
    return [line for line in (HERE / name).read_text(encoding="utf-8").splitlines() if line]


@pytest.mark.parametrize("text", lines("given.txt"))
def test_the_sentence_gives_a_medicine(text: str) -> None:
    assert any(one.action in GIVES for one in orders(text))


@pytest.mark.parametrize("text", lines("not_given.txt"))
def test_the_sentence_gives_no_medicine_but_the_one_to_take_instead(text: str) -> None:
    assert {one.id for one in orders(text) if one.action in GIVES} <= {"acetaminophen"}
