"""What of a passage can be quoted by itself, in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.consult.sentences import dangling, units


def said(text: str) -> list[str]:
    return [text[one.start : one.end] for one in units(text) if one.quotable]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Give 0.5 mg, e.g. at night. Then stop.", ["Give 0.5 mg, e.g. at night.", "Then stop."]),
        ("Dr. Fox treats H. pylori. He uses two drugs.", ["Dr. Fox treats H. pylori.", "He uses two drugs."]),
        ("It spreads as hepatitis B. The liver swells.", ["It spreads as hepatitis B.", "The liver swells."]),
        (
            "1. Wash the wound well with water. 2. Cover it with a clean cloth.",
            ["Wash the wound well with water.", "Cover it with a clean cloth."],
        ),
        ("一次0.2g，一日3次。孕妇禁用！", ["一次0.2g，一日3次。", "孕妇禁用！"]),
        ("（1）肝功能不全者慎用。（2）孕妇禁用。", ["肝功能不全者慎用。", "孕妇禁用。"]),
    ],
)
def test_a_full_stop_ends_a_sentence_only_where_it_does(text: str, sentences: list[str]) -> None:
    assert said(text) == sentences


def test_a_list_stays_with_the_line_that_opens_it() -> None:
    text = "Do not take it if you have: - asthma. - an ulcer.\nAsk your doctor."
    assert said(text) == ["Do not take it if you have: - asthma. - an ulcer.", "Ask your doctor."]
    text = "有下列情况者禁用：\n1、孕妇\n2、胃溃疡\n饭后服用。"
    assert said(text) == ["有下列情况者禁用：\n1、孕妇\n2、胃溃疡", "饭后服用。"]


def test_an_item_without_its_list_a_heading_and_a_question_are_not_quoted() -> None:
    assert said("- Fever\n- Cough") == []
    assert said("Signs and Symptoms\nFever comes first.") == ["Fever comes first."]
    assert said("【禁忌】\n孕妇及哺乳期妇女禁用。") == ["孕妇及哺乳期妇女禁用。"]
    assert said("How is gout treated? With colchicine, soon.") == ["With colchicine, soon."]
    assert said("Take these steps:") == []


@pytest.mark.parametrize(
    ("hangs", "stands"),
    [
        ("It is inherited.", "It is important to rest."),
        ("These patients recover.", "Patients recover."),
        ("However, fever is rare.", "Fever is rare."),
        ("该病多见于男性。", "痛风多见于男性。"),
        ("因此不宜饮酒。", "不宜饮酒。"),
        ("其发作突然。", "其他症状包括发热。"),
    ],
)
def test_a_sentence_that_speaks_of_the_one_before_hangs(hangs: str, stands: str) -> None:
    assert dangling(hangs)
    assert not dangling(stands)


@given(st.text(alphabet="aB .。!？?:：-•1\n\t、（）()", max_size=80))
def test_units_stand_in_order_apart_and_within_the_text(text: str) -> None:
    at = 0
    for one in units(text):
        assert at <= one.start < one.end <= len(text)
        assert one.ends
        assert one.ends[-1] == one.end
        assert text[one.start : one.end].strip() == text[one.start : one.end]
        at = one.end
