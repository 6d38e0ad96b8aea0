"""How far two readers of the same items agree, before a third settled anything; intervals drawn by patient."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bedside.evaluate.agreement import cohen_figure, fleiss_figure
from bedside.evaluate.estimate import MIN_PATIENTS
from bedside.lang import tr
from bedside.review._queue import Listed, Queue
from bedside.review.decisions import Reading, agreed, readings
from bedside.types import Figure, Undefined

ONE_LABEL = ("classify", "pair", "ordinal")
"""Heads whose labels themselves are compared; of others whether the answer was accepted, corrected or rejected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """Of the items of one head that two read: how many come to the same, and kappa.

    `method` is cohen (two people in all), cohen, quadratic (levels), or fleiss (several people in changing pairs).
    """

    head: str
    items: int
    same: int
    readers: tuple[str, ...]
    method: str
    kappa: Figure


def agreement(queue: Queue, *, seed: int = 0) -> list[Agreed]:
    """For each head of which items were read twice."""
    by_item: dict[str, list[Reading]] = {}
    for one in readings(queue):
        by_item.setdefault(one.item, []).append(one)
    pairs: dict[str, list[tuple[Listed, list[Reading]]]] = {}
    for id, said in by_item.items():
        if len(said) > 1:
            listed = queue.get(id)
            pairs.setdefault(listed.item.head, []).append((listed, sorted(said, key=lambda one: one.by)))
    return [_of_head(head, both, seed) for head, both in sorted(pairs.items())]


def _of_head(head: str, both: Sequence[tuple[Listed, list[Reading]]], seed: int) -> Agreed:
    people = tuple(sorted({one.by for _, said in both for one in said}))
    groups = [listed.patient for listed, _ in both]
    told = [[_category(head, one) for one in said[:2]] for _, said in both]
    levels = head == "ordinal" and not any(isinstance(one, str) for row in told for one in row)
    if not levels:
        told = [[str(one) for one in row] for row in told]
    method = ("cohen, quadratic" if levels else "cohen") if len(people) == 2 else "fleiss"
    kappa: Figure
    if len(both) < MIN_PATIENTS:
        kappa = Undefined(reason=tr("fewer than 5 items read twice", "双人审阅少于 5 条"), n=len(both))
    elif method == "fleiss":
        names = sorted({name for row in told for name in row})
        counts = [[Counter(row)[name] for name in names] for row in told]
        kappa = fleiss_figure(counts, groups, seed=seed)
    else:
        one, other = zip(*told, strict=True)
        kappa = cohen_figure(one, other, groups, weights="quadratic" if levels else "none", seed=seed)
    same = sum(agreed(said) for _, said in both)
    return Agreed(head=head, items=len(both), same=same, readers=people, method=method, kappa=kappa)


def _category(head: str, said: Reading) -> Any:
    """What is compared: the label, or what was done with the answer; a rejected one is a category of its own."""
    if said.action == "reject":
        return "(rejected)"
    return said.label if head in ONE_LABEL else said.action
