"""Baselines learn from the training part alone, in both languages, and say when there is none."""

from __future__ import annotations

import pytest

from bedside.evaluate.baselines import baselines
from bedside.evaluate.baselines.rivals import Rows, is_chinese
from bedside.evaluate.metrics import Evaluation
from bedside.lang import speaking
from bedside.types import Estimate, Undefined

ENGLISH = Rows(
    ["denies chest pain", "no fever today", "chest pain since Monday", "fever since Friday"] * 10,
    ["absent", "absent", "present", "present"] * 10,
)
CHINESE = Rows(["否认胸痛", "无发热", "胸痛三天", "发热两日"] * 10, ["absent", "absent", "present", "present"] * 10)


@pytest.mark.parametrize("rows", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_tfidf_beats_the_majority_where_words_tell(rows: Rows) -> None:
    found = baselines(rows, rows, labels=["absent", "present"])
    tfidf, majority = accuracy(found["tfidf"]), accuracy(found["majority"])
    assert list(found) == ["chance", "majority", "tfidf"]
    assert tfidf == 1.0
    assert majority == 0.5


def test_chance_answers_in_the_training_proportions() -> None:
    train = Rows(["x"] * 1000, ["yes"] * 100 + ["no"] * 900)
    found = baselines(train, Rows(["x"] * 1000, ["no"] * 1000), labels=["no", "yes"])
    assert accuracy(found["chance"]) == pytest.approx(0.9, abs=0.03)
    assert accuracy(found["majority"]) == 1.0


def test_without_the_training_part_the_reason_is_given_in_the_users_language() -> None:
    gone = baselines(None, ENGLISH, labels=["absent", "present"])["tfidf"]
    assert isinstance(gone, Undefined)
    assert gone.reason == "the training part is not at hand"
    with speaking("zh"):
        spoken = baselines(None, CHINESE, labels=["absent", "present"])["tfidf"]
    assert isinstance(spoken, Undefined)
    assert spoken.reason == "无法取得训练数据"


def test_columns_of_numbers_and_words_both_serve_and_gaps_do_not_break_them() -> None:
    size = [str(4 + 2 * i) if i % 7 else "" for i in range(40)]
    truth = ["big" if i >= 20 else "small" for i in range(40)]
    numbers = Rows(["nodule"] * 40, truth, columns={"size": size})
    words = Rows(["nodule"] * 40, truth, columns={"margin": ["spiculated" if t == "big" else "smooth" for t in truth]})
    assert accuracy(baselines(numbers, numbers, labels=["big", "small"])["columns"]) > 0.85
    assert accuracy(baselines(words, words, labels=["big", "small"])["columns"]) == 1.0


def test_several_labels_a_row_are_learnt_each_by_itself() -> None:
    rows = Rows(["fever cough", "fever", "cough", "well"] * 10, [["F", "C"], ["F"], ["C"], []] * 10)
    found = baselines(rows, rows, labels=["F", "C"], head="multilabel")["tfidf"]
    assert accuracy(found) == 1.0


def test_languages_are_told_by_their_characters() -> None:
    assert is_chinese(["患者诉胸痛", "CT 示结节"])
    assert not is_chinese(["The patient denies chest pain", "ok"])


def accuracy(found: Evaluation | Undefined) -> float:
    assert isinstance(found, Evaluation)
    figure = found.metrics["accuracy"]
    assert isinstance(figure, Estimate)
    return figure.value
