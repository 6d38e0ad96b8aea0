"""Claims put together: what is joined by or, by and, by a list, a denial, an exception, into groups that all hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bedside.trials.criteria.claims import Claim, Groups, all_of, any_of, negated
from bedside.trials.criterion import Side

_OR = re.compile(r"\bor\b(?! (?:more|less|older|higher|above|greater)\b)|或(?!以上|以下|更|多)|/|\beither\b")
_AND = re.compile(r"且|并(?!发)|同时|合并|伴有?|\bwith\b|&|\bplus\b|\bas well as\b|\bwho\b")
_SOFT = re.compile(r"以及|和|及|与|\band\b")
_SUCH = re.compile(r"\bsuch as\b|\bincluding\b|\be\.?g\b|\bi\.?e\b|\blike\b|包括|包含|如|等|即|例如")
_STRONG = re.compile(r";|\.(?=\s|$)|\n")
_PAREN = re.compile(r"\(")
_CHOICE = re.compile(
    r"\b(?:any|one|either|at least one|one or more) of the following\b|之一|任意?一[项条种]|"
    r"至少一[项条种]|任何一[项条种]|其中一[项条种]"
)
_EVERY = re.compile(r"\ball of the following\b|同时(?:符合|满足|具备)|以下(?:所有|全部)|均(?:符合|满足)")
_BRACKETS = re.compile(r"\([^()]*\)")
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
    text = _blanked(text, items)
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
    return _fold(*_bracketed(text, base, values, joints))


def _bracketed(
    text: str, base: Sequence[Item], values: list[Groups], joints: list[_Joint]
) -> tuple[list[Groups], list[_Joint]]:
    """What stands in brackets behind something is put together first."""
    for match in reversed(list(_BRACKETS.finditer(text))):
        own = [n for n, one in enumerate(base) if match.start() <= one.claim.start and one.claim.end <= match.end()]
        if len(own) < 2 or not own[0]:
            continue
        first, last = own[0], own[-1]
        inner = _fold(values[first : last + 1], joints[first:last])
        if inner is not None:
            values[first : last + 1], joints[first:last] = [inner], []
    return values, joints


def _blanked(text: str, items: Sequence[Item]) -> str:
    """Without the words that belong to a condition (severe or uncontrolled, within ...): they join nothing."""
    signs = list(text)
    for item in items:
        for start, end in item.claim.only.also:
            signs[start:end] = " " * (end - start)
    return "".join(signs)


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
    """By what is said between two items, else by what lists of their side mean."""
    one, other = items[number - 1], items[number]
    gap = text[one.claim.end : other.claim.start]
    if one.denied >= 0 and one.denied == other.denied:
        return _Joint("and")
    said = _chosen(text[: one.claim.start], gap, side) or _said(gap, one.claim, other.claim, side)
    if said:
        return said
    if _SOFT.search(gap) and not _STRONG.search(gap):
        return _softly(text, items, number, side)
    if "、" in gap or "," in gap:
        return _listed(text, items, number, side)
    return _Joint("and")


def _chosen(before: str, gap: str, side: Side) -> _Joint | None:
    """Lists that are introduced by `one of the following`, and exclusions by `all of the following`."""
    strong = bool(_STRONG.search(gap))
    if not (strong or "," in gap) or _AND.search(gap):
        return None
    if side == "include" and _CHOICE.search(before + gap if strong else before):
        return _Joint("or")
    return _Joint("and") if side == "exclude" and _EVERY.search(before + gap) else None


def _said(gap: str, one: Claim, other: Claim, side: Side) -> _Joint | None:
    """What a word or sign between two says."""
    strong = bool(_STRONG.search(gap))
    if {one.kind, other.kind} == {"age", "sex"} or "any" in (one.only.concept, other.only.concept):
        return _Joint("and")
    numeric = bool({one.kind, other.kind} & set(_NUMERIC))
    if _SUCH.search(gap) and not strong and not numeric:
        return _Joint("or")
    if _PAREN.search(gap) and ")" not in gap:
        return _Joint("and" if other.kind in _NUMERIC or one.kind in _NUMERIC else "or")
    if _OR.search(gap):
        return _Joint("or", weak=side == "exclude" and strong)
    if strong:
        return _Joint("or", weak=True) if side == "exclude" else _Joint("and")
    return _Joint("and") if _AND.search(gap) else None


def _alike(one: Claim, other: Claim) -> bool:
    return one.kind == other.kind or not {one.kind, other.kind} & set(_NUMERIC)


def _softly(text: str, items: Sequence[Item], number: int, side: Side) -> _Joint:
    """`and`, 和: in an exclusion the end of a list of things of which any one excludes."""
    one, other = items[number - 1].claim, items[number].claim
    gap = text[one.end : other.start]
    before = text[items[number - 2].claim.end : one.start] if number > 1 else ""
    listed = "," in gap or "、" in gap or bool(_LIST.search(before))
    either = side == "exclude" and _alike(one, other) and (listed or one.kind == "pregnancy" or not gap.isascii())
    return _Joint("or", weak="," in gap) if either else _Joint("and")


def _listed(text: str, items: Sequence[Item], number: int, side: Side) -> _Joint:
    """A comma or 、: as the word before the last of the list says, else as lists of the side mean."""
    one, other = items[number - 1].claim, items[number].claim
    gap = text[one.end : other.start]
    if _final(text, items, number) == "or" and _alike(one, other):
        return _Joint("or")
    if side == "exclude":
        return _Joint("or", weak="," in gap)
    named = one.kind == other.kind and one.kind not in _NUMERIC
    return _Joint("or" if named and "、" in gap else "and")


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
