"""Read the literature: analyse, extract, summarise, screen, keep a topic page | 文献：分析、提取、摘要、筛选、专题页"""

from __future__ import annotations

import typer

from bedside.commands._literature.analyse import analyse
from bedside.commands._literature.duplicates import duplicates
from bedside.commands._literature.extract import extract
from bedside.commands._literature.screen import screen
from bedside.commands._literature.summarise import summarise
from bedside.commands._literature.topic import topic, update
from bedside.lang import tr

COMMAND = typer.Typer(
    add_completion=False,
    help=tr(
        "Read the literature: analyse, extract, summarise, screen, keep a topic page",
        "文献：分析、提取、摘要、筛选、专题页",
    ),
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
COMMAND.command("analyse")(analyse)
COMMAND.command("extract")(extract)
COMMAND.command("summarise")(summarise)
COMMAND.command("screen")(screen)
COMMAND.command("duplicates")(duplicates)
COMMAND.command("topic")(topic)
COMMAND.command("update")(update)
