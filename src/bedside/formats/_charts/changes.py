"""What a later message undoes: records joined into one, results and visits withdrawn, played through at the end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["is", "withdraw", "join"]


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the ledger: an entry and the key it goes by, the withdrawal of what goes by it, or two records joined.

    `entry` is its file and id. `key` is of the patient's own: a visit, an order, a result of one. For a join it is the
    record that is no more, and `patient` the one that stays. `time` is the message's, and `place` tells messages apart.
    """

    patient: str
    kind: Kind
    key: str
    entry: str = ""
    time: str = ""
    place: str = ""


def withdrawn(changes: Iterable[Change]) -> tuple[set[str], list[Change]]:
    """The ids of entries of one patient that were taken back, and the withdrawals that found nothing to take back.

    Played in the order of the messages' times where all have one, else as they were read. A message takes back its
    own entries too (the order that it cancels is in it), but to find these alone is to find nothing.

    >>> result = Change("p", "is", "order 7", entry="OBX-1", place="message 1")
    >>> withdrawn([result, Change("p", "withdraw", "order 7", place="message 2")])
    ({'OBX-1'}, [])
    """
    every = list(changes)
    if all(change.time for change in every):
        every.sort(key=lambda change: change.time)
    held: dict[str, dict[str, str]] = {}
    gone, lost, done = set[str](), list[Change](), set[str]()
    for change in every:
        if change.kind == "is":
            held.setdefault(change.key, {})[change.entry] = change.place
            gone.discard(change.entry)
            continue
        found = held.pop(change.key, {})
        gone.update(found)
        if any(place != change.place for place in found.values()):
            done.add(change.key)
        elif change.key not in done:  # said again, it is no surprise
            lost.append(change)
    return gone, lost


def survivors(joins: Iterable[tuple[int, int]]) -> dict[int, int]:
    """For pairs (the record that is no more, the one that stays), in order: where each record ends up.

    >>> survivors([(1, 2), (2, 3)])
    {1: 3, 2: 3}
    >>> survivors([(1, 2), (2, 1)])
    {2: 1}
    """
    end: dict[int, int] = {}
    for gone, stays in joins:
        before = end.get(stays, stays)
        if gone == stays:
            continue
        if before == gone:  # joined the other way round before
            end = {one: stays if last == gone else last for one, last in end.items()}
            end.pop(stays)
            end[gone] = stays
            continue
        end = {one: before if last == gone else last for one, last in end.items()} | {gone: before}
    return end
