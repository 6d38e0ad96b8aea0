"""`bedside review list, show, stats, verify`: the queue looked at, and nothing in it changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bedside.commands._io import JsonFlag, Seed, emit_json, say, table
from bedside.commands._review.options import ItemId, ModelName, QueueFile
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.review.figures import Stats

Why = Annotated[
    str, typer.Option("--why", metavar="WHY", help=tr("Of this reason only: blocked, ...", "仅限此送审原因"))
]


def list_(
    queue: QueueFile = None,
    why: Why = "",
    model: ModelName = "",
    state: Annotated[
        Literal["open", "done", "all"], typer.Option(help=tr("open, done or all", "open 待审、done 已审、all 全部"))
    ] = "open",
    limit: Annotated[int, typer.Option(min=1, help=tr("At most so many", "最多条数"))] = 100,
    html: Annotated[Path | None, typer.Option(help=tr("Page to write, with the texts", "输出网页（含文本）"))] = None,
    json: JsonFlag = False,
) -> None:
    """What waits to be read, the most urgent first.

    `bedside review list --why blocked --html queue.html`
    """
    from bedside.commands._review.view import show_list
    from bedside.review import Queue
    from bedside.review.page import write_page

    with Queue(queue) as opened:
        found = opened.items(why=why, model=model, state=None if state == "all" else state, limit=limit)
        if html is not None:
            write_page(html, opened, found)
    if json:
        rows = [{"id": one.id, "why": one.item.why, "at": one.at, "state": one.state} for one in found]
        emit_json({"items": rows})
    else:
        show_list(found)


def show(id: ItemId, queue: QueueFile = None, json: JsonFlag = False) -> None:
    """One item: input with its evidence, output, what the guard says; decisions once all its readers have decided.

    `bedside review show 9bad0897f5a43d76`
    """
    from bedside.commands._review.view import show_item
    from bedside.review import Queue
    from bedside.review._item import item_to_json
    from bedside.review.decisions import seen

    with Queue(queue) as opened:
        found = opened.get(id)
        said = seen(opened, found)
    if json:
        emit_json({"id": id, "state": found.state, "item": item_to_json(found.item), "decisions": said})
    else:
        show_item(found, said)


def stats(queue: QueueFile = None, seed: Seed = 0, json: JsonFlag = False) -> None:
    """How often answers are accepted, by model version, with an interval; kappa of two readers; time a decision takes.

    `bedside review stats`
    """
    from bedside.review import Queue
    from bedside.review import stats as figures

    with Queue(queue) as opened:
        found = figures(opened, seed=seed)
    if json:
        emit_json(found)
    else:
        _show(found)


def verify(
    queue: QueueFile = None,
    end: Annotated[str, typer.Option(metavar="N:MARK", help=tr("An end kept elsewhere", "另处保存的日志末尾"))] = "",
    json: JsonFlag = False,
) -> None:
    """Whether the log and the items are as they were written. Keep the end it prints in another place.

    `bedside review verify --end 12:5f0c...`
    """
    from bedside.review import Queue

    with Queue(queue) as opened:
        found = opened.verify(end)
    if json:
        emit_json({"lines": found.count, "end": str(found)})
    else:
        say(tr(f"the log holds: {found.count} lines", f"日志完好：{found.count} 行"))
        say(f"{tr('end', '末尾')}: {found}")


def _show(found: Stats) -> None:
    from bedside.evaluate._words import shown
    from bedside.review.told import why_said

    rows = [
        (why_said(why), found.waiting.get(why, 0), found.done.get(why, 0)) for why in {**found.waiting, **found.done}
    ]
    table(tr("Items", "条目"), (tr("why", "原因"), tr("open", "待审"), tr("done", "已审")), rows)
    actions = (tr("accepted", "通过"), tr("corrected", "更正"), tr("rejected", "驳回"))
    share = tr("accepted of those drawn by chance", "随机抽查通过率")
    versions = [
        (f"{one.model} {one.version}", one.decided, one.accepted, one.corrected, one.rejected, shown(one.share))
        for one in found.accepted
    ]
    table(tr("By model version", "按模型版本"), (tr("model", "模型"), tr("decided", "已定"), *actions, share), versions)
    for one in found.agreement:
        same = tr(f"two readers alike in {one.same} of {one.items}", f"双人审阅 {one.items} 条，一致 {one.same} 条")
        say(f"{one.head}: {same}; kappa ({one.method}) {shown(one.kappa)}")
    if found.seconds:
        low, middle, high = found.seconds
        seconds = f"{middle:.0f} ({low:.0f} - {high:.0f})"
        say(tr(f"seconds a decision, median and quartiles: {seconds}", f"每条用时（秒），中位数与四分位：{seconds}"))
    say(f"{tr('log', '日志')}: {found.end}")
