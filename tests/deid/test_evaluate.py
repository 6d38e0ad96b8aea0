"""Measuring: the overlap rule by hand, and intervals that are honest about few notes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.deid._evaluate import ALL, evaluate_spans, wilson
from bedside.types import Estimate, Figure, Span, Undefined

TEXT = "Dr. John Smith, room 12"


def value(figure: Figure) -> float:
    assert isinstance(figure, Estimate)
    return figure.value


def one(marked: list[Span], found: list[Span]) -> dict[str, Figure]:
    return evaluate_spans([(TEXT, marked, found)], draws=50).types[ALL]


def test_a_name_found_by_half_is_not_found() -> None:
    half = one([Span(4, 14, "NAME")], [Span(4, 8, "NAME")])
    assert (value(half["recall"]), value(half["precision"])) == (0.0, 1.0)
    assert value(half["character_recall"]) == pytest.approx(4 / 9)


def test_a_name_found_in_two_pieces_is_found() -> None:
    assert value(one([Span(4, 14, "NAME")], [Span(4, 8, "NAME"), Span(9, 14, "NAME")])["recall"]) == 1.0


def test_a_name_found_as_staff_is_gone_but_not_typed_right() -> None:
    figures = one([Span(4, 14, "NAME")], [Span(4, 14, "STAFF")])
    assert (value(figures["recall"]), value(figures["typed_recall"])) == (1.0, 0.0)


def test_a_span_that_is_mostly_not_identity_is_wrong() -> None:
    figures = one([Span(21, 23, "BED/ROOM")], [Span(4, 23, "BED/ROOM")])
    assert (value(figures["recall"]), value(figures["precision"])) == (1.0, 0.0)


def test_no_identity_gives_no_recall_rather_than_a_perfect_one() -> None:
    result = evaluate_spans([(TEXT, [], []), (TEXT, [], [Span(0, 2, "NAME")])], draws=50)
    assert isinstance(result.types[ALL]["recall"], Undefined)
    assert value(result.untouched) == 0.5


def test_wilson_is_the_published_interval() -> None:
    figure = wilson(81, 263, 1)  # Newcombe, Stat Med 1998; 17:857, table I: 0.2553 to 0.3662
    assert isinstance(figure, Estimate)
    assert (round(figure.low, 4), round(figure.high, 4)) == (0.2553, 0.3662)


def test_a_perfect_score_on_few_notes_still_has_a_wide_interval() -> None:
    few = one([Span(4, 14, "NAME")], [Span(4, 14, "NAME")])["recall"]
    assert isinstance(few, Estimate)
    assert few.value == 1.0
    assert few.low < 0.5


def test_misses_that_cluster_in_one_note_widen_the_interval() -> None:
    text = "abcd"
    marked = [Span(n, n + 1, "NAME") for n in range(4)]
    spread = [(text, marked, marked[:3])] * 20
    clustered = [(text, marked, marked)] * 15 + [(text, marked, [])] * 5
    wide = [evaluate_spans(notes, draws=300).types["NAME"]["recall"] for notes in (spread, clustered)]
    assert all(isinstance(figure, Estimate) and figure.value == 0.75 for figure in wide)
    assert wide[0].high - wide[0].low < wide[1].high - wide[1].low  # type: ignore[union-attr]


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 5)), max_size=4),
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 5)), max_size=4),
)
def test_every_figure_lies_within_its_interval(marked: list[tuple[int, int]], found: list[tuple[int, int]]) -> None:
    def spans(cuts: list[tuple[int, int]]) -> list[Span]:
        return [Span(start, min(len(TEXT), start + size), "NAME") for start, size in cuts]

    for figures in evaluate_spans([(TEXT, spans(marked), spans(found))] * 2, draws=20).types.values():
        for figure in figures.values():
            assert isinstance(figure, Undefined) or 0 <= figure.low <= figure.value <= figure.high <= 1
