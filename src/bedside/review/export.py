"""Decisions as labelled examples: rows that `bedside fit` and `bedside update` read, each with who, when and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bedside.errors import DataError
from bedside.lang import tr
from bedside.review._item import Item
from bedside.review._labels import can_be_learnt, row_of
from bedside.review._queue import Listed, Queue
from bedside.review.decisions import Reading, agreed, readings

LEFT_OUT = ("rejected", "undecided", "unfit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """The rows, all of one head; and how many decided items give none: rejected, open, or of a head that cannot."""

    head: str
    rows: list[dict[str, Any]] = field(repr=False)
    rejected: int
    undecided: int
    unfit: int


def examples(queue: Queue, *, head: str = "", model: str = "") -> Exported:
    """The labelled examples that decisions come to; where two readers differed, what the third decided.

    Raises DataError where items are of several heads and none is named: a table has one kind of label.
    """
    rows: list[dict[str, Any]] = []
    heads: set[str] = set()
    left: Counter[str] = Counter()
    for listed, final in decided(queue, model=model):
        if head and listed.item.head != head:
            continue
        if why := _left_out(listed.item, final):
            left[why] += 1
        elif final is not None:
            heads.add(listed.item.head)
            rows.append(_row(listed, final))
    if len(heads) > 1:
        what = tr("the queue holds answers of several heads", "队列中有多种输出层的结果")
        raise DataError(what, allowed=sorted(heads), next="--head HEAD")
    return Exported(head=heads.pop() if heads else head, rows=rows, **{name: left[name] for name in LEFT_OUT})


def _left_out(item: Item, final: Reading | None) -> str:
    """Why an item gives no example: one of `LEFT_OUT`, empty where it gives one."""
    if final is None:
        return "undecided"
    if final.action == "reject":
        return "rejected"
    return "" if can_be_learnt(item.head) and final.label is not None else "unfit"


def decided(queue: Queue, *, model: str = "") -> Iterator[tuple[Listed, Reading | None]]:
    """Each item that is not there to settle another, with the decision it has come to, or None."""
    said: dict[str, list[Reading]] = {}
    for one in readings(queue):
        said.setdefault(one.item, []).append(one)
    items = queue.items(model=model)
    settled = {listed.item.parent: said.get(listed.id, []) for listed in items if listed.item.parent}
    for listed in items:
        if not listed.item.parent:
            yield listed, _final(listed.item, said.get(listed.id, []), settled.get(listed.id, []))


def _final(item: Item, said: list[Reading], third: list[Reading]) -> Reading | None:
    if len(said) < item.readers:
        return None
    if agreed(said):
        return said[-1]
    return third[-1] if third else None


def _row(listed: Listed, final: Reading) -> dict[str, Any]:
    item = listed.item
    reviewed = {
        "by": final.by,
        "at": final.at,
        "action": final.action,
        "reason": final.reason,
        "why": item.why,
        "model": item.model,
        "version": item.version,
    }
    return {
        "head": item.head,
        "id": listed.id,
        "patient": listed.patient,
        **row_of(item, final.label),
        "review": reviewed,
    }
