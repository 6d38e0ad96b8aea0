"""No word of a criterion is dropped: each is in a condition, said not to be computed, or only joins others."""

from __future__ import annotations

import re
from importlib.resources import files
from itertools import pairwise

from by_hand import answers
from hypothesis import given
from hypothesis import strategies as st

from bedside.trials.criteria import CriteriaReader
from bedside.trials.criteria.conditions import MARK
from bedside.trials.criteria.plain import lowered
from bedside.trials.criteria.splitting import split
from bedside.trials.criterion import Criterion

READER = CriteriaReader()
CRITERIA = [one.text for name in ("criteria_en.txt", "criteria_zh.txt", "criteria_fresh.txt") for one in answers(name)]
PIECES = [
    piece for text in CRITERIA for piece in re.split(r"(?<=[,，;；、])|(?<= )(?=\w+ \w+$)", text) if piece.strip()
]
ODD = [
    "asthma",
    "无",
    "不",
    "except",
    "除外",
    "（",
    "）",
    "≥",
    "18",
    "3.5",
    "within 6 months",
    "近3个月",
    "or",
    "或",
    "and",
    "未经证实的怪病",
    "zzz",
    "if",
    "ULN",
    "%",
]
TEXTS = st.lists(st.sampled_from(PIECES + ODD), min_size=1, max_size=5).map(" ".join)
WORD = re.compile(r"[a-z]+(?:[./'-][a-z]+)*|[\u4e00-\u9fff]+(?:/[\u4e00-\u9fff]+)*|\d+(?:\.\d+)?|[^\W_]")


def listed(name: str) -> set[str]:
    text = files("bedside.trials").joinpath(f"data/{name}").read_text(encoding="utf-8")
    return {word for line in text.splitlines() if not line.startswith("#") for word in line.split()}


ENGLISH, CHINESE = listed("joining_en.txt"), listed("joining_zh.txt")


def only_joins(word: str) -> bool:
    """Is a word in the list, or a run of Chinese ones that are?"""
    if word[0].isascii():
        return word in ENGLISH
    reached = {0}
    for at in range(len(word)):
        if at in reached:
            reached |= {at + len(one) for one in CHINESE if word.startswith(one, at)}
    return len(word) in reached


def dropped(said: Criterion) -> list[str]:
    """The words that are nowhere."""
    text = lowered(said.text)
    mark = MARK.match(text)
    told = list(said.unparsed) + ([mark.span()] if mark and mark.end() < len(text) else [])
    for group in said.groups:
        for one in group:
            told += [(one.start, one.end), *one.also]
    left = list(text)
    for start, end in told:
        left[start:end] = "\x00" * (end - start)
    return [word[0] for word in WORD.finditer("".join(left)) if not only_joins(word[0])]


@given(TEXTS, st.sampled_from(["include", "exclude"]))
def test_every_word_is_in_a_condition_or_not_computed_or_joins(text: str, side: str) -> None:
    assert dropped(READER.read(text, side)) == []  # type: ignore[arg-type]


@given(st.text(max_size=60), st.sampled_from(["include", "exclude"]))
def test_any_text_at_all_is_read_and_places_lie_within_it(text: str, side: str) -> None:
    said = READER.read(text, side)  # type: ignore[arg-type]
    places = [span for group in said.groups for one in group for span in ((one.start, one.end), *one.also)]
    assert all(0 <= start < end <= len(text) for start, end in [*places, *said.unparsed])
    assert dropped(said) == []


LINES = st.lists(
    st.tuples(
        st.sampled_from(["", "1. ", "2) ", "* ", "  - ", "（1）", "入选标准：", "Exclusion Criteria:", "\n"]),
        st.sampled_from(PIECES),
    ),
    min_size=1,
    max_size=6,
).map(lambda lines: "\n".join(mark + piece for mark, piece in lines))


@given(LINES)
def test_criteria_of_a_text_follow_each_other_and_leave_out_only_headings_and_marks(text: str) -> None:
    parts = split(text)
    assert all(one.end <= other.start for one, other in pairwise(parts))
    left = list(text)
    for part in parts:
        left[part.start : part.end] = " " * (part.end - part.start)
    rest = re.sub(r"入选标准：|Exclusion Criteria:|\d", " ", "".join(left))
    assert not [one for one in rest if one.isalnum()]


def test_a_dropped_word_would_be_caught() -> None:
    said = READER.read("Severe asthma and a bicycle", "include")
    assert dropped(said) == []
    assert dropped(Criterion(id="", trial="", side="include", text=said.text, groups=said.groups)) == ["bicycle"]
