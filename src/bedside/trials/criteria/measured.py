"""Measurements and graded scales with their bounds: names before a bound share it, bounds after one share its name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bedside.trials.criteria.bounds import Bound
from bedside.trials.criteria.claims import Claim, Groups, Taken, all_of, any_of
from bedside.trials.criteria.grades import grade_at
from bedside.trials.criteria.lexicon import Hit
from bedside.trials.criterion import Condition, Side

_ALIAS = r"\(\s*[^()≥≤<>=\d]{1,40}\s*\)|\(\s*[a-z]{1,8}\d?[a-z]{0,4}\s*\)"
_GAP = re.compile(
    rf"(?:\s*(?:{_ALIAS}|levels?\b|counts?\b|values?\b|scores?\b|concentrations?\b|"
    rf"results?\b|readings?\b|ratio\b|of\b|is\b|are\b|was\b|were\b|must\b|be\b|should\b|"
    r"has\b|have\b|to\b|at\b|in\b|a\b|an\b|the\b|range\b|between\b|from\b|total\b|"
    r"serum\b|plasma\b|class(?:ification)?\b|grade\b|baseline\b|screening\b|"
    r"水平|浓度|数值|值|计数|评分|分级|分期|得分|总分|分数|活性|检测|检查|结果|"
    r"标准|仍|测定|功能|状态|量表|介于|需|应|须|均|为|在|是|达到|达|的|患者|:|,(?=\s*[≥≤<>])|"
    r"\(|\)|/(?=[≥≤<>])))*\s*\Z"
)
_ALSO = re.compile(
    rf"\s*(?:{_ALIAS})?\s*(?:and/or|and|or|or/and|&|和/或|及/或|和|及|与|或者?|以及|"
    rf"、|,|/|以及|且)\s*(?:the |a |serum |血清?)?\s*\Z"
)
_ALIASED = re.compile(rf"\s*\(\s*\Z|\s*[:：]?\s*\Z|\s*{_ALIAS}\s*\Z")
_OR = re.compile(r"\bor\b|或|/")
_MORE = re.compile(r"\s*(?:\)|[,、])?\s*(?:and/or|and|or|but|或者?|且|并且|并|和|及|同时)?\s*(?:is|are)?\s*\Z")
_END = re.compile(r"\s*(?:(?:或)?正常)?\s*\)")
_NORMAL = re.compile(
    r"\s*(?:(?:within|in) (?:the )?normal (?:limits?|range)|(?:is |are )?normal\b|"
    r"(?:在|处于)?正常(?:值)?(?:范围)?(?:之?内)?(?!值?上|值?下|高|低))"
)
_TURNED = re.compile(r"(\d+(?:\.\d+)?)\s*(?:%|mmhg|mmol/l|分|g/l|kg/m2)?\s*(<\s*=|≤|<)\s*\Z")
_TAIL = re.compile(r"[);]|\.(?=\s|$)")
_FOR = re.compile(r"\b(?:if|for|in|with|when|where|unless)\b|若|如|患者|者|有|伴|转移|时")
_SOME = re.compile(
    r"\s*(?:if|in case|when|for (?:patients|subjects|those|participants)|"
    r"in (?:patients|subjects|those|participants|case))\b|若|如果|如有"
)
_TURNS = re.compile(r"\s*[<>≤≥]")
_OPENS = re.compile(r"\s*[,(]?\s*(?:or|and|but|或|但)?\s*(?:is |are )?")


def measured(
    text: str, exact: str, hits: Sequence[Hit], found: Sequence[Bound], side: Side, taken: Taken
) -> Iterator[Claim]:
    """What is measured: each run of names with the bounds that follow it."""
    at = 0
    starts = sorted(one.start for one in found)
    while at < len(hits):
        run = [hits[at]]
        while (
            at + 1 < len(hits)
            and _ALSO.match(text[run[-1].end : hits[at + 1].start])
            and not _bounded(text, run[-1], found)
        ):
            at += 1
            run.append(hits[at])
        at += 1
        while at < len(hits) and _ALIASED.fullmatch(text, run[-1].end, hits[at].start):
            same = hits[at].entry.concept == run[-1].entry.concept
            if not same and _bounded(text, run[-1], found):
                break
            run = [
                *run[: -1 if same else None],
                Hit(run[-1].start if same else hits[at].start, hits[at].end, hits[at].entry),
            ]
            at += 1
        following = hits[at].start if at < len(hits) else len(text)
        claim = _claim(text, exact, run, found, starts, following, side)
        if claim and taken.free(claim.start, claim.end):
            yield claim


def _bounded(text: str, hit: Hit, found: Sequence[Bound]) -> bool:
    return any(
        one.start >= hit.end and _GAP.fullmatch(text, hit.end, one.start) for one in found if one.start - hit.end < 60
    )


def _claim(
    text: str,
    exact: str,
    run: Sequence[Hit],
    found: Sequence[Bound],
    starts: Sequence[int],
    following: int,
    side: Side,
) -> Claim | None:
    last = run[-1]
    graded = last.entry.kind in ("number", "roman", "letter", "stage")
    if graded and (grade := grade_at(exact, last.end, last.entry.kind)):
        own = [grade]
    else:
        own = _own(text, last, found, following, plain=not graded or last.entry.kind == "number")
    if not own:
        return None
    if (last_word := _relaxed(text, own[-1].end, found)) is not None:
        return Claim(run[0].start, last_word, "measurement", ())
    start, end = run[0].start, own[-1].end
    if own[0].start < start:
        start = own[0].start
    if "(" in text[last.end : own[0].start] and (close := _END.match(text, end)):
        end = close.end()
    joined = any(_OR.search(text, one.end, other.start) for one, other in pairwise(run))
    parts = [_bound_groups(text, hit, own, side, (start, end)) for hit in run]
    together = any_of(parts) if joined or (side == "exclude" and len(run) > 1) else all_of(parts)
    kind = "status" if graded else "measurement"
    return Claim(start, end, kind, together or parts[0])


def _relaxed(text: str, at: int, found: Sequence[Bound]) -> int | None:
    """Where a bound that holds for some only ends: `≤ 2.5 x ULN (≤ 5 x ULN if ...)`; None where there is none."""
    stop = _TAIL.search(text, at)
    end = stop.start() if stop else len(text)
    if _SOME.match(text, at, end):
        return end
    for one in found:
        if one.start >= at and _OPENS.fullmatch(text, at, one.start):
            stop = _TAIL.search(text, one.end)
            end = stop.start() if stop else len(text)
            return end if _FOR.search(text, one.end, end) else None
    return None


def _own(text: str, hit: Hit, found: Sequence[Bound], following: int, *, plain: bool) -> list[Bound]:
    """The bounds of a name: the first after it, and those that go on from there."""
    own: list[Bound] = []
    at = hit.end
    for one in found:
        if one.start < at or one.start >= following:
            continue
        if not (_GAP.fullmatch(text, at, one.start) if not own else _MORE.fullmatch(text, at, one.start)):
            break
        if one.op == "=" and (
            _TURNS.match(text, one.end) or own or not (one.unit or one.times or hit.entry.kind != "measurement")
        ):
            break
        own.append(one)
        at = one.end
    normal = _NORMAL.match(text, _past_gap(text, hit.end)) if not own else None
    if normal and hit.entry.kind == "measurement":
        return [
            Bound(hit.end, normal.end(), "between", 1, 1, "", "LLN"),
        ]
    before = _TURNED.search(text[: hit.start])
    if own and before and own[0].high is not None:
        low = Bound(before.start(), own[0].end, ">" if before[2] == "<" else ">=", float(before[1]), None, own[0].unit)
        return [low, *own]
    return own if plain else []


def _past_gap(text: str, at: int) -> int:
    match = re.compile(_GAP.pattern.removesuffix(r"\s*\Z")).match(text, at)
    return match.end() if match else at


def _bound_groups(text: str, hit: Hit, own: Sequence[Bound], side: Side, place: tuple[int, int]) -> Groups:
    parts = [_conditions(hit, one, side, place) for one in own]
    if len(parts) == 1:
        return parts[0]
    between = text[own[0].end : own[1].start]
    apart = own[0].high is not None and own[1].low is not None and own[0].low is None and own[0].high <= own[1].low
    outside = own[0].op in (">", ">=") and own[1].op in ("<", "<=") and (own[0].low or 0) >= (own[1].high or 0)
    if apart or outside or (_OR.search(between) and side == "exclude"):
        return any_of(parts) or parts[0]
    ops = [one.op for one in own]
    if ops == [">=", "<="] and all(len(part) == 1 for part in parts):
        low, high = parts[0][0][0], parts[1][0][0]
        return ((_condition(hit, "between", low.low, high.high, high.unit or low.unit, high.times, place),),)
    return all_of(parts)


def _conditions(hit: Hit, bound: Bound, side: Side, place: tuple[int, int]) -> Groups:
    if bound.times == "LLN" and bound.op == "between":
        normal = (_condition(hit, ">=", 1, None, "", "LLN", place), _condition(hit, "<=", None, 1, "", "ULN", place))
        return tuple((one,) for one in normal)
    told = bound.hardened(side == "exclude")
    return ((_condition(hit, told.op, told.low, told.high, told.unit, told.times, place),),)


def _condition(
    hit: Hit, op: str, low: float | None, high: float | None, unit: str, times: str, place: tuple[int, int]
) -> Condition:
    return Condition(
        kind="measurement" if hit.entry.kind == "measurement" else "status",
        concept=hit.entry.concept,
        op=op,  # type: ignore[arg-type]
        start=place[0],
        end=place[1],
        codes=hit.entry.codes,
        low=low,
        high=high,
        unit=unit if hit.entry.kind == "measurement" else "",
        times=times,
    )
