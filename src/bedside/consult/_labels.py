"""Sentences of drug labels (SPL, 说明书) that speak of this person: contraindications, warnings, interactions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bedside.emergency.asking import readable
from bedside.facts.names import kinds_in, things
from bedside.types import Passage

_SECTION = re.compile(
    r"contraindicat|warning|precaution|interaction|do not use|ask a doctor|pregnan|lactation|nursing|p(?:a)?ediatric"
    r"|geriatric|specific populations|impairment|when using|children|elderly|older people|who (?:should|can)not"
    r"|禁忌|注意事项|警示|警告|相互作用|孕妇|妊娠|哺乳|儿童用药|老年用药|慎用|肝肾功能",
    re.IGNORECASE,
)
_HEADED = re.compile(r"【([^】]{2,20})】")
_CARE = re.compile(
    r"contraindicat|avoid|should not|must not|do not|not (?:be )?(?:used|recommended|given|taken)|"
    r"caution|risk|warn|monitor|stop|increase|serious"
    r"|fatal|harm|reduce|adjust|toxic|ask a doctor|bleeding|禁|慎|避免|不宜|不应|不得|不推荐|风险|警|"
    r"减量|监测|停|可致|增加|增强|咨询|损害",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.。；;\n]+(?:[.](?!\s|$)[^.。；;\n]*)*[.。；;]?")
_COMMON = frozenset(["tablet", "tablets", "capsule", "capsules", "injection", "cream", "solution", "label", "说明书"])
"""Words of a label's title that name no medicine."""
_FORM = re.compile(r"(?:缓释|肠溶|分散|咀嚼|口服)?(?:片剂?|胶囊|颗粒|注射液|溶液|滴眼液|软膏|混悬液)?(?:说明书)?$")
LONGEST = 320
"""Characters of a sentence that are shown."""
AGES = {
    "child": (re.compile(r"p(?:a)?ediatric|child|infant|adolescen|儿童|婴|小儿|青少年", re.IGNORECASE), 0.0, 18.0),
    "elderly": (
        re.compile(r"geriatric|elderly|older (?:patients|people|adults)|65 years|老年|高龄", re.IGNORECASE),
        65.0,
        200.0,
    ),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of a label that meets a fact."""

    passage: Passage
    sentence: str
    fact: str


def meetings(
    passages: Sequence[Passage], medicines: Sequence[str], question: str, facts: Sequence[tuple[str, re.Pattern[str]]]
) -> Iterator[Said]:
    """The sentences of cautious sections about a medicine asked for that name one of the facts (name, pattern)."""
    for passage in passages:
        heading = f"{passage.heading} {' '.join(_HEADED.findall(passage.text))}"
        if not _SECTION.search(heading) or not is_about(passage, medicines, question):
            continue
        strict = re.search(r"contraindicat|do not use|禁忌|禁用", heading, re.IGNORECASE)
        for match in _SENTENCE.finditer(passage.text):
            sentence = " ".join(match[0].split())
            for name, pattern in facts:
                if pattern.search(sentence) and (strict or _CARE.search(sentence)):
                    yield Said(passage, sentence[:LONGEST], name)
                    break


def is_about(passage: Passage, medicines: Sequence[str], question: str) -> bool:
    """Whether a label is of a medicine that the question names, by the table of names or by its title's own words."""
    if set(kinds_in(readable(f"{passage.title} {passage.citation}"), "medicine")) & set(medicines):
        return True
    words = re.findall(r"[A-Za-z]{5,}|[\u4e00-\u9fff]{3,}", _FORM.sub("", passage.title))
    return any(word.lower() in question.lower() for word in words if word.lower() not in _COMMON)


def pattern_of(name: str, kinds: Sequence[str]) -> re.Pattern[str]:
    """What names a fact in a label: its kinds' wordings, else its own words."""
    known = [pattern.pattern for id in kinds for pattern in things()[id].patterns]
    own = [re.escape(name)] if len(name) > 2 else []
    return re.compile("|".join([*known, *own]) or r"(?!)", re.IGNORECASE)
