"""`bedside trials analyse`: registered results, or a table of studies or of patients, with effects and plots."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._io import PARTLY, JsonFlag, emit_json, say
from bedside.errors import UsageError
from bedside.lang import disclaimer, tr

if TYPE_CHECKING:
    from bedside.trials.results.analysis import Analysis, Plan
    from bedside.trials.results.registered import Outcome

MEASURES = ("RR", "OR", "RD", "HR", "MD", "SMD")


def analyse(
    file: Annotated[
        Path,
        typer.Argument(
            help=tr("Results: a table, or a ClinicalTrials.gov record (JSON)", "结果：表格或 ClinicalTrials.gov 记录")
        ),
    ],
    out: Annotated[Path | None, typer.Option("-o", "--out", help=tr("HTML page to write", "输出网页"))] = None,
    measure: Annotated[str | None, typer.Option(help="RR | OR | RD | HR | MD | SMD")] = None,
    model: Annotated[str, typer.Option(help="fixed | random | both")] = "both",
    tau: Annotated[str, typer.Option(help=tr("Variance between studies", "研究间方差") + ": REML | DL | PM")] = "REML",
    hartung_knapp: Annotated[
        bool, typer.Option("--hartung-knapp", help=tr("Interval by Hartung and Knapp", "Hartung-Knapp 区间"))
    ] = False,
    control: Annotated[str, typer.Option(help=tr("The control arm's name", "对照组名称"))] = "",
    subgroup: Annotated[list[str] | None, typer.Option(help=tr("Column of subgroups", "亚组列"))] = None,
    column: Annotated[
        list[str] | None, typer.Option(metavar="NAME=COLUMN", help=tr("Which column is which", "指定列"))
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=tr("Write over OUT", "覆盖输出文件"))] = False,
    json: JsonFlag = False,
) -> None:
    """Effects with intervals, survival curves, subgroups, and studies pooled, from a table or a registered record.

    A table of studies (`study`, and events and n, or means, sd and n, of two arms; or `effect`, `low`, `high`) is
    pooled; one of patients (`time`, `event`, `arm`; or `outcome`, `arm`) is compared.

    `bedside trials analyse STUDIES.csv --measure RR -o forest.html`

    `bedside trials analyse PATIENTS.csv --control placebo --subgroup sex -o survival.html`
    """
    _check("--measure", measure, MEASURES)
    _check("--model", model, ("fixed", "random", "both"))
    _check("--tau", tau, ("REML", "DL", "PM"))
    if not file.is_file():
        raise UsageError(tr("no such file", "文件不存在"), value=str(file))
    if out is not None:
        from bedside.commands._answers import check_place

        check_place(out, file, resume=False, force=force)
    columns = dict(_pair(one) for one in column or ())
    plan = _plan(measure, model, tau, hartung_knapp, control, subgroup or (), columns)
    found, outcomes = _analysed(file, plan)
    from bedside.commands._trials.analyse_view import show, told

    if out is not None:
        from bedside.trials.results.page import save

        save(out, file.name, found, outcomes)
    if json:
        emit_json(told(found, outcomes) | {"page": out, "note": disclaimer()})
    else:
        show(found, outcomes)
        if out is not None:
            say(tr(f"page: {out}", f"网页：{out}"))
        say(disclaimer())
    if found is not None and found.left_out:
        raise typer.Exit(PARTLY)


def _check(option: str, value: str | None, allowed: Sequence[str]) -> None:
    if value is not None and value not in allowed:
        raise UsageError(tr("no such choice", "没有该选项"), where=option, value=value, allowed=list(allowed))


def _pair(said: str) -> tuple[str, str]:
    name, equals, column = said.partition("=")
    if not equals:
        raise UsageError(tr("write NAME=COLUMN", "请写作 NAME=COLUMN"), where="--column", value=said)
    return name.strip(), column.strip()


def _plan(measure: Any, model: Any, tau: Any, hartung: bool, control: str, groups: Any, columns: Any) -> Plan:
    from bedside.trials.results.analysis import Plan

    return Plan(
        measure=measure,
        model=model,
        tau=tau,
        hartung_knapp=hartung,
        control=control,
        subgroups=tuple(groups),
        columns=columns,
    )


def _analysed(file: Path, plan: Plan) -> tuple[Analysis | None, list[Outcome]]:
    from bedside.formats._tables import read_rows
    from bedside.trials.results.analysis import analyse as analyse_table
    from bedside.trials.results.registered import outcomes

    rows = [(place, row) for place, row in read_rows(file)]
    studies = [one for _, row in rows for one in (row.get("studies") or [row]) if isinstance(one, dict)]
    if any("protocolSection" in one for one in studies):
        found = [outcome for one in studies for outcome in outcomes(one)]
        if not found:
            raise UsageError(tr("no registered results in this record", "该记录没有登记结果"), value=file.name)
        return None, found
    missing = [name for name in plan.subgroups if rows and name not in rows[0][1]]
    if missing:
        raise UsageError(
            tr("no such column", "没有该列"), where="--subgroup", value=missing[0], allowed=list(rows[0][1])
        )
    return analyse_table(rows, plan), []
