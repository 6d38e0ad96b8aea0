"""Check what was withheld, blocked, reported or drawn: accept, correct, reject | 人工审核：通过、更正、驳回"""

from __future__ import annotations

import typer

from bedside.commands._review.decide import accept, correct, leave, reject, take
from bedside.commands._review.export import add, export
from bedside.commands._review.list import list_, show, stats, verify
from bedside.commands._review.pairs import compare, judge, reveal
from bedside.lang import tr

COMMAND = typer.Typer(
    add_completion=False,
    help=tr(
        "Check what was withheld, blocked, reported or drawn by chance: accept, correct, reject",
        "人工审核被拦截、未作答、被反馈或随机抽取的结果：通过、更正、驳回",
    ),
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
COMMAND.command("list")(list_)
COMMAND.command("show")(show)
COMMAND.command("take")(take)
COMMAND.command("leave")(leave)
COMMAND.command("accept")(accept)
COMMAND.command("correct")(correct)
COMMAND.command("reject")(reject)
COMMAND.command("add")(add)
COMMAND.command("export")(export)
COMMAND.command("stats")(stats)
COMMAND.command("verify")(verify)
COMMAND.command("compare")(compare)
COMMAND.command("judge")(judge)
COMMAND.command("reveal")(reveal)
