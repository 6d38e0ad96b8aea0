"""Items and a clock that the tests of reviewing share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bedside.review import Item, Queue, enqueue

NODULE = Item(
    why="reported",
    head="classify",
    text="Solid nodule 21 mm, spiculated, right upper lobe.",
    output={"label": "benign", "probabilities": {"benign": 0.6, "malignant": 0.4}},
    labels=("benign", "malignant"),
    model="nodule",
    version="1a2b",
)
COUGH = Item(
    why="abstained",
    head="tag",
    text="患者发热伴咳嗽3天。",
    lang="zh",
    output={"entities": [{"start": 2, "end": 4, "type": "symptom", "probability": 0.9}]},
    labels=("symptom",),
)


@dataclass
class Clock:
    """Seconds that pass when they are told to."""

    now: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


def queue_at(folder: Path, *items: Item, clock: Clock | None = None) -> Queue:
    """A queue that holds these items."""
    queue = Queue(folder / "queue.sqlite", clock=clock or Clock())
    enqueue(queue, items)
    return queue


def nodules(count: int, **fields: Any) -> list[Item]:
    """Nodules of as many patients, each a millimetre larger."""
    return [replace(NODULE, text=f"Nodule {size} mm.", group=f"p{size}", **fields) for size in range(4, 4 + count)]


def ids(queue: Queue) -> list[str]:
    """The ids of all items, in the order in which they are read."""
    return [one.id for one in queue.items()]
