"""How `bedside data split` asks for its parts, checks where they go, writes them and tells what was found."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bedside.commands._io import say
from bedside.errors import UsageError
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.commands._data.rows import StoredRows
    from bedside.evaluate.split import LeakReport

WAYS = ("patient", "site", "time")


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
        raise UsageError(tr("its column is needed", "需要给出对应的列"), next=f"--{asked.by} COLUMN")
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
            f"in more than one part: {report.shared_patients} patients, {report.same_texts} texts, "
            f"{report.near_texts} near-same rows",
            f"跨部分：{report.shared_patients} 名患者、{report.same_texts} 段相同文本、{report.near_texts} 行近似文本",
        )
    )
    if not report.patients_known:
        say(tr("without --patient, shared patients cannot be seen", "未给出 --patient，无法检查患者重叠"))
