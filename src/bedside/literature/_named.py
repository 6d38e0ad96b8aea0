"""Figures that their sentence names: a measure, then its value, interval after interval; also means and medians."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bedside.cleaning.numerals import NUMBER, value_of
from bedside.literature._atoms import BARE, Atom, limits
from bedside.literature._statistic import Statistic, kind_of, measures, names

_VALUE = re.compile(NUMBER)
_AND = re.compile(
    r"[\s,，、;；/]*(?:and|or|和|及|与|以及|&)?\s*(?:the\s)?(?:overall |pooled |diagnostic )?", re.IGNORECASE
)
_BETWEEN = re.compile(r"[\s,，、;；)\]）】]*(?:and|versus|vs\.?|和|及|与)?[\s(（]*", re.IGNORECASE)
_GAP = re.compile(r"[^.。;；]*")
_LONGEST_GAP = 90
_NEAR = re.compile(
    r"[\s,，;；:：()（）\[\]【】]*(?:[a-zA-Z%％/·个月年天岁分μ0-9]{0,12}(?:\s[A-Za-z0-9.²]{1,6})?)[\s,，;；:：(（\[【]*"
)
_PERCENT = re.compile(r"\s?[%％]")
_UNIT = re.compile(
    r"\s?[)）]?\s?(mm ?Hg|months?\b|years?\b|days?\b|weeks?\b|hours?\b|minutes?\b|points?\b|percentage points?"
    r"|kg(?:/m2)?\b|"
    r"[%％]|[a-zμ]{1,5}/(?:1\.73 ?m2|[a-zA-Z]{1,3}(?:/[a-z]{1,3})?)|个月|年|天|周|d\b|岁|分|小时|h\b|cm\b|mm\b)"
)
_MEDIAN = re.compile(r"\b[Mm]edian\b|中位数?")
_MEAN = re.compile(r"\b[Mm]ean\b|\b[Aa]verage\b|平均")
_CHANGE = re.compile(
    r"\b(?:improved|increased|decreased|reduced|fell|rose|declined|dropped|lowered|raised|lower|higher|shorter"
    r"|longer) by"
    r"(?: an? (?:mean|median|average) of)?\s?|(?<!每)(?:下降|降低|升高|提高|增加|减少|缩短|延长)了?(?=\s?[（(]?\d)"
)
_SPREAD = re.compile(rf"(?P<value>{NUMBER})\s?[%％]?\s?(?:±|\+/-|\(SD[,:]?\s?|\(±\s?)\s?(?P<sd>\d*[.·]?\d+)")
_STATED = re.compile(r"(?:^|\b(?:was|were|is|of|at|to)|[=:：(（为是])\s*$")
_ADJUSTED = re.compile(r"(?i:\badjusted\b|\bmultivaria[a-z]+\b)|\ba(?:HR|OR|RR)|\bAOR|校正|调整后|多因素")


def named_figures(text: str, parts: Sequence[Atom]) -> list[Statistic]:
    """Measures by name, then ± and medians, then plain changes; none takes a number that another has."""
    found: list[Statistic] = []
    for some in (_measured, _spread, _middle, _changed):
        for one in some(text, parts, found):
            if not any(one.start < two.end and two.start < one.end for two in found):
                found.append(one)
    return found


def _measured(text: str, parts: Sequence[Atom], taken: Sequence[Statistic]) -> Iterator[Statistic]:
    heads = [one for one in names().finditer(text) if _free(one.start(), one.end(), parts)]
    at = 0
    while at < len(heads):
        group = [heads[at]]
        while at + len(group) < len(heads) and _AND.fullmatch(text, group[-1].end(), heads[at + len(group)].start()):
            group.append(heads[at + len(group)])
        at += len(group)
        stop = heads[at].start() if at < len(heads) else len(text)
        yield from _valued(text, parts, group, stop)


def _valued(text: str, parts: Sequence[Atom], group: list[re.Match[str]], stop: int) -> Iterator[Statistic]:
    """The values behind names that stand together: one each in order, or several of the one name."""
    kinds = [kind_of(one) for one in group]
    kinds = [one for number, one in enumerate(kinds) if one not in kinds[:number]]
    place = group[-1].end()
    values: list[Statistic] = []
    while one := _next_value(text, parts, place, stop, kinds[min(len(values), len(kinds) - 1)], first=not values):
        values.append(one)
        place = _behind(parts, one.end)
        if len(kinds) > 1 and len(values) == len(kinds):
            break
    if values and len(values) >= len(kinds):
        adjusted = _ADJUSTED.search(text, max(0, group[0].start() - 40), group[-1].end()) is not None
        for one in values:
            start = group[0].start() if one is values[0] and len(kinds) == 1 else one.start
            yield _made(one, start=start, adjusted=adjusted and one.effect)


def _next_value(text: str, parts: Sequence[Atom], place: int, stop: int, kind: str, *, first: bool) -> Statistic | None:
    """The number that comes next, if nothing but words stand before it (marks alone, after the first)."""
    for found in _VALUE.finditer(text, place, stop):
        if not _free(found.start(), found.end(), parts):
            continue
        gap = _without(text, parts, place, found.start())
        if first and (len(gap) > _LONGEST_GAP or not _GAP.fullmatch(gap)):
            return None
        if not first and not _BETWEEN.fullmatch(gap):
            return None
        return _valid(text, parts, found, kind)
    return None


def _valid(text: str, parts: Sequence[Atom], found: re.Match[str], kind: str) -> Statistic | None:
    """A number as a value of a measure, None where it cannot be one."""
    scale, value = measures()[kind].scale, value_of(found[0])
    percent = _PERCENT.match(text, found.end())
    behind = text[found.end() : found.end() + 12]
    if scale in ("ratio", "correlation") and (percent or re.match(r"\s?(?:patients|例|years|months|mg|kg|项)", behind)):
        return None
    if scale == "percent" and not percent:
        return None
    if scale == "share" and not percent and not 0 <= value <= 1 and kind != "AUC":
        return None
    if re.match(r"\s?(?:patients|participants|women|men|studies|trials|例|名|项)", behind):
        return None
    return _figure(text, parts, kind, found, percent)


def _figure(
    text: str, parts: Sequence[Atom], kind: str, found: re.Match[str], percent: re.Match[str] | None
) -> Statistic:
    """The value with the interval behind it."""
    end = percent.end() if percent else found.end()
    unit = _UNIT.match(text, found.end())
    named = "" if unit is None or (percent and kind in ("I2", "efficacy")) else unit[1].strip().replace("％", "%")
    one = Statistic(kind=kind, value=value_of(found[0]), unit=named, start=found.start(), end=end)
    return with_interval(text, parts, one)


def with_interval(text: str, parts: Sequence[Atom], one: Statistic) -> Statistic:
    """A figure with the interval that stands behind it, with nothing but marks, a unit or a p value between."""
    for part in parts:
        if part.start < one.end or part.kind not in ("interval", "quartiles"):
            continue
        gap = _without(text, parts, one.end, part.start)
        if not _NEAR.fullmatch(gap):
            break
        spread = "IQR" if part.kind == "quartiles" else ""
        level = None if spread else part.level or 95.0
        return _made(one, low=part.low, high=part.high, level=level, spread=spread, end=part.end)
    bare = BARE.match(text, one.end)
    if bare and (one.effect or one.kind in ("sensitivity", "specificity", "AUC", "NNT")):
        low, high = limits(bare)
        return _made(one, low=low, high=high, level=95.0, end=bare.end())
    return one


def _spread(text: str, parts: Sequence[Atom], taken: Sequence[Statistic]) -> Iterator[Statistic]:
    for found in _SPREAD.finditer(text):
        unit = _UNIT.match(text, found.end())
        sd = value_of(found["sd"])
        yield Statistic(
            kind="mean",
            value=value_of(found["value"]),
            sd=sd,
            unit=unit[1] if unit else "",
            start=found.start(),
            end=unit.end() if unit else found.end(),
        )


def _middle(text: str, parts: Sequence[Atom], taken: Sequence[Statistic]) -> Iterator[Statistic]:
    """Medians, and means without ±: the number behind the word, and those beside it that another arm has."""
    for pattern, kind in ((_MEDIAN, "median"), (_MEAN, "mean")):
        heads = list(pattern.finditer(text))
        for number, head in enumerate(heads):
            stop = heads[number + 1].start() if number + 1 < len(heads) else len(text)
            place, several = head.end(), 0
            for found in _VALUE.finditer(text, place, stop):
                if not _free(found.start(), found.end(), parts) or any(
                    one.start <= found.start() < one.end for one in taken
                ):
                    continue
                gap = _without(text, parts, place, found.start())
                near = len(gap) <= 45 and not re.search(r"[;；。]|\bby\s*$", gap) if not several else _next_arm(gap)
                unit = _UNIT.match(text, found.end())
                if not near or (unit is None and (several or not _STATED.search(gap))):
                    break
                one = Statistic(
                    kind=kind,
                    value=value_of(found[0]),
                    unit=unit[1] if unit else "",
                    start=found.start(),
                    end=unit.end() if unit else found.end(),
                )
                yield (one := with_interval(text, parts, one))
                place, several = one.end, several + 1


def _next_arm(gap: str) -> bool:
    return len(gap) <= 60 and re.search(r"\b(?:and|versus|vs|compared with|v)\b|和|比|与|，", gap) is not None


def _changed(text: str, parts: Sequence[Atom], taken: Sequence[Statistic]) -> Iterator[Statistic]:
    for head in _CHANGE.finditer(text):
        found = _VALUE.match(text, head.end())
        if found and _free(found.start(), found.end(), parts):
            unit = _UNIT.match(text, found.end())
            one = Statistic(
                kind="change",
                value=value_of(found[0]),
                unit=unit[1] if unit else "",
                start=found.start(),
                end=unit.end() if unit else found.end(),
            )
            yield with_interval(text, parts, one)


def _free(start: int, end: int, parts: Sequence[Atom]) -> bool:
    return not any(start < one.end and one.start < end for one in parts)


def _behind(parts: Sequence[Atom], place: int) -> int:
    """The end of the p value that follows at once, so that the next value can be looked for."""
    for one in parts:
        if one.kind == "p" and 0 <= one.start - place <= 3:
            return one.end
    return place


def _without(text: str, parts: Sequence[Atom], start: int, end: int) -> str:
    """A stretch without the parts in it."""
    kept, at = [], start
    for one in parts:
        if one.start >= start and one.end <= end:
            kept.append(text[at : one.start])
            at = one.end
    return "".join([*kept, text[at:end]])


def _made(one: Statistic, **changes: object) -> Statistic:
    from dataclasses import replace

    return replace(one, **changes)  # type: ignore[arg-type]
