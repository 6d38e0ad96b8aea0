"""`--review QUEUE` of a command that answers: what is withheld goes to people, and a share of the rest by chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bedside.lang import counted, tr

if TYPE_CHECKING:
    from bedside.review import Item

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
    """Where answers go to be checked; `tally` counts what became of them."""

    queue: Path
    rate: float
    double: float
    tally: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, queue: Path | None, rate: float, double: float) -> ToPeople | None:
        """None where no queue was named; one that cannot be opened is refused before the work begins."""
        if queue is None:
            return None
        from bedside.review import Queue

        with Queue(queue):
            return cls(queue, rate, double)

    def send(self, items: Iterable[Item | None]) -> None:
        """Put what is to be checked into the queue; what is there already, of a run taken up again, stays as it is."""
        from bedside.review import Plan, Queue, enqueue

        with Queue(self.queue) as queue:
            done = enqueue(queue, filter(None, items), plan=Plan(rate=self.rate, double=self.double, seed=0))
        self.tally.update(queued=len(done.new), known=done.known, refused=done.refused)

    def told(self) -> str:
        """What became of them, in words."""
        en = f"{counted(self.tally['queued'], 'item')} sent to the people who check: {self.queue}"
        zh = f"已送人工审核 {self.tally['queued']} 条：{self.queue}"
        refused = self.tally["refused"]
        kept = tr(f"; {refused} kept back: identity stays in them", f"；{refused} 条无法去除身份信息，未送出")
        return tr(en, zh) + (kept if refused else "")
