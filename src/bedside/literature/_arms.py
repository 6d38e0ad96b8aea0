"""The arm of a trial, or the group of a study, that a figure is of: "in the aspirin group", 观察组, "with placebo"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from bedside.literature._statistic import Statistic

_WORD = r"[A-Za-z0-9][\w+/'’.-]*"
_NOT = (
    r"(?!(?:the|only|one|four|five|six|further|another|a|an|each|both|all|either|two|three|these|those|this"
    r"|that|other|any|no|and|or|in|of|was|were|total|patients|age|same|study|per|between|among)\b)"
)
_NAMED = rf"(?P<arm>{_NOT}{_WORD}(?:\s+(?!(?:and|or|in|of|was|were|had|the|than)\b){_WORD}){{0,3}}?)"
_GROUP = r"(?:-treated|-only|\s+alone)?[\s-]+(?:groups?|arms?|cohorts?|recipients|users)\b"
_AFTER = re.compile(
    r"[\s)\]%,]*(?:(?:of|in)\s+(?:the\s+)?(?:patients|participants|women|men|subjects|children|those"
    r"|cases)\s+)?(?:patients\s+|cases\s+)?"
    rf"(?:in|of|for|among|with|receiving|given|on|taking|to|treated with|assigned to)\s+(?:the\s+"
    rf"|those\s+(?:receiving|in the|given|on|with)\s+)?"
    rf"(?:{_NAMED}{_GROUP}|(?P<word>controls?|placebo|cases|non-\w+"
    rf"|{_NOT}[a-z]\w+(?:\s+alone)?)(?=\s*(?:[,;.(\[]|and\b|versus\b|vs\b|compared\b|than\b|patients\b|$)))"
)
_SHARED = re.compile(
    rf"[\s)\]%,]*(?:of patients\s+)?(?:in|for|with"
    rf"|among)\s+(?:the\s+)?(?P<one>{_NOT}{_WORD}(?:\s+{_WORD}){{0,2}}?)(?:\s+groups?)?"
    rf"(?:,\s+(?P<mid>{_WORD}(?:\s+{_WORD})?),?)?\s+and\s+(?:the\s+)?(?P<two>{_WORD}(?:\s+{_WORD}){{0,2}}?)"
    r"(?:\s+(?:groups?|arms?|patients|cohorts?)|\s*,\s*respectively)"
)
_BEFORE = re.compile(rf"(?:\bthe\s+|\bin\s+|\bto\s+|\bof\s+|^){_NAMED}{_GROUP}|\b(?P<word>controls|placebo)\b")
_PAREN = re.compile(
    rf"(?P<arm>{_NOT}{_WORD}(?:\s+(?!(?:or|and|to|receive|of|the)\b){_WORD}){{0,2}}?)(?:\s+(?:group|arm))?\s*[(\[]\s*$"
)
_PERSONS = re.compile(
    r"(?:.*\s)?(?:patients?|participants?|subjects?|women|men|children|adults|people|trials?|studies|persons"
    r"|individuals|infants|volunteers|sample)",
    re.IGNORECASE,
)
_ZH = re.compile(r"(?P<arm>[A-Za-z0-9\u4e00-\u9fff+\-]{1,10}?组)(?!织|成|合|间|内|别|患者间)")
_ZH_NOT = re.compile(r"^(?:[两二三四各每全该同分本此几多]|随机|平均)+组$")
_NEXT = re.compile(r"(?:患者)?[（(]?")
_ZH_LEAD = re.compile(r"^.*(?:[和与及比于为的，、在将]|其中|治疗后|治疗前|干预后|术后|分为|低于|高于|结果)(?=.{1,8}组)")


def arm_of(text: str, one: Statistic, start: int, stop: int) -> str:
    """The arm of one figure between the end of the figure before it and the beginning of the next.

    >>> text = "It fell in 12% of the placebo group."
    >>> arm_of(text, Statistic(kind="proportion", value=12, start=11, end=14), 0, len(text))
    'placebo'
    """
    if zh := _chinese(text, one, start):
        return zh
    if one.kind == "n":
        return _in_brackets(text, one)
    behind = _AFTER.match(text, one.end, stop)
    if behind is None and one.end < len(text):
        closed = re.compile(r"\s*[)\]]").match(text, one.end)
        behind = _AFTER.match(text, closed.end(), stop) if closed else None
    if behind:
        found = (behind["arm"] or behind["word"]).strip()
        return "" if _PERSONS.fullmatch(found) else found
    last = None
    for found_before in _BEFORE.finditer(text, start, one.start):
        last = found_before
    return (last["arm"] or last["word"]).strip() if last else ""


def shared_arms(text: str, run: Sequence[Statistic]) -> list[str]:
    """The arms of figures that stand together when they are named together, in order; none otherwise."""
    if len(run) < 2:
        return []
    behind = _SHARED.match(text, run[-1].end)
    if behind:
        names = [name for name in (behind["one"], behind["mid"], behind["two"]) if name]
        return [name.strip() for name in names] if len(names) == len(run) else []
    before = [name for name, _ in _chinese_arms(text, 0, run[0].start)][-len(run) :]
    apart = [name for one, two in itertools.pairwise(run) for name, _ in _chinese_arms(text, one.end, two.start)]
    return before if len(set(before)) == len(run) and not apart else []


def _in_brackets(text: str, one: Statistic) -> str:
    """Of "placebo (n = 40)" the words before the bracket."""
    found = _PAREN.search(text, 0, one.start)
    if found is None or _PERSONS.fullmatch(found["arm"]):
        return ""
    return found["arm"].strip()


def _chinese(text: str, one: Statistic, start: int) -> str:
    found = list(_chinese_arms(text, start, one.start))
    if not found:
        return ""
    name, end = found[-1]
    return "" if one.kind == "n" and not _NEXT.fullmatch(text, end, one.start) else name


def _chinese_arms(text: str, start: int, stop: int) -> list[tuple[str, int]]:
    """The names of arms in a stretch, with where each ends."""
    found = []
    for clause in re.finditer(r"[^，。；：,;:（）()\[\]【】、]+", text[start:stop]):
        for one in _ZH.finditer(clause[0]):
            name = _ZH_LEAD.sub("", one["arm"])
            if not _ZH_NOT.match(name) and len(name) > 1:
                found.append((name, start + clause.start() + one.end()))
    return found
