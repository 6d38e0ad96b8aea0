"""Answers in tables, in pieces of long texts, and after identity is gone: nothing shifts by a character."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.backbones._load import load_backbone
from bedside.config import DataRecipe
from bedside.errors import UsageError
from bedside.heads._tags import NOT_JUDGED
from bedside.lang import speaking
from bedside.model.calibration import Calibration
from bedside.model.excerpts import LONGEST, best_span, likeness, read_excerpts, units_within, words_of
from bedside.model.forms import form_of
from bedside.model.forms.excerpts import END, START
from bedside.model.given import Given
from bedside.model.moved import Moved
from bedside.model.reading import read_labelled
from bedside.model.units import units_of
from bedside.types import Excerpt, Span

NOTE = "Chest pain since Monday. Given aspirin 300 mg. 无发热。"
FORM = form_of("answer")


@pytest.mark.parametrize(
    "cell",
    [
        {"text": ["aspirin 300 mg"], "answer_start": [31]},
        {"text": "aspirin 300 mg", "answer_start": 31},
        [{"text": "aspirin 300 mg", "answer_start": 31}],
        ["aspirin 300 mg"],
        "aspirin 300 mg",
        '{"text": ["aspirin 300 mg"], "answer_start": [31]}',
    ],
)
def test_an_answer_is_read_in_every_form_that_data_sets_have(cell: Any) -> None:
    (found,) = read_excerpts(cell, NOTE)
    assert NOTE[found.start : found.end] == found.text == "aspirin 300 mg"


@pytest.mark.parametrize("cell", [None, "", [], {"text": [], "answer_start": []}, "[]", float("nan")])
def test_an_empty_cell_says_that_there_is_no_answer(cell: Any) -> None:
    assert read_excerpts(cell, NOTE) == ()


def test_a_row_whose_answer_does_not_fit_its_text_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    answers = [
        "aspirin",
        "ibuprofen",
        {"text": ["aspirin"], "answer_start": [3]},
        7,
        {"text": ["a", "b"], "answer_start": [1]},
    ]
    rows = [{"q": "what was given?", "n": NOTE, "a": answer} for answer in answers] + [{"q": "", "n": NOTE, "a": ""}]
    path = tmp_path / "t.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    data = DataRecipe(train=path, text="q", text_b="n", label="a")
    found = read_labelled(path, data, head="answer")
    assert len(found) == 1
    assert [problem.place for problem in found.refused] == [f"line {number}" for number in range(2, 7)]
    assert "does not stand in its text" in found.refused[0].what
    with speaking("zh"):
        assert "答案不在文本中" in read_labelled(path, data, head="answer").refused[0].what
    with pytest.raises(UsageError, match="--text-b"):
        read_labelled(path, data.model_copy(update={"text_b": None}), head="answer")


@pytest.mark.parametrize(
    ("said", "truth", "exact", "f1"),
    [
        ("The chest pain.", "chest pain", 1.0, 1.0),
        ("pain", "chest pain", 0.0, 2 / 3),
        ("chest chest", "chest pain", 0.0, 0.5),
        ("胸痛三天", "胸痛", 0.0, 2 / 3),
        ("胸痛。", "胸痛", 1.0, 1.0),
        ("fever", "cough", 0.0, 0.0),
    ],
)
def test_answers_are_compared_as_squad_does_and_chinese_by_characters(
    said: str, truth: str, exact: float, f1: float
) -> None:
    assert likeness(Excerpt(0, 9, said), [Excerpt(0, 9, truth)]) == pytest.approx((exact, f1))


def test_no_answer_is_right_only_where_there_is_none_and_the_likest_truth_counts() -> None:
    assert likeness(Excerpt(), ()) == (1.0, 1.0)
    assert likeness(Excerpt(), [Excerpt(0, 5, "fever")]) == (0.0, 0.0)
    assert likeness(Excerpt(0, 5, "fever"), ()) == (0.0, 0.0)
    assert likeness(Excerpt(0, 5, "fever"), [Excerpt(0, 5, "cough"), Excerpt(0, 5, "Fever")]) == (1.0, 1.0)
    assert words_of("A CT of an ankle") == ["ct", "of", "ankle"]


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(-5, 5)), min_size=1, max_size=8))
def test_the_best_span_is_the_best_of_all_that_do_not_end_before_they_begin(pairs: list[tuple[float, float]]) -> None:
    scores = np.array(pairs)
    first, last = best_span(scores[:, 0], scores[:, 1])
    best = max(scores[i, 0] + scores[j, 1] for i in range(len(pairs)) for j in range(i, len(pairs)))
    assert first <= last
    assert scores[first, 0] + scores[last, 1] == pytest.approx(best)


def test_an_answer_is_no_longer_than_answers_are() -> None:
    starts, ends = np.zeros(LONGEST + 50), np.zeros(LONGEST + 50)
    starts[0] = ends[-1] = 9.0
    first, last = best_span(starts, ends)
    assert last - first < LONGEST


@pytest.mark.parametrize("note", [NOTE, "今晨起胸痛，予阿司匹林 300 mg 口服，无发热。" * 3], ids=["en", "zh"])
def test_in_pieces_of_a_long_text_the_answer_begins_and_ends_once_and_is_read_back(note: str) -> None:
    tokenizer = load_backbone("echo").tokenizer
    word = "aspirin" if "aspirin" in note else "阿司匹林"
    truth = read_excerpts(word, note)
    encoded = FORM.encode(tokenizer, ["q?"], [Given(second=note)], prefix="", max_tokens=40)
    targets = FORM.targets([truth], encoded, ("answer",))
    assert len(encoded.ids) > 1
    assert all(len(ids) <= 40 for ids in encoded.ids)
    outputs = []
    for target in targets:
        judged = np.where(target == NOT_JUDGED, 0, target)
        outputs.append(np.stack([5.0 * (judged & START > 0), 5.0 * (judged & END > 0)], 1).astype(np.float32))
        outputs[-1][0] = 1.0
    (answer,) = FORM.answers(outputs, encoded, ("answer",), Calibration())
    assert answer.text == word
    assert note[answer.start : answer.end] == word


def test_a_text_without_the_answer_is_all_none() -> None:
    encoded = FORM.encode(load_backbone("echo").tokenizer, ["q?"], [Given(second=NOTE)], prefix="", max_tokens=128)
    (target,) = FORM.targets([()], encoded, ("answer",))
    assert target[0] == START + END
    assert set(target[1:].tolist()) == {0, NOT_JUDGED}


def test_a_question_too_long_is_told_and_leaves_room_for_the_text() -> None:
    tokenizer = load_backbone("echo").tokenizer
    encoded = FORM.encode(tokenizer, ["why? " * 30, "why?"], [Given(second=NOTE)] * 2, prefix="", max_tokens=64)
    assert encoded.cut == (0,)
    assert max(map(len, encoded.ids)) <= 64


def test_the_threshold_is_where_answering_begins_to_pay() -> None:
    tokenizer = load_backbone("echo").tokenizer
    lead = np.linspace(-2, 2, 12)  # unsure ones have no answer, though the best span often beats it
    truths = [read_excerpts("fever", "fever now") if one > 0.8 else () for one in lead]
    encoded = FORM.encode(tokenizer, ["q"] * 12, [Given(second="fever now")] * 12, prefix="", max_tokens=64)
    assert encoded.units is not None
    outputs = []
    for ids, tokens, one in zip(encoded.ids, encoded.units.tokens, lead, strict=True):
        outputs.append(np.full((len(ids), 2), -9.0, np.float32))
        outputs[-1][0] = 0.0
        outputs[-1][tokens[0]] = one
    calibration = FORM.calibrate(outputs, truths, encoded, ("answer",))
    answers = FORM.answers(outputs, encoded, ("answer",), calibration)
    assert calibration.thresholds is not None
    assert calibration.thresholds[0] > 0.5
    assert [bool(answer) for answer in answers] == [bool(truth) for truth in truths]
    assert Calibration.from_dict(calibration.to_dict()) == calibration


@given(st.text("ab cd头痛.", max_size=30), st.data())
def test_an_excerpt_of_units_touches_just_those(text: str, data: st.DataObject) -> None:
    places = units_of(text)
    if not places:
        return
    first = data.draw(st.integers(0, len(places) - 1))
    last = data.draw(st.integers(first, len(places) - 1))
    assert units_within(Excerpt(places[first][0], places[last][1]), places) == (first, last)


def test_places_go_through_the_removal_of_identity_and_back() -> None:
    raw = "Jane Brown was seen by Dr Lee on Monday."
    moved = Moved([Span(0, 10, "NAME"), Span(23, 29, "STAFF")])
    clean = "[NAME] was seen by [STAFF] on Monday."
    for words, shown in (
        ("was seen", "was seen"),
        ("Dr Lee on", "[STAFF] on"),
        ("Lee", "[STAFF]"),
        ("Monday.", "Monday."),
    ):
        start = raw.index(words)
        first, last = moved.there_across(start, start + len(words))
        assert clean[first:last] == shown
        back = moved.back_across(first, last)
        assert (
            raw[slice(*back)]
            == ("Dr Lee" + words.removeprefix("Dr Lee") if "Lee" in words and words != "Lee" else words)
            or shown == "[STAFF]"
        )
    assert raw[slice(*moved.back_across(19, 26))] == "Dr Lee"
    assert moved.back_across(7, 15) == (11, 19)


def test_the_place_is_in_the_text_as_given_and_the_words_hold_no_identity() -> None:
    raw, clean = "Given by Dr Lee: aspirin", "Given by [STAFF]: aspirin"
    read = Excerpt(0, len(clean), clean, 0.9)
    told = FORM.told("q", Given(second=raw), FORM.back(read, Moved([]), Moved([Span(9, 15, "STAFF")])))
    assert raw[told["start"] : told["end"]] == raw
    assert told["answer"] == clean
    assert FORM.told("q", Given(second=raw), Excerpt(probability=0.8)) == {
        "answer": None,
        "start": None,
        "end": None,
        "probability": 0.8,
    }
