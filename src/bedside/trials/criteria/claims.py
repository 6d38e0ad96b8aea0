"""A stretch of a criterion that something was made of: the groups of conditions it stands for, and what it took up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import product

from bedside.trials.criterion import Condition, Op

Groups = tuple[tuple[Condition, ...], ...]
"""All groups are to hold; of a group's conditions, any one."""

MOST = 64
"""Groups that a criterion may come to; what would make more is said not to be computed."""

_OTHER: dict[Op, Op] = {"present": "absent", "absent": "present", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


@dataclass(frozen=True, slots=True)
class Claim:
    """`start` and `end` are its own words; `kind` is that of its conditions, or what it is for the grammar."""

    start: int
    end: int
    kind: str
    groups: Groups
    qualifiers: tuple[str, ...] = ()

    def changed(self, **what: object) -> Claim:
        """The same with every condition changed."""
        return replace(self, groups=tuple(tuple(replace(one, **what) for one in group) for group in self.groups))  # type: ignore[arg-type]

    @property
    def only(self) -> Condition:
        """Its first condition."""
        return self.groups[0][0]


@dataclass
class Taken:
    """Which characters are spoken for."""

    size: int
    mask: bytearray = field(init=False)

    def __post_init__(self) -> None:
        self.mask = bytearray(self.size)

    def free(self, start: int, end: int) -> bool:
        """Is no character of the stretch taken?"""
        return not any(self.mask[start:end])

    def take(self, start: int, end: int) -> None:
        """Take a stretch."""
        self.mask[start:end] = b"\1" * (end - start)


def all_of(parts: Iterable[Groups]) -> Groups:
    """Both hold: groups one after another, each once."""
    return tuple(dict.fromkeys(group for groups in parts for group in groups))


def any_of(parts: Iterable[Groups]) -> Groups | None:
    """One holds: every choice of a group from each; None where that is too many."""
    lists = [groups for groups in parts if groups]
    total = 1
    for groups in lists:
        total *= len(groups)
    if total > MOST:
        return None
    return tuple(tuple(dict.fromkeys(one for group in chosen for one in group)) for chosen in product(*lists))


def negated(groups: Groups) -> Groups:
    """It does not hold (De Morgan): of each group none, of one group at least."""
    parts = [tuple(tuple(_not(one)) for one in group) for group in groups]
    turned = [all_of([tuple((way,) for way in ways) if len(ways) == 1 else (ways,) for ways in part]) for part in parts]
    return any_of(turned) or groups


def _not(one: Condition) -> Iterator[Condition]:
    if one.op == "between":
        yield replace(one, op="<", low=None, high=one.low)
        yield replace(one, op=">", low=one.high, high=None)
    elif one.op == "=":
        yield replace(one, op="<", low=None)
        yield replace(one, op=">", high=None)
    elif one.op in ("present", "absent"):
        yield replace(one, op=_OTHER[one.op])
    else:
        yield replace(one, op=_OTHER[one.op], low=one.high, high=one.low)


def claim_of(start: int, end: int, kind: str, concept: str, codes: tuple[str, ...] = ()) -> Claim:
    """A claim of one condition that something is there."""
    one = Condition(kind=kind, concept=concept, op="present", start=start, end=end, codes=codes)  # type: ignore[arg-type]
    return Claim(start, end, kind, ((one,),))
