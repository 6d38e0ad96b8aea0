"""What a queue tells of a model and of its readers: how often answers are accepted, why not, and how long it takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Any

from bedside.evaluate.bootstrap import bootstrap
from bedside.review._item import Why
from bedside.review._queue import Listed, Queue
from bedside.review.agreement import Agreed, agreement
from bedside.review.decisions import Reading, readings
from bedside.review.export import decided
from bedside.types import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """Of one model and version: what its decided answers came to, and the share accepted as they were.

    The share is of answers drawn by chance (`why` sampled): of those sent for a reason it says nothing of the model.
    """

    model: str
    version: str
    decided: int
    accepted: int
    corrected: int
    rejected: int
    share: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """Items by why and state; acceptance by model version; how often each reader decided; seconds a decision takes.

    `seconds` are the quartiles of decisions whose item was taken first; empty where there are fewer than two.
    """

    waiting: dict[Why, int]
    done: dict[Why, int]
    accepted: Sequence[Accepted]
    readers: dict[str, int]
    seconds: tuple[float, ...]
    agreement: Sequence[Agreed]
    end: str


def stats(queue: Queue, *, seed: int = 0) -> Stats:
    """The figures of a queue as it is now."""
    listed = queue.items()
    said = readings(queue)
    times = [one.seconds for one in said if one.seconds is not None]
    states = {state: Counter[Why](one.item.why for one in listed if one.state == state) for state in ("open", "done")}
    return Stats(
        waiting=dict(states["open"]),
        done=dict(states["done"]),
        accepted=_by_version(list(decided(queue)), seed),
        readers=dict(Counter(one.by for one in said).most_common()),
        seconds=tuple(quantiles(times, n=4)) if len(times) > 1 else (),
        agreement=agreement(queue, seed=seed),
        end=str(queue.verify()),
    )


def _by_version(found: Sequence[tuple[Listed, Reading | None]], seed: int) -> list[Accepted]:
    versions: dict[tuple[str, str], list[tuple[Listed, Reading]]] = {}
    for listed, final in found:
        if final is not None:
            versions.setdefault((listed.item.model, listed.item.version), []).append((listed, final))
    return [_accepted(model, version, rows, seed) for (model, version), rows in sorted(versions.items())]


def _accepted(model: str, version: str, rows: Sequence[tuple[Listed, Reading]], seed: int) -> Accepted:
    actions = Counter(final.action for _, final in rows)
    drawn = [(listed, final) for listed, final in rows if listed.item.why == "sampled"]
    right = [final.action == "accept" for _, final in drawn]
    share = bootstrap(lambda picked: _mean(right, picked), [listed.patient for listed, _ in drawn], seed)
    return Accepted(
        model=model,
        version=version,
        decided=len(rows),
        accepted=actions["accept"],
        corrected=actions["correct"],
        rejected=actions["reject"],
        share=share,
    )


def _mean(right: Sequence[bool], picked: Any) -> float:
    return sum(right[row] for row in picked) / len(picked) if len(picked) else float("nan")
