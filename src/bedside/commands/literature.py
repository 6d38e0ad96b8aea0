"""Read the literature: analyse, extract tables, summarise | 文献：分析、提取数据表、摘要"""

from __future__ import annotations

import typer

from bedside.commands._literature_analyse import analyse
from bedside.commands._literature_extract import extract
from bedside.commands._literature_summarise import summarise
from bedside.lang import tr

COMMAND = typer.Typer(
    add_completion=False,
    help=tr("Read the literature: analyse, extract tables, summarise", "文献：分析、提取数据表、摘要"),
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
COMMAND.command("analyse")(analyse)
COMMAND.command("extract")(extract)
COMMAND.command("summarise")(summarise)


@COMMAND.callback()
def _group() -> None:
    """A group, however few its verbs."""
