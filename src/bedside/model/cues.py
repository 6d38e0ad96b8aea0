"""What a question asks and what sentences found about it, as numbers: the cues by which a reader sees yes, no or maybe.

A sentence may deny (no difference, not associated), find (higher, associated), or give a p above or below 0.05. Each
is counted over all sentences, over those like the question, and at the first, the last and the likest one.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

LIMIT = 0.05
"""Of p, by the custom of the literature that is read."""
NEAR = 4.0
"""How much more a sentence counts that shares all words with the question: e to this."""
STEM = 6
"""Letters by which two words are held to be one."""

QUESTIONS = {
    "should": r"\bshould\b|应|是否需",
    "can": r"\bcan\b|\bcould\b|能否|可否|能不能",
    "needed": r"necess|need|required|mandatory|justified|worth|warrant|essential|must|routine|必要|必须|常规",
    "affects": r"affect|influence|impact|effect on|change|alter|影响|改变",
    "improves": r"improve|benefit|advantage|better|superior|reduce|increase|prevent|enhance|改善|降低|提高|预防|优于",
    "predicts": r"predict|prognos|risk factor|marker|determin|预测|预后|危险因素|标志物",
    "related": r"associat|correlat|relat|link|role|相关|关联|关系|作用",
    "differs": r"differ|equal|same|similar|compar|versus|\bor\b|差异|不同|相同|比较|还是",
    "works": r"safe|feasib|effective|efficac|useful|reliable|valid|accura|adequate|安全|可行|有效|可靠|准确",
    "doubts": r"myth|really|still|too |ever|always|only|enough|all\b|just|exist|真的|仍|总是|仅|存在",
    "does": r"^(?:does|do|did)\b|是否",
    "is": r"^(?:is|are|was)\b|^是",
    "titled": r"[:：]",
    "turned": r"\bwithout\b|\bno\b|\bnot\b|avoid|unnecess|differ|不|无|避免|差异",
}
"""What kind of question it is."""

_NOUNS = r"differences?|associations?|correlations?|effects?|evidence|relationships?|changes?|improvement|benefit"
DENIES = re.compile(
    rf"\b(?:no (?:\w+ ){{0,2}}(?:{_NOUNS}|impact|influence|increase)|not|non ?- ?significant|nonsignificant|neither"
    r"|none of|without (?:any )?(?:significant|difference|effect)|similar|similarly|comparable|equal|identical"
    r"|unchanged|n ?\. ?s ?\.|failed to|lack of|absence of)\b"
    r"|无(?:统计学|显著|明显)|(?:未|没有)(?:见|发现|显示|能)|不(?:显著|相关)|相似|相近",
    re.IGNORECASE,
)
FINDS = re.compile(
    r"\b(?:significant(?:ly)?|associated with|correlated|predict(?:s|ed|or|ors|ive)?|improved?|independent(?:ly)?"
    r"|increased?|decreased?|reduced?|higher|lower|greater|better|effective|superior|(?:more|less) likely|odds ratio"
    r"|hazard ratio|risk factor)\b|显著|明显|有统计学意义|相关|高于|低于|升高|降低|改善|优于|危险因素",
    re.IGNORECASE,
)
P_VALUE = re.compile(
    r"\bp\s*(?:-?\s*values?\s*)?(?:was|were|of)?\s*(=|<|>|≤|≥|＜|＞|＝|less than)\s*0?\s*[.·]\s*(\d+)", re.IGNORECASE
)
BETWEEN = re.compile(r"(?<=[.!?;])\s+(?=[^\W\d]|[(\[])|(?<=[。！？；])")
WORD = re.compile(r"[a-z][a-z0-9-]{2,}|[\u4e00-\u9fff]{2}")
PLAIN = (
    "the and for are was were been does did can could should would with without from that this these those its their "
    "than after before between among during not our how what which who why has have had may might will there any "
    "patients patient study"
)
COMMON = frozenset(PLAIN.split())
"""Words that say nothing of what a question is about."""
MARKS = 4
PLACES = 5
WIDTH = len(QUESTIONS) + MARKS * PLACES + 5
"""Numbers a pair."""


def cues(question: str, findings: str) -> NDArray[np.float32]:
    """Numbers [WIDTH] of a question and the sentences that may answer it, in English or Chinese.

    >>> low = cues("Does sex affect outcome?", "Outcome did not differ by sex (P = 0.61).")
    >>> high = cues("Does sex affect outcome?", "Outcome was better in women (P < 0.01).")
    >>> bool(low[-1] > 0 > high[-1])
    True
    """
    asked = [float(bool(re.search(cue, question, re.IGNORECASE))) for cue in QUESTIONS.values()]
    sentences = [one for one in BETWEEN.split(findings) if one.strip()] or [""]
    told = np.array([_marks(one) for one in sentences])
    wanted = _words(question)
    like = np.array([len(_words(one) & wanted) / max(1, len(wanted)) for one in sentences])
    weights = np.exp(NEAR * like)
    near = weights @ told / weights.sum()
    spread = [told.mean(0), near, told[0], told[-1], told[like.argmax()]]
    denied = near[0] + near[2] - near[1] - near[3]
    amounts = [like.max(), like.mean(), np.log(len(sentences)), asked[-1] * denied, denied]
    return np.array([*asked, *np.ravel(spread), *amounts], np.float32)


def _marks(sentence: str) -> list[float]:
    """Whether it denies, finds (and denies nothing), and gives a p above or below the limit."""
    denies = bool(DENIES.search(sentence))
    above = below = False
    for sign, digits in P_VALUE.findall(sentence):
        large = sign in ">≥＞" or float(f"0.{digits}") > LIMIT
        above, below = above or large, below or not large
    return [float(denies), float(bool(FINDS.search(sentence)) and not denies), float(above), float(below)]


def _words(text: str) -> set[str]:
    return {word[:STEM] for word in WORD.findall(text.lower()) if word not in COMMON}
