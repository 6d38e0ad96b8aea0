"""The language and the reading level of what is proposed: another language than the reader's, and text hard to read.

English: the Flesch-Kincaid grade, 0.39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid JP et al., Naval
Technical Training Command report 8-75, 1975); above `GRADE` the text is told to be hard, as health texts for patients
should stay near grades 6 to 8. Chinese has no such formula in common use for health texts: ours is the mean number of
characters a sentence, hard above `CHARACTERS`. Both only inform.
"""

from __future__ import annotations

import re

from bedside.cleaning.language import HAN, language_of
from bedside.emergency.asking import sentences_in
from bedside.lang import tr
from bedside.types import Finding, Proposal

GRADE = 12.0
CHARACTERS = 60.0
ENOUGH_WORDS, ENOUGH_CHARACTERS = 30, 60
"""Shorter texts are not measured."""
FEWEST = {"en": 12, "zh": 6}
"""Letters of the other language from which a text is in it, not a name or an abbreviation."""
_WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")
_VOWELS = re.compile(r"[aeiouy]+")
_LATIN = re.compile(r"[A-Za-z]")
SOURCE_EN = "Kincaid JP et al., 1975; AHRQ Health Literacy Universal Precautions Toolkit, 2015"
SOURCE_ZH = "bedside: mean characters a sentence (docs/guard.md)"


class Language:
    """A warning where the reader's language is not the text's; a word where it is hard to read.

    >>> [one.rule for one in GUARD.check(Proposal(text="每日一次，每次一片，饭后服用。", lang="en"))]
    ['language.other']
    """

    name = "language"
    order = 80

    def check(self, proposal: Proposal) -> list[Finding]:
        """At most one finding: what is in another language is not measured."""
        if _is_other(proposal):
            reason = tr("not in the reader's language", "并非读者的语言")
            return [Finding(rule="language.other", severity="warning", reason=reason, source="bedside")]
        told = _hard_en(proposal.text) if proposal.lang == "en" else _hard_zh(proposal.text)
        source = SOURCE_EN if proposal.lang == "en" else SOURCE_ZH
        return [Finding(rule="language.hard", severity="info", reason=told, source=source)] if told else []


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of an English text.

    >>> round(grade("The cat sat on the mat."), 2)
    -1.45
    """
    words = _WORD.findall(text)
    sentences = sum(1 for _ in sentences_in(text))
    if not words:
        return 0.0
    return 0.39 * len(words) / max(1, sentences) + 11.8 * sum(map(_syllables, words)) / len(words) - 15.59


def _syllables(word: str) -> int:
    """Groups of vowels, without a silent e at the end."""
    plain = word.lower()
    count = len(_VOWELS.findall(plain))
    silent = plain.endswith("e") and not plain.endswith(("le", "ee")) and count > 1
    return max(1, count - silent)


def _is_other(proposal: Proposal) -> bool:
    found = language_of(proposal.text)
    if proposal.lang == "en":
        return found in ("zh", "mixed") and len(HAN.findall(proposal.text)) >= FEWEST["zh"]
    return found == "en" and not HAN.search(proposal.text) and len(_LATIN.findall(proposal.text)) >= FEWEST["en"]


def _hard_en(text: str) -> str:
    if len(_WORD.findall(text)) < ENOUGH_WORDS or (found := grade(text)) <= GRADE:
        return ""
    en = f"hard to read: school grade {found:.0f}; shorter sentences and words help"
    return tr(en, f"阅读难度较高（英文年级 {found:.0f}），宜用短句和常用词")


def _hard_zh(text: str) -> str:
    count = len(HAN.findall(text))
    mean = count / max(1, sum(1 for _ in sentences_in(text)))
    if count < ENOUGH_CHARACTERS or mean <= CHARACTERS:
        return ""
    return tr(f"hard to read: {mean:.0f} characters a sentence", f"句子过长（平均 {mean:.0f} 字），宜分成短句")


GUARD = Language()
