"""Ninety criteria of our own, in two languages, come to the conditions that were written down for them beforehand."""

from __future__ import annotations

import pytest
from by_hand import Answer, answers, rest, told

from bedside.trials.criteria import CriteriaReader

WANTED = {"criteria_en.txt": 29, "criteria_zh.txt": 29, "criteria_fresh.txt": 28}
"""Of thirty each: what the reader must go on getting right as a whole, words not computed and all."""


def is_right(answer: Answer) -> bool:
    said = CriteriaReader().read(answer.text, answer.side)
    left = rest(said)
    named = all(any(words in one for one in left) for words in answer.rest)
    return told(said) == answer.groups and named and bool(left) == bool(answer.rest)


@pytest.mark.parametrize("name", WANTED)
def test_criteria_come_to_the_conditions_written_down_beforehand(name: str) -> None:
    wrong = [one.text for one in answers(name) if not is_right(one)]
    assert len(answers(name)) == 30
    assert 30 - len(wrong) >= WANTED[name], wrong
