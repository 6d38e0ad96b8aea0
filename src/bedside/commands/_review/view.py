"""An item on the terminal: its input with the evidence marked, what was said of it, what the guard says, decisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from bedside.commands._io import table
from bedside.lang import counted, disclaimer, tr
from bedside.model.forms import FORMS
from bedside.review.marks import of_input, of_output
from bedside.review.told import action_said, label_lines, outcome_said, output_lines, why_said

if TYPE_CHECKING:
    from bedside.review import Reading
    from bedside.review._queue import Listed

STYLES = {
    "": "",
    "evidence": "black on bright_yellow",
    "entity": "black on bright_cyan",
    "info": "underline",
    "warning": "black on bright_yellow",
    "critical": "white on red",
}


def show_item(listed: Listed, said: Sequence[Reading]) -> None:
    """Everything a reader needs; `said` are the decisions that he may see."""
    item, console = listed.item, Console(highlight=False)
    about = " · ".join(filter(None, (why_said(item.why), item.reason, f"{item.model} {item.version}".strip())))
    console.print(Text(f"{listed.id}  {about}", style="bold"))
    _titled(console, tr("Input", "输入"), _coloured(of_input(item)))
    if item.second:
        _titled(console, tr("Second text", "第二段文本"), Text(item.second))
    written = FORMS.get(item.head) == "texts" and item.output
    _titled(
        console,
        tr("Output", "输出"),
        _coloured(of_output(item)) if written else Text("\n".join(output_lines(item))),
    )
    if item.outcome:
        _titled(console, tr("Guard", "把关"), Text(outcome_said(item.outcome)))
    for one in item.findings:
        console.print(Text.assemble(("● ", _dot(one.severity)), f"{one.reason} ", (f"{one.rule}, {one.source}", "dim")))
    for number, quote in enumerate(item.evidence, 1):
        console.print(Text.assemble((f"[{number}] ", "bold"), quote.text, (f"  {quote.source}", "dim")))
    _decisions(console, listed, said)
    console.print(Text(disclaimer(), style="dim"))


def show_list(found: Iterable[Listed]) -> None:
    """A table of items; texts are not in it."""
    head = (
        "id",
        tr("why", "原因"),
        tr("came", "时间"),
        tr("model", "模型"),
        tr("read", "已读"),
        tr("held by", "处理中"),
    )
    rows = [
        (
            one.id,
            why_said(one.item.why),
            one.at[:16].replace("T", " "),
            f"{one.item.model} {one.item.version}".strip(),
            f"{one.read}/{one.item.readers}",
            ", ".join(one.held_by),
        )
        for one in found
    ]
    table(tr(counted(len(rows), "item"), f"{len(rows)} 条"), head, rows)


def _titled(console: Console, title: str, body: Text) -> None:
    console.print()
    console.print(Text(title, style="bold cyan"))
    console.print(body)


def _coloured(parts: Iterable[tuple[str, str]]) -> Text:
    return Text.assemble(*((words, STYLES[kind]) for words, kind in parts))


def _dot(severity: str) -> str:
    return {"critical": "red", "warning": "yellow"}.get(severity, "blue")


def _decisions(console: Console, listed: Listed, said: Sequence[Reading]) -> None:
    for one in said:
        label = "; ".join(label_lines(listed.item, one.label)) if one.action == "correct" else ""
        words = " ".join(filter(None, (action_said(one.action), label)))
        console.print(Text.assemble((f"{one.by}: ", "bold"), f"{words}. {one.reason} ", (one.at, "dim")))
    if listed.item.readers > 1 and listed.state == "open":
        console.print(Text(tr("two readers, each blind to the other", "两人审阅，互不可见"), style="dim"))
