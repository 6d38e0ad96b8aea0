"""What a text does with what it names: only what it proposes counts, in either language."""

from __future__ import annotations

import pytest

from bedside.rules._stance import Stances, read_stances
from bedside.rules.statements import said

SENTENCES = [
    (wanted, sentence)
    for kind, told in read_stances().items()
    for wanted, key in ((kind, "yes"), ("proposed", "no"))
    for sentence in told.get(key, [])
]


@pytest.mark.parametrize(("wanted", "sentence"), SENTENCES, ids=[sentence for _, sentence in SENTENCES])
def test_the_words_of_a_stance_say_what_their_sentences_say(wanted: str, sentence: str) -> None:
    text = sentence.replace("<", "").replace(">", "")
    assert Stances(text).of(sentence.index("<"), sentence.index(">") - 1) == wanted


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Order a CT with IV contrast.", ["contrast_ct"]),
        ("Order a CT without contrast.", []),
        ("CT with contrast is contraindicated.", []),
        ("Avoid MRI, contrast CT and lumbar puncture.", []),
        ("An MRI would settle it but is not safe.", []),
        ("Do not delay the lumbar puncture.", ["lumbar_puncture"]),
        ("安排腰穿。", ["lumbar_puncture"]),
        ("暂缓腰穿。", []),
        ("曾行腰穿。", []),
        ("行增强CT。", ["contrast_ct"]),
        ("行平扫CT，不做增强CT。", []),
    ],
)
def test_a_procedure_counts_where_it_would_be_done(text: str, ids: list[str]) -> None:
    assert [one.id for one in said(text, "procedures")] == ids


@pytest.mark.parametrize(
    ("text", "question", "ids"),
    [
        ("He had a hysterectomy in 2010.", "", ["cervix_uterus"]),
        ("No hysterectomy.", "", []),
        ("His wife had a hysterectomy.", "", []),
        ("Rest.", "I want to kill myself.", ["suicidal"]),
        ("Rest.", "Is prostate cancer common?", []),
        ("多休息。", "我不想活了", ["suicidal", "dismiss"]),
        ("The patient denies suicidal thoughts.", "", []),
        ("患者否认自杀念头。", "", []),
    ],
)
def test_a_statement_counts_where_it_is_of_this_patient(text: str, question: str, ids: list[str]) -> None:
    assert sorted(one.id for one in said(text, "statements", question)) == sorted(ids)
