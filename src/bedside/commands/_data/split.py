"""`bedside data split`: parts by patient, site or time; where they go, how they are written, what was found."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bedside.commands._data.options import NearFlag, PatientFlag, Table, TextFlag
from bedside.commands._io import JsonFlag, Seed, emit_json, progress, say
from bedside.errors import UsageError
from bedside.lang import counted, tr

if TYPE_CHECKING:
    from bedside.commands._data.rows import StoredRows
    from bedside.evaluate.leaks import LeakReport

WAYS = ("patient", "site", "time")


def split(
    table: Table,
    out: Annotated[Path, typer.Option("-o", "--out", help=tr("Folder for train.jsonl, ...", "输出目录"))],
    by: Annotated[str, typer.Option(help="patient, site, time")] = "patient",
    text: TextFlag = "text",
    patient: PatientFlag = None,
    site: Annotated[str | None, typer.Option(help=tr("Site column", "机构列"))] = None,
    time: Annotated[str | None, typer.Option(help=tr("Time column", "时间列"))] = None,
    label: Annotated[str | None, typer.Option(help=tr("Label column, spread alike", "标签列，各部分分布相近"))] = None,
    shares: Annotated[
        str, typer.Option(help=tr("By patient: shares", "按患者划分的比例"))
    ] = "train=0.8,dev=0.1,test=0.1",
    hold_out: Annotated[str, typer.Option(help=tr("By site: sites for test, with commas", "留作测试的机构"))] = "",
    from_time: Annotated[str, typer.Option(help=tr("By time: test from here on", "测试集起始时间"))] = "",
    near: NearFlag = 0.8,
    seed: Seed = 0,
    insist: Annotated[str | None, typer.Option(help=tr("Words that accept a leak", "接受泄漏的声明"))] = None,
    force: Annotated[bool, typer.Option("--force", help=tr("Replace parts that are there", "覆盖已有的部分"))] = False,
    json: JsonFlag = False,
) -> None:
    """Split by patient, site or time, and refuse if a patient or near-same text would lie in two parts."""
    from bedside.cleaning.duplicates import near_pairs
    from bedside.commands._data.rows import done, load, stored_rows
    from bedside.evaluate.leaks import leaks, refuse_leaks
    from bedside.files import check_out

    asked = Asked(by, patient, site, time, label, shares, hold_out, from_time, seed)
    check_out(out, folder=True)
    with stored_rows(text, table) as rows:
        load(table, rows)
        parts, order = parts_of(rows, asked)
        places = places_for(parts, out, table, force=force)
        patients = rows.column(patient) if patient else None
        with progress(tr("looking for leaks", "正在检查泄漏"), total=len(rows)) as advance:
            report = leaks(parts, patients, rows, near=lambda texts: near_pairs(texts, threshold=near, on_text=advance))
        refuse_leaks(report, insist)
        write_parts(rows, parts, places)
    if json:
        told = {"out": out, "rows": report.rows, "date_order": order, "leaks": report, "problems": rows.damage.count}
        emit_json(told)
    else:
        print_split(report, order)
    done(rows)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user asked for: the way, the columns, and the options of each way."""

    by: str
    patient: str | None
    site: str | None
    time: str | None
    label: str | None
    shares: str
    hold_out: str
    from_time: str
    seed: int


