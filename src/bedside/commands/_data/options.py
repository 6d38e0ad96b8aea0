"""What the verbs of `bedside data` can all be told: the table, its columns, and how near a copy is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bedside.lang import tr

Table = Annotated[
    Path, typer.Argument(help=tr("CSV, TSV, Excel, JSONL or Parquet", "CSV、TSV、Excel、JSONL 或 Parquet"))
]
TextFlag = Annotated[str, typer.Option(help=tr("Text column(s), joined by +", "文本列，可用 + 连接"))]
NearFlag = Annotated[float, typer.Option(min=0.3, max=1, help=tr("Jaccard similarity of copies", "近似重复的相似度"))]
PatientFlag = Annotated[str | None, typer.Option(help=tr("Patient column", "患者列"))]
