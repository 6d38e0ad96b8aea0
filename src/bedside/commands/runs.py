"""List, compare and plot the runs made here | 列出、比较并绘制本机的运行记录"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._io import JsonFlag, emit_json, say, table
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.runs import Run

COMMAND = typer.Typer(
    add_completion=False,
    help=tr(
        "List, compare and plot the fits, searches, pretrainings, cross-validations made here. Without a word: list.",
        "列出、比较并绘制本机的训练、搜索、预训练与交叉验证。不带子命令时列出全部。",
    ),
    rich_markup_mode="markdown",
)
SHOWN = 20
Name = Annotated[
    str, typer.Argument(metavar="ID", help=tr("Its id, the start or end of it, or last", "编号、其开头或结尾，或 last"))
]


@COMMAND.callback(invoke_without_command=True)
def every(
    ctx: typer.Context,
    command: Annotated[str | None, typer.Option(help=tr("Only those of this command", "仅限该命令"))] = None,
    report: Annotated[Path | None, typer.Option(help=tr("HTML page to write", "要写出的 HTML 页面"))] = None,
    json: JsonFlag = False,
) -> None:
    """List the runs, newest last. `bedside runs --report runs.html` draws their figures with intervals."""
    if ctx.invoked_subcommand:
        return
    from bedside.runs import all_runs

    runs = [run for run in all_runs() if command in (None, run.command)]
    if report:
        from bedside.evaluate.pages.runs import save

        save(report, runs)
    if json:
        emit_json({"runs": [asdict(run) for run in runs], "report": report})
        return
    _list(runs)
    if report:
        say(tr(f"report: {report}", f"报告：{report}"))


@COMMAND.command("show")
def show(id: Name, json: JsonFlag = False) -> None:
    """Show one run: settings, data, figures, time and memory."""
    from bedside.evaluate.pages.runs import told
    from bedside.runs import flat, run_called

    run = run_called(id)
    if json:
        emit_json(asdict(run))
        return
    facts = asdict(run)
    for name in ("id", "when", "command", "head", "out", "recipe_sha256", "seconds", "peak_mb", "version"):
        say(f"{name}: {facts[name]}")
    for name, digest in run.data.items():
        say(f"data {name}: {digest}")
    for name, figure in run.figures.items():
        say(f"{name}: {told(figure)}")
    for name, value in flat(run.recipe).items():
        say(f"  {name} = {value}")


@COMMAND.command("compare")
def compare(one: Name, two: Name, json: JsonFlag = False) -> None:
    """Compare two runs: the settings that differ, and the figures side by side.

    Figures of runs on other data, or on another tuning part, cannot be compared; it is said when they are not alike.
    """
    from bedside.evaluate.pages.runs import told
    from bedside.runs import run_called

    runs = run_called(one), run_called(two)
    differing, same = _differing(*runs), runs[0].data == runs[1].data
    names = list(dict.fromkeys([*runs[0].figures, *runs[1].figures]))
    figures = {name: [run.figures.get(name) for run in runs] for name in names}
    if json:
        ids = [run.id for run in runs]
        emit_json({"runs": ids, "same_data": same, "settings": differing, "figures": figures})
        return
    head = ("", runs[0].id, runs[1].id)
    table(tr("Settings that differ", "不同的设置"), head, [(name, *values) for name, values in differing.items()])
    cells = [(name, *(told(figure) if figure else "" for figure in both)) for name, both in figures.items()]
    costs = [(name, *(getattr(run, name) for run in runs)) for name in ("seconds", "peak_mb")]
    table(tr("Figures", "指标"), head, [*cells, *costs])
    if not same:
        say(
            tr(
                "The two are of different data: their figures cannot be compared.",
                "两次运行的数据不同：指标不可直接比较。",
            )
        )


def _differing(one: Run, two: Run) -> dict[str, list[Any]]:
    """Settings by dotted name that the two have not alike."""
    from bedside.runs import flat

    left, right = flat(one.recipe), flat(two.recipe)
    return {
        name: [left.get(name), right.get(name)]
        for name in dict.fromkeys([*left, *right])
        if left.get(name) != right.get(name)
    }


def _list(runs: list[Run]) -> None:
    from bedside.evaluate.pages.runs import headline, told

    if not runs:
        say(tr("no runs yet. Next: bedside fit DATA -o MODEL", "尚无运行记录。下一步：bedside fit DATA -o MODEL"))
        return
    head = (
        "id",
        tr("command", "命令"),
        tr("head", "输出层"),
        tr("figure", "指标"),
        tr("seconds", "秒"),
        "MB",
        tr("made", "产物"),
    )
    rows = []
    for run in runs[-SHOWN:]:
        name = headline(run)
        shown = f"{name} {told(run.figures[name])}" if name else ""
        rows.append((run.id, run.command, run.head, shown, run.seconds, run.peak_mb, Path(run.out).name))
    table(tr("Runs", "运行记录"), head, rows)
    if (more := len(runs) - SHOWN) > 0:
        say(tr(f"{more} older runs: --json or --report", f"另有 {more} 条更早的记录：--json 或 --report"))
