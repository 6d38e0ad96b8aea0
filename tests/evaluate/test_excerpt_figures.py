"""Figures of answers are means over rows, with and without an answer apart, and stand beside two baselines."""

from __future__ import annotations

import pytest

from bedside.evaluate.answers import kind_of
from bedside.evaluate.baselines import baselines
from bedside.evaluate.baselines.rivals import Rows
from bedside.evaluate.baselines.sentences import sentences_of
from bedside.evaluate.measures.excerpts import evaluate_excerpts
from bedside.evaluate.metrics import Evaluation
from bedside.model.given import Given
from bedside.types import Estimate, Excerpt, Undefined

FEVER = Excerpt(0, 10, "high fever")


def test_rows_with_and_without_an_answer_are_counted_apart() -> None:
    truths = [[FEVER]] * 6 + [[]] * 6
    found = [Excerpt(5, 10, "fever")] * 3 + [Excerpt()] * 3 + [Excerpt()] * 4 + [FEVER] * 2
    values = {name: value(one) for name, one in evaluate_excerpts(truths, found).metrics.items()}
    assert values["has_answer_f1"] == pytest.approx(3 * (2 / 3) / 6)
    assert values["has_answer_em"] == 0
    assert values["no_answer_accuracy"] == pytest.approx(4 / 6)
    assert values["answer_f1"] == pytest.approx((2 + 4) / 12)
    assert values["answer_em"] == pytest.approx(4 / 12)


def test_where_every_row_has_an_answer_the_other_figure_is_undefined() -> None:
    done = evaluate_excerpts([[FEVER]] * 6, [FEVER] * 6)
    assert isinstance(done.metrics["no_answer_accuracy"], Undefined)


def test_rows_of_one_patient_widen_the_interval() -> None:
    truths, found = [[FEVER]] * 40, [FEVER if row % 8 < 4 else Excerpt() for row in range(40)]
    alone = evaluate_excerpts(truths, found).metrics["answer_em"]
    owned = evaluate_excerpts(truths, found, [row // 4 for row in range(40)]).metrics["answer_em"]
    assert isinstance(alone, Estimate)
    assert isinstance(owned, Estimate)
    assert owned.high - owned.low > alone.high - alone.low


@pytest.mark.parametrize(
    ("question", "note", "answer"),
    [
        ("which drug for the fever?", "No rash. Paracetamol for fever. Home.", "Paracetamol for fever."),
        ("发热用了什么药？", "无皮疹。发热予对乙酰氨基酚。回家。", "发热予对乙酰氨基酚。"),
    ],
    ids=["en", "zh"],
)
def test_the_sentence_most_like_the_question_is_found(question: str, note: str, answer: str) -> None:
    start = note.index(answer)
    truth = (Excerpt(start, start + len(answer), answer),)
    rows = Rows([question] * 6, [truth] * 6, given=[Given(second=note)] * 6)
    found = baselines(rows, rows, labels=["answer"], head="answer")
    sentence, silent = found["sentence"], found["no_answer"]
    assert isinstance(sentence, Evaluation)
    assert isinstance(silent, Evaluation)
    assert value(sentence.metrics["answer_em"]) == 1.0
    assert value(silent.metrics["answer_em"]) == 0.0


def test_a_sentence_ends_where_a_clinician_ends_it_not_at_a_decimal_point() -> None:
    assert [one.text for one in sentences_of("T 38.5 since noon. 血压 1.5 倍。ok")] == [
        "T 38.5 since noon.",
        "血压 1.5 倍。",
        "ok",
    ]


def test_misread_answers_are_shown_in_words_only_where_words_may_be_shown() -> None:
    answers = kind_of("answer").gather("answer", ("answer",), [FEVER, Excerpt(), FEVER])
    truths = [(FEVER,), (FEVER,), ()]
    shown, hidden = answers.misread(truths, ["q"] * 3), answers.misread(truths, None)
    assert [row for row, *_ in shown] == [row for row, *_ in hidden] == [1, 2]
    assert "high fever" in str(shown)
    assert "fever" not in str(hidden)


def value(figure: object) -> float:
    assert isinstance(figure, Estimate)
    return figure.value
