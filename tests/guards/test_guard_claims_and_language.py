"""Claims that no advice may make, and texts in another language or hard to read."""

from __future__ import annotations

import pytest

from bedside.guards import claims, language
from bedside.guards._phrases import Phrase, phrases
from bedside.guards.language import grade
from bedside.types import Proposal

LONG_ZH = (
    "患者应在医生指导下根据自身情况逐步增加活动量同时注意控制饮食保持情绪稳定并按时服"
    "用药物定期到门诊复查血压血糖血脂以及肝肾功能如有不适及时与医生沟通调整治疗方案"
)


def kinds(text: str) -> list[str]:
    return [one.rule.removeprefix("claims.") for one in claims.GUARD.check(Proposal(text=text))]


@pytest.mark.parametrize("kind", phrases("claims"), ids=lambda kind: kind.id)
def test_each_claim_is_found_in_its_own_sentences_and_not_in_the_others(kind: Phrase) -> None:
    assert [text for lang in ("en", "zh") for text in kind.fires[lang] if kind.id not in kinds(text)] == []
    assert [(text, kinds(text)) for lang in ("en", "zh") for text in kind.silent[lang] if kinds(text)] == []


def test_a_claim_that_is_denied_is_none() -> None:
    assert kinds("This drug is 100 % safe.") == ["certain"]
    assert kinds("No drug is 100 % safe.") == []
    assert kinds("本品绝对安全。") == ["certain"]
    assert kinds("没有药物绝对安全。") == []


def rules(text: str, lang: str) -> list[str]:
    return [one.rule for one in language.GUARD.check(Proposal(text=text, lang=lang))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "reader", "other"),
    [
        ("Take one tablet every morning with water.", "en", "zh"),
        ("每日早晨服一片，温水送服。", "zh", "en"),
        ("复查胸部 CT 和 eGFR，继续服用 metformin 500 mg。", "zh", "en"),
    ],
)
def test_a_text_in_the_readers_language_passes_and_in_the_other_is_warned_of(
    text: str, reader: str, other: str
) -> None:
    assert rules(text, reader) == []
    assert "language.other" in rules(text, other)


def test_a_bare_value_is_in_no_language() -> None:
    assert rules("5 mg", "zh") == []
    assert rules("12.5", "en") == []


def test_the_grade_is_that_of_the_published_formula() -> None:
    # 6 words, 1 sentence, 6 syllables: 0.39 * 6 + 11.8 - 15.59
    assert grade("The cat sat on the mat.") == pytest.approx(-1.45)
    # 4 words, 1 sentence, 13 syllables
    assert grade("Anticoagulation necessitates individualised evaluation.") > 30


def test_long_words_and_sentences_are_told_but_stop_nothing() -> None:
    hard = "Notwithstanding individualised pharmacological considerations, " * 12
    (found,) = language.GUARD.check(Proposal(text=hard))
    assert (found.rule, found.severity) == ("language.hard", "info")
    assert rules("Take one tablet. " * 20, "en") == []
    assert rules(LONG_ZH + "。", "zh") == ["language.hard"]
    assert rules("每日服一片。多喝水。按时复查。" * 8, "zh") == []
