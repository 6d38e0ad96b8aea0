"""Figures that count: shares of persons with their number and total, and numbers of persons or studies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bedside.cleaning.numerals import HAN, UNSIGNED, WORDS, value_of, worded
from bedside.literature._atoms import Atom
from bedside.literature._named import with_interval
from bedside.literature._statistic import Statistic

_WHOLE = r"(?:\d{1,3}(?:[,\u2009\u00a0\u202f ]\d{3})+(?![\d.])|(?<!\d)\d{1,9}(?!\d|\.\d))"
_PERSON = (
    r"(?:patients?|participants?|subjects?|women|men|children|adults?|adolescents?|infants?|newborns?"
    r"|neonates?|boys|girls|"
    r"males?|females?|people|persons?|individuals?|volunteers?|controls|cases?|respondents?|nurses|physicians"
    r"|doctors|clinicians|"
    r"students|residents|mothers|veterans|survivors|users|smokers|recipients|donors|pregnancies|births"
    r"|deliveries|eyes|hips|knees|"
    r"lesions|nodules|tumou?rs|specimens|samples|biopsies|records|admissions|twins|families|carriers|rats|mice|animals)"
)
_STUDY = r"(?:trials?|stud(?:y|ies)|RCTs?|articles?|publications?|cohorts|reports|papers|meta-analyses)"
_STOP = (
    r"(?:of|in|with|to|and|or|the|were|was|for|at|by|per|from|on|an?|than|years?|months?|weeks?|days?|hours?"
    r"|minutes?|mg|g|kg|ml|"
    r"points?|cent(?:er|re)s?|hospitals?|countries|sites|times|percent|is|are|had|have|versus|vs|between|among"
    r"|after|who|that|old|mm)"
)
_BETWEEN = rf"(?:(?!{_STOP}\b)[A-Za-z][\w'’/-]*\s+){{0,4}}?"
PERSONS_WORDED = re.compile(rf"(?P<n>{WORDS})\s+{_BETWEEN}{_PERSON}\b|(?P<zh>{HAN})\s?(?:例|名(?!称))", re.IGNORECASE)
_NUMBERED = (
    re.compile(rf"(?P<n>{_WHOLE})\s+{_BETWEEN}(?P<noun>{_PERSON}|{_STUDY})\b(?!-)", re.IGNORECASE),
    re.compile(rf"(?P<n>{WORDS})\s+{_BETWEEN}(?P<noun>{_PERSON}|{_STUDY})\b", re.IGNORECASE),
    re.compile(rf"(?<![A-Za-z])[nN]\s*[=＝]\s*(?P<n>{_WHOLE})(?!\s?[%％.])(?P<noun>)"),
    re.compile(
        rf"(?P<n>{_WHOLE}|{HAN})\s?(?P<noun>例(?!如)|名(?!称)|位(?=患者|病人)|人(?![民群体类])|只(?=[大小]鼠|SD|Wistar|C57)"
        r"|[项篇个](?=[^，。；、\d]{0,14}(?:研究|试验|文献|RCT|论文)))"
    ),
)
_NOUN = r"(?:(?:\s+|-)[A-Za-z][\w'’-]*){0,3}?\s*"
_COUNT = rf"(?P<c>{_WHOLE}|{WORDS})"
_OF = r"\s*(?:/|(?:out )?of(?: (?:the|all|these))?)\s*"
_SHARE = rf"(?P<v>(?<![\d.±]){UNSIGNED})\s?[%％]"
_SHARES = (
    re.compile(rf"{_COUNT}(?:\s?例)?{_OF}(?P<t>{_WHOLE}){_NOUN}[(\[（,，]\s*{_SHARE}", re.IGNORECASE),
    re.compile(rf"{_SHARE}\s*[(\[（,，]?\s*(?P<c>{_WHOLE})\s?例?{_OF}(?P<t>{_WHOLE})\s?例?\s?[)\]）]?", re.IGNORECASE),
    re.compile(rf"{_COUNT}\s*[(\[]\s*{_SHARE}\s*[)\]]\s*of (?:the )?(?P<t>{_WHOLE})", re.IGNORECASE),
    re.compile(rf"(?<![\d/.=])(?P<c>{_WHOLE})\s?[例名人]?\s*[(\[（,，]\s*(?:占\s?)?{_SHARE}"),
    re.compile(rf"(?<!least )(?<!than )(?<!most )\b(?P<c>{_WHOLE}|{WORDS}){_NOUN}[(\[（]\s*{_SHARE}", re.IGNORECASE),
    re.compile(rf"{_SHARE}\s*[(（\[]\s*(?:n\s*=\s*)?(?P<c>{_WHOLE})\s?(?:例|patients)?\s*[)）\]]"),
    re.compile(
        rf"(?<![\d/.])(?P<c>{_WHOLE}|{WORDS}){_OF}(?P<t>{_WHOLE})(?=\s?例|\s+{_BETWEEN}{_PERSON}\b)", re.IGNORECASE
    ),
    re.compile(_SHARE),
)
_NO_SHARE = re.compile(
    r"\s*(?:power|confidence|CI\b|or (?:greater|more|less|higher|above|over)|CO\b|CO2|CO\(|level|saline"
    r"|dextrose|glucose|ethanol|solution|的?(?:把握度|可信|置信|葡萄糖|氯化钠))"
)
_POLES = re.compile(rf"{UNSIGNED}\s?[%％]?\s?[-–~～]\s?$")


def counted_figures(text: str, parts: Sequence[Atom], named: Sequence[Statistic]) -> list[Statistic]:
    """Shares, then numbers of persons and studies; none takes a number that another figure has."""
    found: list[Statistic] = []
    taken = [(one.start, one.end) for one in named] + [(one.start, one.end) for one in parts]
    for some in (_shares(text, parts), _numbers(text)):
        for one in some:
            others = [*taken, *((two.start, two.end) for two in found)]
            if not any(one.start < end and start < one.end for start, end in others):
                found.append(with_interval(text, parts, one) if one.kind == "proportion" else one)
    return found


def _shares(text: str, parts: Sequence[Atom]) -> Iterator[Statistic]:
    for pattern in _SHARES:
        for found in pattern.finditer(text):
            had = found.groupdict()
            if _NO_SHARE.match(text, found.end()) or _POLES.search(text[: found.start()]):
                continue
            count = _whole(had.get("c"))
            total = _whole(had.get("t"))
            if total is not None and count is not None and count > total:
                continue
            said = had.get("v")
            yield Statistic(
                kind="proportion",
                value=None if said is None else value_of(said),
                count=count,
                total=total,
                start=found.start(),
                end=found.end()
                + (text[found.end() : found.end() + 1] in (")", "）", "]") and "c" in had and said is not None),
            )


def _numbers(text: str) -> Iterator[Statistic]:
    for pattern in _NUMBERED:
        for found in pattern.finditer(text):
            number = _whole(found["n"])
            if number:
                yield Statistic(
                    kind="n", value=float(number), unit=found["noun"].lower(), start=found.start(), end=found.end()
                )


def _whole(said: str | None) -> int | None:
    if not said:
        return None
    return int(value_of(said)) if said[0].isdigit() else worded(said)
