"""Phrases that may name a finding in words that no list has: what stands between the joints of a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from bedside.cleaning.language import HAN

Span = tuple[int, int]
SHORTEST_WORDS, LONGEST_WORDS = 2, 12
SHORTEST_HAN, LONGEST_HAN = 4, 18

_PAUSE = r"[.,;:!?()\[\]\n\"“”]|[，。；：！？、（）【】]"
_JOINT = re.compile(
    rf"{_PAUSE}|\b(?:and|or|but|because|with|who|which|when|whenever|while|although|then|if|so|until|since)\b",
    re.IGNORECASE,
)
_HAS = re.compile(
    r"\b(?:has|have|had|having|shows?|showed|revealed|noticed|complain(?:s|ed|ing) of|"
    r"there (?:is|are|was|were)|feels?)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_SMALL = """
a an the of in on at to for by is are was were be been being has have had do does did he she they it his her
its their this that these those there who which when whenever while as so very quite rather then than from
into out also now just only particularly especially and or but because with we i our you your my me him them
us some any all both each every about after before during within per too can could will would may might must
shall should until since
"""
_EDGE = frozenset(_SMALL.split())
_DENIES = frozenset(("no", "not", "without", "never", "denies"))
_NORMAL = re.compile(
    r"\b(?:normal(?:ly)?|unremarkable|healthy|intact|clear|fine|well|good|usual|regular|appropriate)\b|"
    r"正常|良好|未见异常|无异常|健康|尚可|无殊",
    re.IGNORECASE,
)
"""What is as it should be is no finding, however near its words are to one."""
_PAUSE_ZH = re.compile(r"[，。；：！？、（）【】,;:!?()\s]")
_LEADS_ZH = re.compile(r"有时|常常?|就|见|示|诉|有|出现|发现|伴|后|时|为|呈|及|和|并|因|仍|又|还|均|于")
_DIGIT = re.compile(r"\d")
_DENIES_ZH = re.compile(r"^(?:无|没有|未见|否认|不伴)")


def phrases(text: str, taken: Iterable[Span]) -> list[Span]:
    """Places of candidate phrases, long and short ones, that meet none of the places `taken`.

    >>> text = "Her fingertips turn white in the cold."
    >>> [text[start:end] for start, end in phrases(text, [])]
    ['fingertips turn white in the cold']
    """
    used = {place for start, end in taken for place in range(start, end)}
    spans = [*_english(text), *(_chinese(text) if HAN.search(text) else ())]
    fit = {span for span in spans if used.isdisjoint(range(*span)) and not _NORMAL.search(text, *span)}
    return sorted(fit)


def _pieces(joint: re.Pattern[str], text: str, start: int, end: int) -> Iterator[Span]:
    cuts = [(start, start), *(match.span() for match in joint.finditer(text, start, end)), (end, end)]
    return ((left[1], right[0]) for left, right in pairwise(cuts) if left[1] < right[0])


def _english(text: str) -> Iterator[Span]:
    for start, end in _pieces(_JOINT, text, 0, len(text)):
        tails = [match.end() for match in _HAS.finditer(text, start, end)]
        for begin in (start, *tails):
            yield from _trimmed(text, begin, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    """The words between, without those that carry nothing at either edge; also without a denial that it begins with."""
    words = [(match[0].lower(), *match.span()) for match in _WORD.finditer(text, start, end)]
    while words and words[0][0] in _EDGE:
        del words[0]
    while words and words[-1][0] in _EDGE:
        del words[-1]
    if SHORTEST_WORDS <= len(words) <= LONGEST_WORDS and not HAN.search(text, words[0][1], words[-1][2]):
        yield words[0][1], words[-1][2]
        if words[0][0] in _DENIES:
            yield from _trimmed(text, words[1][1], end)


def _chinese(text: str) -> Iterator[Span]:
    for start, end in _pieces(_PAUSE_ZH, text, 0, len(text)):
        leads = [match.end() for match in _LEADS_ZH.finditer(text, start, end)]
        denied = [match.end() for match in (_DENIES_ZH.search(text[start:end]),) if match]
        for begin in {start, *leads, *(start + one for one in denied)}:
            if (
                SHORTEST_HAN <= end - begin <= LONGEST_HAN
                and HAN.search(text, begin, end)
                and not _DIGIT.search(text, begin, end)
            ):
                yield begin, end
