"""Which figure a p value is of: the effect just before it, or all the shares or means that its sentence compares."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bedside.literature._atoms import Atom
from bedside.literature._named import _without
from bedside.literature._statistic import Statistic

_COMPARED = ("proportion", "mean", "median")
_APART = re.compile(r"[;；。]")
_LETTERS = 15
"""Letters that may stand between an effect and its p value."""
_FAR = 90
_GROUP = 4


def with_p_values(text: str, parts: Sequence[Atom], figures: Sequence[Statistic]) -> list[Statistic]:
    """The figures with their p values; one that belongs to none of them is a figure of its own."""
    found = list(figures)
    before = 0
    for atom in (one for one in parts if one.kind == "p"):
        owners = _owners(text, parts, found, before, atom)
        for number in owners:
            found[number] = replace(found[number], p=atom.p)
        if not owners:
            found.append(Statistic(kind="p", p=atom.p, start=atom.start, end=atom.end))
        before = atom.end
    return sorted(found, key=lambda one: one.start)


def _owners(text: str, parts: Sequence[Atom], figures: Sequence[Statistic], before: int, atom: Atom) -> list[int]:
    earlier = [
        number
        for number, one in enumerate(figures)
        if before <= one.start and one.end <= atom.start and one.kind not in ("n", "p")
    ]
    if not earlier:
        return []
    last = figures[earlier[-1]]
    gap = _without(text, parts, last.end, atom.start)
    if last.p or (_APART.search(gap) and last.kind in _COMPARED):
        return []
    if last.kind not in _COMPARED:
        near = sum(letter.isalpha() for letter in gap) <= _LETTERS
        return [earlier[-1]] if near else []
    if len(gap) > _FAR:
        return []
    run: list[int] = []
    for number in reversed(earlier):
        one = figures[number]
        if one.kind != last.kind or one.p or len(run) == _GROUP:
            break
        if run and _APART.search(text[one.end : figures[run[-1]].start]):
            break
        run.append(number)
    return run
