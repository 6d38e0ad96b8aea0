"""Check, clean, split and convert tables of notes | 检查、清洗、划分和转换病历文本表格"""

from __future__ import annotations

import typer

from bedside.commands._data.check import check
from bedside.commands._data.clean import clean
from bedside.commands._data.convert import convert
from bedside.commands._data.split import split
from bedside.lang import tr

COMMAND = typer.Typer(
    add_completion=False,
    help=tr("Check, clean, split and convert tables of notes", "检查、清洗、划分和转换病历文本表格"),
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
COMMAND.command("convert")(convert)
COMMAND.command("check")(check)
COMMAND.command("clean")(clean)
COMMAND.command("split")(split)
