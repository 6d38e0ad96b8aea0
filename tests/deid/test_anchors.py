"""Patterns tried only at their first characters find exactly what the same patterns find when searched everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from _marked import read_notes
from hypothesis import given
from hypothesis import strategies as st

from bedside.deid import _anchors
from bedside.deid._anchors import Anchored
from bedside.deid._en import recognise_en

NOTES = Path(__file__).parent / "notes"


def everywhere(rule: Anchored, text: str) -> list[tuple[int, int]]:
    return [match.span() for match in rule.rule.finditer(text)]


def at_anchors(rule: Anchored, text: str) -> list[tuple[int, int]]:
    return [match.span() for match in rule.finditer(text)]


@pytest.mark.parametrize("path", sorted(NOTES.glob("en_*.txt")), ids=lambda path: path.stem)
def test_every_english_pattern_finds_the_same_in_the_notes(path: Path) -> None:
    recognise_en("warm")
    assert len(_anchors._ANCHORED) > 50
    for note in read_notes(path):
        for text in (note.text, note.text.upper()):
            for rule in _anchors._ANCHORED:
                assert at_anchors(rule, text) == everywhere(rule, text), rule.rule.pattern[:60]


@given(st.text(alphabet="aAbS.-/ ,:#@'\n09MRNéſK张_()+", max_size=60))
def test_every_english_pattern_finds_the_same_in_any_text(text: str) -> None:
    recognise_en("warm")
    for rule in _anchors._ANCHORED:
        assert at_anchors(rule, text) == everywhere(rule, text), rule.rule.pattern[:60]


def test_a_pattern_that_may_begin_inside_a_word_is_searched_everywhere() -> None:
    assert Anchored("ache").paths is None
    assert at_anchors(Anchored("ache"), "headache, ache") == [(4, 8), (10, 14)]
    assert Anchored(r"\bache").paths is not None
    assert at_anchors(Anchored(r"\bache"), "headache, ache") == [(10, 14)]
