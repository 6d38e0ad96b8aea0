"""A reader's decision on an item: accept, correct or reject; appended to the log, never written over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, cast

from bedside.chain import End
from bedside.errors import UsageError
from bedside.lang import tr
from bedside.review import _log
from bedside.review._clean import words
from bedside.review._item import PRIORITY, Item
from bedside.review._labels import can_be_learnt, checked, label_said
from bedside.review._queue import DECISIONS, Listed, Queue, check_reader

Action = Literal["accept", "correct", "reject"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one reader decided; `label` is None where the item was rejected, or has none that can be learnt.

    `seconds` is the time since the reader took the item, None where the item was not taken.
    """

    item: str
    by: str
    at: str
    action: Action
    label: Any = field(default=None, repr=False)
    reason: str = field(default="", repr=False)
    seconds: float | None = None


def decide(
    queue: Queue, id: str, action: Action, *, by: str, reason: str = "", label: Any = None, new: bool = False
) -> End:
    """Write a decision down and return the log's new end; where two readers differ, a third is asked.

    Raises UsageError where it is not this reader's turn, or the label does not fit; nothing is written then.
    """
    check_reader(by)
    if action != "accept" and not reason.strip():
        raise UsageError(tr("a reason is needed to correct or reject", "更正或驳回须说明理由"), next="--reason TEXT")
    with queue.alone() as database:
        listed = queue.get(id)
        _check_turn(queue, listed, by)
        decided = _label(listed.item, action, label, new=new)
        body = {"label": decided, "reason": words(reason), "seconds": _seconds_since_taken(queue, id, by)}
        end = _log.append(database, queue.clock(), by, action, id, body)
        database.execute("DELETE FROM leases WHERE item = ? AND who = ?", (id, by))
        said = readings(queue, id)
        if len(said) == listed.item.readers and not agreed(said):
            queue.put(_to_settle(listed.item, id), by=by)
            end = _log.end_of(database)
    return end


def readings(queue: Queue, id: str | None = None) -> list[Reading]:
    """The decisions on an item, or on all, in order."""
    return [
        Reading(
            item=one.item,
            by=one.who,
            at=one.at,
            action=cast(Action, one.what),
            **one.body,
        )
        for one in queue.entries(*DECISIONS, item=id)
    ]


def seen(queue: Queue, listed: Listed) -> list[Reading]:
    """The decisions that may be shown: none while a reader is still to decide, who must not know of the other.

    Of an item that settles a difference those of the two who differed are shown.
    """
    before = readings(queue, listed.item.parent) if listed.item.parent else []
    return [*before, *(readings(queue, listed.id) if listed.state == "done" else [])]


def agreed(said: Sequence[Reading]) -> bool:
    """Whether all of them come to the same: rejected, or one label.

    >>> one = Reading(item="a", by="ann", at="", action="accept", label="no")
    >>> agreed([one, replace(one, by="bo", action="correct")]), agreed([one, replace(one, action="reject", label=None)])
    (True, False)
    """
    return all((one.action == "reject", one.label) == (said[0].action == "reject", said[0].label) for one in said)


def _check_turn(queue: Queue, listed: Listed, by: str) -> None:
    said = [one.by for one in readings(queue, listed.id)]
    before = [one.by for one in readings(queue, listed.item.parent)] if listed.item.parent else []
    others = [who for who in listed.held_by if who != by and who not in said]
    if by in said:
        raise UsageError(
            tr("this reader has decided already", "该审阅人已作出决定"), value=by, next="bedside review take"
        )
    if by in before:
        raise UsageError(tr("one of the two who differed cannot settle it", "意见不一的两位审阅人不能裁定"), value=by)
    if len(said) >= listed.item.readers:
        raise UsageError(tr("this item is decided", "该条目已有决定"), value=listed.id, next="bedside review list")
    if len(said) + len(others) >= listed.item.readers:
        raise UsageError(
            tr("held by another reader", "正由他人处理"), value=", ".join(others), next="bedside review take --by NAME"
        )


def _label(item: Item, action: Action, label: Any, *, new: bool) -> Any:
    if action == "reject":
        return None
    if action == "correct":
        if label is None:
            raise UsageError(
                tr("say what is right", "请给出正确结果"), next="--label LABEL | --text TEXT | --entity START:END:TYPE"
            )
        return checked(item, label, new=new)
    said = label_said(item)
    if said is None and (can_be_learnt(item.head) or not item.output):
        raise UsageError(
            tr("there is no answer to accept", "没有可通过的结果"),
            next="bedside review correct ID | bedside review reject ID",
        )
    return said


def _seconds_since_taken(queue: Queue, id: str, by: str) -> float | None:
    taken = [one.at for one in queue.entries("took", item=id) if one.who == by]
    if not taken:
        return None
    return round(queue.clock() - datetime.fromisoformat(taken[-1]).timestamp(), 1)


def _to_settle(item: Item, id: str) -> Item:
    """The item that asks a third reader."""
    reason = tr("two readers differ", "两位审阅人意见不一")
    return replace(item, why="disagreement", reason=reason, readers=1, parent=id, priority=PRIORITY["disagreement"])
