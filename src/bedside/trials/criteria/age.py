"""Age and sex: `aged 18-75`, `年满60周岁`, `6 months to 5 years`, `男女不限`; ages are told in years."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bedside.trials.criteria.bounds import DAYS, Bound
from bedside.trials.criteria.claims import Claim, Groups, Taken
from bedside.trials.criterion import Condition, Op, Side

_NAME = (
    r"(?:受试者|患者|病人)?(?:的)?(?:年龄|年满|满|月龄|日龄|胎龄外)|\bage range|(?:\bbetween (?:the )?)?\bage[sd]?\b"
)
_BEFORE = re.compile(
    rf"(?:{_NAME})\s*(?:of|is|are|at|must|be|should|from|range[sd]?|ranging|limits?|"
    rf"group|between|in years|\(years\)|\(岁\)|"
    r"have|has|been|who|为|在|需|应|须|范围|满|介于|:|,|\(|\s)*\Z"
)
_OLD = re.compile(r"岁|old|of\s?age|月龄|日龄")
_TURNED = re.compile(rf"(?:{_NAME})\s*\Z")
_JOIN = re.compile(
    r"\s*(?:years?|岁|周岁)?\s*[,;、]?\s*(?:\(|且|并且|并|和|及|与|and|or|或者?|"
    r"but|/)?\s*(?:年龄|age|aged|are|is)?\s*\Z"
)
_CLOSED = re.compile(
    r"\s*(?:\(?(?:inclusive|both inclusive|含两端值?|包括两端|包括\d+周?岁?和\d+周?岁?|"
    r"(?:均)?含\d*周?岁?(?:和|、|及)?\d*周?岁?|含(?:边界|界)值?|包含边界值?)\)?|"
    r"(?:years?(?:\sold|\sof\sage)?)\b|周?岁|的?(?=[的者]))"
)
_ADULT = re.compile(r"\badults?\b(?! (?:protection|respiratory))|成年(?:人|患者|男性|女性|受试者)?|成人(?!型)")
_EVENT = re.compile(r"\s*(?:以?后|以?前|时|起)")
_TOLD = re.compile(r"(?:±|\+/-|相差|差)\s*\Z|(?:包括|包含|含)\s*(?:\d+\s*周?岁?\s*(?:和|、|及|与|,)\s*)?\Z")
_NAMED_AFTER = re.compile(rf"\s*(?:<\s*=|≤|<)\s*(?:{_NAME})")
_PEOPLE = re.compile(
    r"\b(?:adults?|children|infants?|adolescents?|paediatric|pediatric|neonates?|"
    r"elderly)\b|成年人?|成人(?!型)|儿童|小儿|患儿|老年人?|婴幼儿|青少年|新生儿|"
    r"(?:包括|包含|均?含)\s*\d+\s*周?岁?\s*(?:(?:和|、|及|与|,)\s*\d+\s*周?岁?)?"
)
_MINOR = re.compile(r"\b(?:children|paediatric patients|pediatric patients|minors)\b|儿童|未成年人?|小儿(?!麻痹)")
_SEX = (
    (
        "any",
        r"(?:不限性别|性别不限|男女不限|男女均可|男女不拘|男女兼有|不分性别|不论性别|"
        r"(?:性别)?:?\s?男(?:性)?(?:或|/|和|与|、|及)?女(?:性)?(?:均可|不限|皆可|兼有|"
        r"患者)?(?![≥≤<>\d])|"
        r"\b(?:males?|men|man|female|women|boys|girls)\s*(?:or|and|/|and/or)\s*(?:females?|"
        r"women|males?|men|boys|girls)\b(?:\s*of any sex)?|\b(?:both|either|all|any) "
        r"(?:sex(?:es)?|genders?)\b)",
    ),
    ("female", r"(?<![a-z])(?:females?|women|woman|girls?)(?![a-z])|女性|女童|女(?=[,;、≥≤<>\d:\s)]|$)|妇女"),
    ("male", r"(?<![a-z])(?:males?|men|man|boys?)(?![a-z])|男性|男童|男(?=[,;、≥≤<>\d:\s)]|$)"),
)
_SEXES = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _SEX))


def ages(text: str, found: Sequence[Bound], side: Side, taken: Taken) -> Iterator[Claim]:
    """The ages of a text; two that belong together are one claim."""
    own = _own(text, found, taken)
    at = 0
    while at < len(own):
        pair = own[at : at + 2]
        joined = len(pair) == 2 and _JOIN.fullmatch(text, pair[0].end, pair[1].start)
        yield _claim(pair if joined else pair[:1], side)
        at += 2 if joined else 1
    if not own:
        yield from _in_words(text, taken)


def _own(text: str, found: Sequence[Bound], taken: Taken) -> list[Bound]:
    """The bounds that are ages, each from its name on."""
    own: list[Bound] = []
    for one in found:
        bare = one.op == "=" and (_EVENT.match(text, one.end) or _TOLD.search(text, 0, one.start))
        turned = bare or (one.op == "=" and _NAMED_AFTER.match(text, one.end))
        if turned or not taken.free(one.start, one.end):
            continue
        if (begin := _begins(text, one, own)) is not None:
            own.append(replace(_reversed(text, one, begin), end=_closed(text, one.end)))
    return own


def _in_words(text: str, taken: Taken) -> Iterator[Claim]:
    """Adults are 18 and over, children under 18."""
    words: tuple[tuple[re.Pattern[str], Op, float | None, float | None], ...]
    words = ((_ADULT, ">=", 18, None), (_MINOR, "<", None, 18))
    for pattern, op, low, high in words:
        for match in pattern.finditer(text):
            if taken.free(*match.span()):
                yield _claim([Bound(match.start(), match.end(), op, low, high, "years")], "include")


def people(text: str, taken: Taken) -> Iterator[tuple[int, int]]:
    """Words for an age, such as children, which say no more where the age is told in numbers."""
    for match in _PEOPLE.finditer(text):
        if taken.free(*match.span()):
            yield match.span()


def _begins(text: str, bound: Bound, own: Sequence[Bound]) -> int | None:
    """Where the words of an age begin; None for a number that is none."""
    name = _BEFORE.search(text, max(0, bound.start - 48), bound.start)
    told = bound.unit in DAYS or not bound.unit
    old = bool(_OLD.search(text, bound.start, min(len(text), bound.end + 8)))
    if bound.times or not told:
        return None
    if name:
        return name.start()
    if own and _JOIN.fullmatch(text, own[-1].end, bound.start) and bound.op not in ("=",):
        return bound.start
    near = text[bound.start : bound.end]
    if bound.unit in DAYS and (_OLD.search(near) or (old and re.match(r"\s*(?:old|of age)", text[bound.end :]))):
        return bound.start
    return None


def _reversed(text: str, bound: Bound, begin: int) -> Bound:
    """`18 ≤ age ≤ 65`: the bound before the name is taken in."""
    name = _TURNED.search(text, max(0, bound.start - 24), bound.start)
    before = re.search(r"(\d+)\s*(周?岁|years?|个?月)?\s*(<\s*=|≤|<)\s*\Z", text[: name.start()]) if name else None
    if before is None or bound.high is None:
        return replace(bound, start=begin)
    low = float(before[1])
    if before[3] != "<" and bound.op == "<=":
        return replace(bound, start=before.start(), op="between", low=low)
    return replace(bound, start=before.start(), low=low, soft=before[3] == "<")


def _closed(text: str, at: int) -> int:
    while (match := _CLOSED.match(text, at)) and match.end() > at:
        at = match.end()
    return at


def _years(value: float | None, unit: str) -> float | None:
    return None if value is None else round(value * DAYS.get(unit or "years", 365.25) / 365.25, 3)


def _claim(found: Sequence[Bound], side: Side) -> Claim:
    start, end = found[0].start, found[-1].end
    unit = next((one.unit for one in reversed(found) if one.unit), "years")
    parts = [one for bound in found for one in _conditions(bound, unit, side, (start, end))]
    ops = [one.op for one in parts]
    groups: Groups
    if len(parts) == 2 and _apart(parts[0], parts[1]):
        groups = (tuple(parts),)
    elif len(parts) == 2 and set(ops) == {">=", "<="}:
        low, high = sorted(parts, key=lambda one: one.op == "<=")
        groups = ((replace(low, op="between", high=high.high),),)
    else:
        groups = tuple((one,) for one in parts)
    return Claim(start, end, "age", groups)


def _conditions(bound: Bound, unit: str, side: Side, place: tuple[int, int]) -> Iterator[Condition]:
    told = bound.unit or unit
    low, high = _years(bound.low, told), _years(bound.high, told)

    def one(op: Op, low: float | None, high: float | None) -> Condition:
        return Condition(
            kind="age",
            concept="age",
            op=op,
            low=low,
            high=high,
            unit="years",
            start=place[0],
            end=place[1],
        )

    if bound.low is not None and bound.high is not None and bound.op in ("<", "<="):
        yield one(">" if bound.soft else ">=", low, None)
        yield one(bound.op, None, high)
        return
    yield one(bound.hardened(side == "exclude").op, low, high)


def _apart(one: Condition, other: Condition) -> bool:
    """`< 18` and `> 75` cannot both hold."""
    low, high = sorted((one, other), key=lambda part: part.op in (">", ">="))
    return low.op in ("<", "<=") and high.op in (">", ">=") and (low.high or 0) <= (high.low or 0)


def sexes(text: str, taken: Taken) -> Iterator[Claim]:
    """The sexes that are named; `any` for both."""
    for match in _SEXES.finditer(text):
        if taken.free(*match.span()):
            sex = str(match.lastgroup)
            start, end = match.span()
            yield Claim(start, end, "sex", ((Condition(kind="sex", concept=sex, op="present", start=start, end=end),),))
