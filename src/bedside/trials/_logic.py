"""Claims put together: what is joined by or, by and, by a list, a denial, an exception, into groups that all hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bedside.trials._base import Side
from bedside.trials._claims import Claim, Groups, all_of, any_of, negated

_OR = re.compile(r"\bor\b|或|/|\beither\b")
_AND = re.compile(r"且|并(?!发)|同时|合并|伴有?|\bwith\b|&|\bplus\b|\bas well as\b|\bwho\b")
_SOFT = re.compile(r"以及|和|及|与|\band\b")
_SUCH = re.compile(r"\bsuch as\b|\bincluding\b|\be\.?g\b|\bi\.?e\b|\blike\b|包括|包含|如|等|即|例如")
_STRONG = re.compile(r";|\.(?=\s|$)|\n")
_PAREN = re.compile(r"\(")
_NUMERIC = ("measurement", "status", "age", "sex")


@dataclass(frozen=True, slots=True)
class Item:
    """A claim in its place: denied, or an exception to what is before it."""

    claim: Claim
    denied: int = -1
    excepted: bool = False


@dataclass(frozen=True, slots=True)
class _Joint:
    """How an item is joined to the one before it; a weak joint binds after all others."""

    way: str
    weak: bool = False


def together(text: str, items: Sequence[Item], side: Side, conditional: Sequence[int]) -> Groups | None:
    """The groups of all items; None when they would be too many."""
    base = [one for one in items if not one.excepted]
    exempt = [one for one in items if one.excepted]
    if not base:
        base, exempt = list(items), []
    joints = [_joint(text, base, number, side) for number in range(1, len(base))]
    values = [_value(one) for one in base]
    for one in exempt:
        number = max((n for n, other in enumerate(base) if other.claim.start < one.claim.start), default=0)
        values[number] = _without(values[number], base[number], _value(one))
    if side == "include" and (at := _antecedent(text, base, conditional)) is not None:
        before = _fold(values[:at], joints[: max(0, at - 1)])
        after = _fold(values[at:], joints[at:])
        return None if before is None or after is None else any_of([negated(before), after])
    return _fold(values, joints)


def _value(item: Item) -> Groups:
    return negated(item.claim.groups) if item.denied >= 0 else item.claim.groups


def _without(value: Groups, item: Item, exempt: Groups) -> Groups:
    """A thing but for an exception: it holds and the exception does not; of a denied one, either is enough."""
    if item.denied >= 0:
        return any_of([value, exempt]) or value
    return all_of([value, negated(exempt)])


def _antecedent(text: str, base: Sequence[Item], conditional: Sequence[int]) -> int | None:
    """How many items say for whom the rest is asked: women who can bear children, `if ...,`."""
    if len(base) < 2:
        return None
    first = base[0].claim
    if first.kind == "pregnancy" and first.only.concept == "childbearing potential" and base[0].denied < 0:
        return 1
    if conditional and conditional[0] <= first.start and not text[: max(0, conditional[0] - 12)].strip():
        comma = text.find(",", first.end)
        count = sum(one.claim.start < comma for one in base)
        return count if 0 < count < len(base) else None
    return None


def _joint(text: str, items: Sequence[Item], number: int, side: Side) -> _Joint:
    one, other = items[number - 1], items[number]
    gap = text[one.claim.end : other.claim.start]
    strong = bool(_STRONG.search(gap))
    comma = "," in gap
    excluding = side == "exclude"
    if one.denied >= 0 and one.denied == other.denied:
        return _Joint("and")
    if _SUCH.search(gap) and not strong and not {one.claim.kind, other.claim.kind} & set(_NUMERIC):
        return _Joint("or")
    if _PAREN.search(gap) and other.claim.kind in _NUMERIC and ")" not in gap:
        return _Joint("and")
    if _OR.search(gap):
        return _Joint("or", weak=excluding and strong)
    if strong:
        return _Joint("or", weak=True) if excluding else _Joint("and")
    if _AND.search(gap):
        return _Joint("and")
    like = one.claim.kind == other.claim.kind or not {one.claim.kind, other.claim.kind} & set(_NUMERIC)
    if _SOFT.search(gap):
        listed = comma or "、" in gap or (number > 1 and _LIST.search(text[items[number - 2].claim.end : one.claim.start]))
        either = excluding and like and (listed or one.claim.kind == "pregnancy" or not gap.isascii())
        return _Joint("or", weak=comma) if either else _Joint("and")
    if "、" in gap or comma:
        final = _final(text, items, number)
        if final == "or" and like:
            return _Joint("or")
        if excluding:
            return _Joint("or", weak=comma)
        named = like and one.claim.kind not in _NUMERIC and one.claim.kind == other.claim.kind
        return _Joint("or" if named and "、" in gap else "and")
    return _Joint("and")


_LIST = re.compile(r"[,、]")


def _final(text: str, items: Sequence[Item], number: int) -> str:
    """The word before the last of a list: or, and, or none."""
    for one, other in zip(items[number:], items[number + 1 :], strict=False):
        gap = text[one.claim.end : other.claim.start]
        if _STRONG.search(gap):
            return ""
        if _OR.search(gap):
            return "or"
        if _SOFT.search(gap) or _AND.search(gap):
            return "and"
    return ""


def _fold(values: Sequence[Groups], joints: Sequence[_Joint]) -> Groups | None:
    """Or binds tighter than and; weak ors are last."""
    outer: list[list[list[Groups]]] = [[[values[0]]]]
    for value, joint in zip(values[1:], joints, strict=True):
        if joint.way == "or" and joint.weak:
            outer.append([[value]])
        elif joint.way == "or":
            outer[-1][-1].append(value)
        else:
            outer[-1].append([value])
    sums = []
    for ands in outer:
        parts = [any_of(ors) for ors in ands]
        if any(part is None for part in parts):
            return None
        sums.append(all_of([part for part in parts if part is not None]))
    return any_of(sums)
