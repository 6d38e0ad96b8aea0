"""What the verbs of `bedside review` have in common: the queue's file, who reads, why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bedside.lang import tr

QueueFile = Annotated[
    Path | None,
    typer.Option(
        "--queue",
        metavar="FILE",
        help=tr("The queue (default: review.sqlite in BEDSIDE_HOME)", "队列文件（默认 BEDSIDE_HOME 下 review.sqlite）"),
    ),
]
By = Annotated[str, typer.Option("--by", metavar="NAME", help=tr("Who reads", "审阅人"))]
ItemId = Annotated[str, typer.Argument(metavar="ID", help=tr("Id of the item", "条目编号"))]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help=tr("Why", "理由"))]
ModelName = Annotated[str, typer.Option("--model", metavar="NAME", help=tr("Of this model only", "仅限该模型"))]
Rate = Annotated[
    float, typer.Option(min=0, max=1, help=tr("Share of ordinary answers drawn for review", "普通结果的抽查比例"))
]
Double = Annotated[
    float, typer.Option(min=0, max=1, help=tr("Share that two readers read apart", "由两人各自独立审阅的比例"))
]
