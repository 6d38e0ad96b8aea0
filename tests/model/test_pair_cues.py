"""Cues of findings: what is denied, found, or given a p, near the question; in English and in Chinese."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from bedside.model.cues import WIDTH, cues
from bedside.model.engines._grams import Grams

PAIRS = [
    ("Does age affect survival?", "Survival did not differ by age.", "Survival was lower with age."),
    ("Is the drug effective?", "No significant difference was seen.", "Pain was significantly reduced."),
    ("Does it predict death?", "The score predicted death (P = 0.43).", "The score predicted death (P = 0.003)."),
    ("Is it related to stroke?", "Stroke was similar in both arms.", "It was associated with stroke."),
    ("该药是否降低血压？", "两组血压差异无统计学意义（P＞0.05）。", "治疗组血压明显低于对照组（P＜0.01）。"),
    ("年龄是否影响预后？", "未发现年龄与预后的关系。", "年龄是预后的独立危险因素。"),
]


@pytest.mark.parametrize(("question", "denied", "found"), PAIRS)
def test_what_is_denied_lies_above_what_is_found(question: str, denied: str, found: str) -> None:
    assert cues(question, denied)[-1] > cues(question, found)[-1]


def test_the_sentence_that_answers_counts_more_than_one_beside_it() -> None:
    question = "Does smoking delay healing of the fracture?"
    answered = "Healing of the fracture was delayed by smoking, higher with packs. Hospital stay did not differ."
    beside = "Healing of the fracture by smoking did not differ. Hospital stay was higher with packs."
    assert cues(question, beside)[-1] > cues(question, answered)[-1]


@pytest.mark.parametrize("text", ["", " ", "？", "p", "P = 0."])
def test_nothing_to_read_gives_numbers_all_the_same(text: str) -> None:
    assert cues(text, text).shape == (WIDTH,)
    assert np.isfinite(cues(text, text)).all()


def test_rarity_and_length_are_those_of_scikit_learn() -> None:
    texts = [[1, 2, 3], [1, 2, 2], [2, 3, 1, 1]]
    ours = Grams.of(texts, ["a", "b", "c"], 1)
    theirs = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\d+")
    wanted = theirs.fit_transform([" ".join(map(str, ids)) for ids in texts]).toarray()
    order = [theirs.vocabulary_[" ".join(map(str, gram))] for gram in ours.known]
    np.testing.assert_allclose(ours.vectors(texts).toarray(), wanted[:, order], rtol=1e-6)


def test_what_one_patients_texts_alone_hold_is_not_kept() -> None:
    assert Grams.of([[7], [7], [7], [8], [8]], ["a", "a", "a", "b", "c"], 2).known == ((8,),)
