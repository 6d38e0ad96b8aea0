"""`--review QUEUE` of a command that answers: what is withheld goes to people, and a share of the rest by chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.model.folder import Model
    from bedside.model.rows import Unlabelled
    from bedside.types import Decision

ReviewQueue = Annotated[
    Path | None,
    typer.Option("--review", metavar="QUEUE", help=tr("Queue of the people who check", "人工审核队列文件")),
]
ReviewRate = Annotated[
    float, typer.Option(min=0, max=1, help=tr("Share of answers drawn for review", "抽取送审的结果比例"))
]
ReviewDouble = Annotated[
    float, typer.Option(min=0, max=1, help=tr("Share of these read by two people", "其中双人审阅的比例"))
]


@dataclass(frozen=True)
class ToPeople:
    """Where answers of one model go to be checked."""

    queue: Path
    model: Model
    name: str
    rate: float
    double: float

    @classmethod
    def of(cls, queue: Path | None, model: Model, name: str, rate: float, double: float) -> ToPeople | None:
        """None where no queue was named; one that cannot be opened is refused before the work begins."""
        if queue is None:
            return None
        from bedside.review import Queue

        with Queue(queue):
            return cls(queue, model, name, rate, double)

    def send(self, rows: Sequence[Unlabelled], decisions: Sequence[Decision]) -> None:
        """Put what is to be checked into the queue; what is there already, of a run taken up again, stays as it is."""
        from bedside.review import Plan, Queue, enqueue, item_of_decision

        items = (
            item_of_decision(self.model, row.text, row.given, decision, patient=row.id, name=self.name)
            for row, decision in zip(rows, decisions, strict=True)
        )
        with Queue(self.queue) as queue:
            enqueue(queue, filter(None, items), plan=Plan(rate=self.rate, double=self.double, seed=0))
