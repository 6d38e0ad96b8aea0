"""Read eligibility criteria of trials, match charts to them, analyse results | 解读入排标准、匹配患者、分析结果"""

from __future__ import annotations

import typer

from bedside.commands._trials.analyse import analyse
from bedside.commands._trials.criteria import criteria
from bedside.commands._trials.import_ import import_
from bedside.commands._trials.match import match
from bedside.lang import tr

COMMAND = typer.Typer(
    add_completion=False,
    help=tr(
        "Read eligibility criteria of trials, match charts against them, analyse results",
        "解读试验入排标准、匹配患者、分析结果",
    ),
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
COMMAND.command("import")(import_)
COMMAND.command("criteria")(criteria)
COMMAND.command("match")(match)
COMMAND.command("analyse")(analyse)
