"""What `bedside literature screen` can be told, an option each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bedside.lang import tr

Records = Annotated[
    list[Path] | None,
    typer.Argument(metavar="RECORDS...", help=tr("Records: PubMed XML, MEDLINE, RIS, CSV, JSONL, ...", "题录文件")),
]
Labels = Annotated[
    Path | None,
    typer.Option("--labels", metavar="FILE", help=tr("Decisions (JSONL), only added to", "筛选决定（JSONL，只追加）")),
]
Question = Annotated[
    str | None,
    typer.Option("--question", help=tr("Question or criteria, or a text file of them", "问题或纳入标准，或其文本文件")),
]
Who = Annotated[
    str | None,
    typer.Option(
        "--who",
        help=tr(
            "Reviewer (default: reviewer); consensus settles conflicts", "评审者（默认 reviewer）；consensus 为协商"
        ),
    ),
]
Next = Annotated[
    int | None, typer.Option("--next", min=1, metavar="N", help=tr("Write the next N to -o", "写出接下来的 N 篇到 -o"))
]
Take = Annotated[
    Path | None, typer.Option("--take", metavar="FILE", help=tr("Read decisions from a filled table", "读入已填写的表"))
]
Out = Annotated[
    Path | None, typer.Option("-o", "--out", help=tr("Table to write: CSV or JSONL", "输出表：CSV 或 JSONL"))
]
Random = Annotated[
    bool, typer.Option("--random", help=tr("Read at random: proves recall by itself", "随机阅读，可独立证明召回率"))
]
Status = Annotated[bool, typer.Option("--status", help=tr("Say how far it is, and stop", "显示进度后退出"))]
Report = Annotated[
    Path | None, typer.Option("--report", metavar="PAGE", help=tr("HTML with PRISMA counts", "含 PRISMA 计数的 HTML"))
]
FlowOut = Annotated[
    Path | None, typer.Option("--flow", metavar="SVG", help=tr("PRISMA flow diagram", "PRISMA 流程图（SVG）"))
]
ExportOut = Annotated[
    Path | None,
    typer.Option("--export", metavar="FILE", help=tr("Decisions: RIS, CSV, JSONL", "决定：RIS、CSV、JSONL")),
]
Reasons = Annotated[
    list[str] | None, typer.Option("--reason", help=tr("A reason to exclude, offered by number", "排除理由选项"))
]
Watch = Annotated[
    Path | None, typer.Option("--retractions", metavar="CSV", help=tr("Retraction Watch CSV", "Retraction Watch 表"))
]
Keep = Annotated[bool, typer.Option("--keep-duplicates", help=tr("Merge nothing", "不合并重复记录"))]
EncoderName = Annotated[
    str | None, typer.Option("--encoder", help=tr("Backbone whose vectors are used too", "另用其向量的骨干"))
]
Target = Annotated[float, typer.Option("--target", min=0.5, max=1.0, help=tr("Recall wanted", "目标召回率"))]
Confidence = Annotated[float, typer.Option("--confidence", min=0.5, max=0.999, help=tr("Of the rule", "判定的置信度"))]
Simulated = Annotated[
    Path | None,
    typer.Option("--simulate", metavar="LABELLED", help=tr("Read a finished review again", "重放已完成的筛选")),
]
LabelColumn = Annotated[
    str | None, typer.Option("--label", metavar="COLUMN", help=tr("Its column of decisions", "其决定所在列"))
]
Seeds = Annotated[int, typer.Option("--seeds", min=1, help=tr("Simulated readings", "模拟次数"))]
Priors = Annotated[int, typer.Option("--priors", min=0, help=tr("Known papers of each kind", "每类已知文献数"))]
