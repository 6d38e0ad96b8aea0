"""`bedside review add, export`: items in, labelled examples out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._io import PARTLY, JsonFlag, Seed, emit_json, json_line, say
from bedside.commands._review.options import Double, ModelName, QueueFile, Rate
from bedside.errors import BedsideError
from bedside.lang import counted, tr

if TYPE_CHECKING:
    from bedside.review import Item

Head = Annotated[str, typer.Option("--head", metavar="HEAD", help=tr("Of this head only", "仅限该输出层"))]


def add(
    file: Annotated[
        Path, typer.Argument(help=tr("JSONL: text, output, head, why, ...", "JSONL：text、output、head、why 等"))
    ],
    queue: QueueFile = None,
    head: Annotated[str, typer.Option(help=tr("Head of rows that name none", "未注明者的输出层"))] = "classify",
    why: Annotated[str, typer.Option(help=tr("Why, of rows that do not say", "未注明者的送审原因"))] = "added",
    rate: Rate = 1.0,
    double: Double = 0.0,
    seed: Seed = 0,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help=tr("Who adds them", "加入者"))] = "bedside",
    json: JsonFlag = False,
) -> None:
    """Put items into the queue, a line each; identity is removed first. `rate` is of lines whose `why` is sampled.

    A line: `{"text", "output": {...}, "head", "why", "reason", "labels", "evidence": [{"text", "source", "start",
    "end"}], "outcome", "findings": [{"rule", "severity", "reason", "source"}], "model", "version", "patient"}`

    `bedside review add reported.jsonl --why reported --double 0.2`
    """
    from bedside.commands._io import progress
    from bedside.formats._tables import Damage, read_rows
    from bedside.review import Plan, Queue, enqueue

    damage, bad = Damage(file.name), [0]

    def items() -> Iterator[Item]:
        for place, row in read_rows(file, on_problem=damage):
            try:
                yield _item({**row, "head": row.get("head") or head, "why": row.get("why") or why})
            except BedsideError as fault:
                bad[0] += 1
                say(f"{file.name} {place}: {fault}", quiet=True)

    with Queue(queue) as opened, progress(tr("adding", "加入")) as advance:
        done = enqueue(opened, items(), plan=Plan(rate=rate, double=double, seed=seed), by=by)
        advance()
    lost = bad[0] + damage.count + done.refused
    if json:
        emit_json({"added": len(done.new), "known": done.known, "not_drawn": done.not_drawn, "refused": lost})
    else:
        new = len(done.new)
        say(
            tr(
                f"{counted(new, 'item')} added, {done.known} were there, {done.not_drawn} not drawn, {lost} unusable",
                f"加入 {new} 条；已有 {done.known} 条，未抽中 {done.not_drawn} 条，不可用 {lost} 条",
            )
        )
    if lost:
        raise typer.Exit(PARTLY)


def _item(row: dict[str, Any]) -> Item:
    """A line as an item; its row or patient becomes a pseudonym, and which item it settles is not for it to say."""
    from bedside.review import item_from_json

    name = str(row.get("patient") or row.get("id") or "")
    return item_from_json({**{key: row[key] for key in row if key not in ("id", "patient", "parent")}, "group": name})


def export(
    out: Annotated[Path, typer.Option("-o", "--out", help=tr("JSONL of labelled examples", "输出带标签的 JSONL"))],
    queue: QueueFile = None,
    head: Head = "",
    model: ModelName = "",
    by: Annotated[str, typer.Option("--by", metavar="NAME", help=tr("Who exports", "导出人"))] = "bedside",
    json: JsonFlag = False,
) -> None:
    """Accepted and corrected answers as rows that `bedside fit` and `bedside update` read; rejected ones are left out.

    Each has `text`, `label`, `patient` (a pseudonym), and `review`: by whom, when, why, of which model version.

    `bedside review export -o corrected.jsonl`
    """
    from bedside.files import check_out, whole_file
    from bedside.review import Queue, examples

    with Queue(queue) as opened:
        check_out(out, inputs=[opened.path])
        found = examples(opened, head=head, model=model)
        with whole_file(out) as file:
            file.writelines(json_line(row) + "\n" for row in found.rows)
        end = opened.record(by, "exported", {"rows": len(found.rows), "head": found.head})
    told = {"rejected": found.rejected, "undecided": found.undecided, "unfit": found.unfit}
    if json:
        emit_json({"out": out, "rows": len(found.rows), "head": found.head, **told, "log": str(end)})
        return
    rows = len(found.rows)
    say(tr(f"{counted(rows, 'example')} ({found.head}) written to {out}", f"已写出 {rows} 条（{found.head}）到 {out}"))
    say(
        tr(
            f"left out: {found.rejected} rejected, {found.undecided} undecided, {found.unfit} that cannot be learnt",
            f"未写出：驳回 {found.rejected}，未定 {found.undecided}，无法学习 {found.unfit}",
        )
    )
