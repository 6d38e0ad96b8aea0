"""Make a clinical task's examples out of scrubbed charts | 按临床任务从去标识病历生成样本"""

from __future__ import annotations

import json as jsonlib
from pathlib import Path
from typing import Annotated, Any

import typer

from bedside.commands._io import JsonFlag, emit_json, progress, say
from bedside.lang import counted, disclaimer, tr


def run(
    task: Annotated[str, typer.Argument(help=tr("Name of the task, e.g. nodule", "任务名，例如 nodule"))],
    charts: Annotated[Path, typer.Argument(help=tr("Scrubbed charts (JSONL)", "去标识后的病历（JSONL）"))],
    out: Annotated[Path, typer.Option("-o", "--out", help=tr("Where the rows go (JSONL)", "输出行（JSONL）"))],
    json: JsonFlag = False,
) -> None:
    """Make a clinical task's examples out of scrubbed charts.

    Example: `bedside examples nodule charts.jsonl -o rows.jsonl`
    """
    from bedside import registry
    from bedside.charts import chart_from_json, read_charts
    from bedside.files import whole_file

    chosen = registry.load("tasks", task)
    with progress(tr("reading charts", "读取病历")) as advance:

        def each() -> Any:
            for chart in read_charts(charts, chart_from_json):
                advance()
                yield chart

        rows = [_row(example) for example in chosen.build(each())]
    with whole_file(out) as file:
        file.writelines(jsonlib.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    patients = len({row["patient"] for row in rows})
    counts = {label: sum(row["label"] == label for row in rows) for label in chosen.labels}
    if json:
        emit_json({"task": task, "rows": len(rows), "patients": patients, "labels": counts, "out": str(out)})
        return
    say(tr(*chosen.question))
    shown = ", ".join(f"{label} {count}" for label, count in counts.items())
    said = f"{counted(len(rows), 'example')} of {counted(patients, 'patient')}: {shown}"
    say(tr(said, f"{patients} 名患者的 {len(rows)} 个样本：{shown}"))
    say(f"{tr('not for', '不适用于')}: {tr(*chosen.not_for)}")
    say(disclaimer())


def _row(example: Any) -> dict[str, Any]:
    """One flat row: inputs, label, and the groups and numbers as columns of their own."""
    row = {"id": example.id, "patient": example.patient, **example.inputs, "label": example.target}
    return {**row, **example.subgroup, **example.features}


COMMAND = run
