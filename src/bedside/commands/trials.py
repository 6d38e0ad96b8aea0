"""Read trials' criteria, match charts against them, analyse results | 解析临床试验标准、匹配病历、分析结果"""

from __future__ import annotations

import typer

from bedside.commands._trials_import import import_
from bedside.commands._trials_match import match
from bedside.lang import tr

COMMAND = typer.Typer(
    add_completion=False,
    help=tr(
        "Read trials' criteria, match charts against them, analyse results",
        "解析临床试验标准、匹配病历、分析结果",
    ),
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
COMMAND.command("import")(import_)
COMMAND.command("match")(match)