def parts_of(rows: StoredRows, asked: Asked) -> tuple[list[str], str | None]:
    """The part of each row and, by time, the order in which the column has day and month, where it proves one.

    Raises UsageError for an option that is missing, ColumnError for a column that is.
    """
    from bedside.evaluate._dates import day_first
    from bedside.evaluate.split import split_by_patient, split_by_site, split_by_time

    if asked.by not in WAYS:
        raise UsageError(tr("unknown way to split", "未知的划分方式"), value=asked.by, allowed=WAYS)
    column = {"patient": asked.patient, "site": asked.site, "time": asked.time}[asked.by]
    if column is None:
        what = {
            "patient": tr("the column that names each row's patient is needed", "需要给出标明每行患者的列"),
            "site": tr("the column that names each row's site is needed", "需要给出标明每行机构的列"),
            "time": tr("the column that tells each row's time is needed", "需要给出标明每行时间的列"),
        }[asked.by]
        raise UsageError(what, where=f"--{asked.by}", next=f"--{asked.by} COLUMN")
    rows.need(asked.patient, asked.site, asked.time, asked.label)
    if asked.by == "site":
        held_out = [name.strip() for name in asked.hold_out.split(",") if name.strip()]
        if not held_out:
            raise UsageError(
                tr("the sites for the test part are needed", "需要给出留作测试的机构"), next="--hold-out A,B"
            )
        return split_by_site(rows.column(column), held_out), None
    if asked.by == "time":
        if not asked.from_time:
            what = tr("the time from which the test part starts is needed", "需要给出测试集的起始时间")
            raise UsageError(what, next="--from-time 2024-10-01")
        times = rows.column(column)
        patients = rows.column(asked.patient) if asked.patient else None
        order = {True: "day first", False: "month first", None: None}[day_first(times)]
        return split_by_time(times, asked.from_time, patients), order
    targets = rows.column(asked.label) if asked.label else None
    return split_by_patient(rows.column(column), _shares(asked.shares), seed=asked.seed, targets=targets), None


def _shares(text: str) -> dict[str, float]:
    try:
        pairs = (part.split("=") for part in text.split(","))
        return {name.strip(): float(share) for name, share in pairs}
    except ValueError:
        raise UsageError(tr("not shares", "比例格式有误"), value=text, allowed="train=0.8,dev=0.1,test=0.1") from None


def places_for(parts: list[str], out: Path, table: Path, *, force: bool) -> dict[str, Path]:
    """The file of each part. Raises UsageError when one is the input, or is there already and `force` is not set."""
    from bedside.files import check_out

    places = {part: out / f"{part}.jsonl" for part in dict.fromkeys(parts)}
    if not force and (there := [place.name for place in places.values() if place.exists()]):
        what = tr(f"parts are already in {out}", f"{out} 中已有划分结果")
        raise UsageError(
            what, value=", ".join(there), next=tr("another folder, or --force", "换一个目录，或使用 --force")
        )
    for place in places.values():
        if place.exists():
            check_out(place, inputs=[table])
    return places


def write_parts(rows: StoredRows, parts: list[str], places: dict[str, Path]) -> None:
    """Write every part as JSON Lines, each whole or not at all."""
    from bedside.files import whole_file

    for part, place in places.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(place) as file:
            for number, where in enumerate(parts):
                if where == part:
                    file.write(json.dumps(rows.row(number), ensure_ascii=False) + "\n")


def print_split(report: LeakReport, order: str | None) -> None:
    """Say how many rows each part has, how dates were read, and what crosses."""
    for part, count in report.rows.items():
        say(f"{part}: {count}")
    if "undated" in report.rows:
        what = tr("undated: no date that can be read as before or after; not used", "undated：日期无法判定先后，未使用")
        say(what)
    if order:
        said = {"day first": "03/04/2024 = 2024-04-03", "month first": "03/04/2024 = 2024-03-04"}[order]
        say(tr("day and month, by the column as a whole: ", "日与月的次序（按整列判定）：") + said)
    say(
        tr(
            f"in more than one part: {counted(report.shared_patients, 'patient')}, "
            f"{counted(report.same_texts, 'text')}, {counted(report.near_texts, 'near-same row')}",
            f"跨部分：{report.shared_patients} 名患者、{report.same_texts} 段相同文本、{report.near_texts} 行近似文本",
        )
    )
    if not report.patients_known:
        say(tr("without --patient, shared patients cannot be seen", "未给出 --patient，无法检查患者重叠"))
