"""What `bedside diagnose` is told of a case, of how it is ranked, and of what is to stand beside the ranking."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from bedside.lang import tr

PANEL = tr("Beside the ranking", "排序之外")

Case = Annotated[
    str,
    typer.Argument(
        metavar="CASE", help=tr("File of cases, HPO ids HP:..,HP:.., or a story", "病例文件、HPO 编号或病情描述")
    ),
]
Out = Annotated[Path | None, typer.Option("-o", "--out", help=tr("JSONL to write", "输出 JSONL"))]
Top = Annotated[int, typer.Option(min=1, help=tr("Diseases a case", "每例列出的疾病数"))]
ExcludeEvidence = Annotated[
    str | None,
    typer.Option(
        "--exclude-evidence",
        metavar="FIELD",
        help=tr("Ignore annotations citing the row's FIELD, e.g. pmid", "忽略引用该行 FIELD（如 pmid）的注释"),
    ),
]
UseGenes = Annotated[
    bool, typer.Option("--use-genes", help=tr("Use the row's genes as evidence", "将该行基因用作证据"))
]
Denied = Annotated[float, typer.Option(min=0, max=1, help=tr("Weight of denied findings", "被否认表型的权重"))]
Why = Annotated[
    str | None, typer.Option(metavar="OMIM:ID", help=tr("Explain this disease, not the first", "解释该疾病"))
]
Against = Annotated[str | None, typer.Option(metavar="OMIM:ID", help=tr("Compare with this one", "与该疾病对比"))]
Release = Annotated[Path | None, typer.Option(help=tr("Folder of a newer HPO release", "较新 HPO 发布文件的目录"))]
Resume = Annotated[bool, typer.Option("--resume", help=tr("Go on after the rows written", "从已写出的行继续"))]
Force = Annotated[bool, typer.Option("--force", help=tr("Write over OUT", "覆盖输出文件"))]
LocalModel = Annotated[
    Path | None,
    typer.Option(
        "--model",
        metavar="MODEL",
        help=tr("Model fitted on your own charts, beside it", "本地病历训练的模型，并列显示"),
        rich_help_panel=PANEL,
    ),
]
Fuse = Annotated[
    Path | None,
    typer.Option(
        "--fuse",
        metavar="STACK",
        help=tr(
            "Both as one, by `bedside stack`; with --model or --writer",
            "按 `bedside stack` 融合；需 --model 或 --writer",
        ),
        rich_help_panel=PANEL,
    ),
]
WriterName = Annotated[
    str | None,
    typer.Option(
        "--writer",
        metavar="WRITER",
        help=tr(
            "Language model that names diseases too: smollm2, a folder, http(s)://HOST/v1#MODEL, clinic.toml#NAME",
            "同时由语言模型列出疾病：smollm2、目录、http(s)://主机/v1#模型、clinic.toml#名称",
        ),
        rich_help_panel=PANEL,
    ),
]
WorkupBy = Annotated[
    Literal["gain", "ease"],
    typer.Option(
        "--workup-by",
        help=tr("Tests by expected gain, or gain against cost and burden", "检查建议按信息增益，或兼顾费用与负担"),
        rich_help_panel=PANEL,
    ),
]
