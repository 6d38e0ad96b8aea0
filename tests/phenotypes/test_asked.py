"""What a doctor asks and a patient answers: a denial, a finding, or only a question, in both languages."""

from __future__ import annotations

from itertools import pairwise

import pytest
from _marked_mentions import marked
from hypothesis import given
from hypothesis import strategies as st

from bedside.phenotypes import contexts
from bedside.phenotypes._asked import asked, read_wordings


@pytest.mark.parametrize("line", [one["text"] for one in read_wordings()["example"]])
def test_the_answer_says_what_is_true_of_what_was_asked_after(line: str) -> None:
    text, spans, said = marked(line)
    assert [set(one.names()) for one in contexts(text, spans)] == said


@pytest.mark.parametrize(
    ("question", "yes", "no", "lost"),
    [
        ("Doctor: Any chest pain?", "Patient: Yes.", "Patient: No.", "Patient: I do not know."),
        ("医生：有胸痛吗？", "患者：有。", "患者：没有。", "患者：不清楚。"),
    ],
)
def test_one_question_three_answers(question: str, yes: str, no: str, lost: str) -> None:
    assert [asked(f"{question} {one}")[0].answer for one in (yes, no, lost)] == ["yes", "no", "open"]


def test_a_question_without_an_answer_is_no_finding() -> None:
    assert contexts("Doctor: Any chest pain?", [(12, 22)])[0].hypothetical
    assert not contexts("Patient: I have chest pain.", [(16, 26)])[0].hypothetical


@given(st.text(alphabet="DoctrPain:?。？：医生患者有没无吗 \n-[].", max_size=60))
def test_questions_lie_within_the_text_and_do_not_overlap(text: str) -> None:
    found = asked(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= then.start for one, then in pairwise(found))
