"""病案首页 (inpatient front sheet) as a table: each discharge is an Encounter with its diagnoses and procedures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bedside.errors import FormatError
from bedside.formats._base import Format, Problem, ReadOptions
from bedside.formats._charts.draft import Reading, clean
from bedside.formats._files.encoding import detect
from bedside.formats._files.names import plain_name
from bedside.formats._front_sheet.discharge import Discharge
from bedside.formats._front_sheet.headers import canonical, coded
from bedside.formats._tables import cell_text, read_rows
from bedside.formats.table import unnamed_patient
from bedside.lang import tr
from bedside.types import RawChart

ENOUGH_FIELDS = 6
ENOUGH_CODES = 3
NO_WELL = re.compile(r"[CN]$|[3-9]\d$", re.IGNORECASE)
"""A code of HQMS that cannot be a well of a laboratory plate (A01 to P24)."""


def looks_like(header: list[str]) -> bool:
    """A table is a front sheet when it has a patient, a principal diagnosis, a stay, and enough of the other fields.

    A patient and a few codes of HQMS are enough: read as a plain table, "A11" would not be known for a name.
    """
    found = {name for name in map(canonical, header) if name}
    codes = [name for name in header if coded(name) and canonical(name)]
    by_code = len(codes) >= ENOUGH_CODES and any(NO_WELL.search(name) for name in codes)
    return bool(by_code and found & {"BAH", "XM", "SFZH"}) or (
        bool(found & {"BAH", "ZYH", "XM", "SFZH"})
        and bool(found & {"ZYZD", "JBDM"})
        and bool(found & {"RYSJ", "CYSJ"})
        and len(found) >= ENOUGH_FIELDS
    )


def sniff(head: bytes, name: str) -> bool:
    """A text table with such a header, or a workbook, whose header is seen on reading."""
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1")):
        return name.lower().endswith((".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".parquet"))
    first = head.decode(detect(head).name, "replace").lstrip("\ufeff\r\n ").split("\n", 1)[0]
    return looks_like([part.strip('"{} ').split('":')[0] for part in re.split(r"[,\t;|]", first)])


def read(path: Path, options: ReadOptions) -> Iterator[RawChart | Problem]:
    """One piece a discharge; the patient is 病案号 unless `options.columns["patient"]` names another column.

    A user who says what other columns mean wants a plain table: such a file is left to that reader.
    """
    if options.columns.keys() - {"patient"}:
        raise FormatError(
            tr("columns are mapped by hand: read as a table", "列由用户指定：按普通表格读取"), where=path.name
        )
    reading = Reading(plain_name(path.name), options)
    pending: list[Problem] = []
    rows = read_rows(path, encoding=options.encoding, sheet=options.sheet, on_problem=pending.append)
    stem, names = unnamed_patient(path), dict[str, str]()
    for number, (place, row) in enumerate(rows, 1):
        if not names:
            if not looks_like(list(row)):
                raise FormatError(
                    tr("not a front sheet: its columns are missing", "不是病案首页：缺少相应的列"), where=path.name
                )
            names = _canonical_names(list(row), options)
            if unknown := [column for column in row if column not in names and coded(column)]:
                what = tr("columns of unknown meaning, kept as identity", "含义未知的列，按身份信息保留")
                reading.doubt(tr("header", "表头"), f"{what}: {', '.join(unknown)}")
        yield from pending
        pending.clear()
        fields = {names.get(column, column): value for column, value in row.items()}
        patient = clean(cell_text(row.get(options.columns.get("patient", ""))))
        yield Discharge(fields, reading, place, f"{stem}-r{number}").chart(patient)
        yield from reading.drain()
    yield from pending
    if not names:
        raise FormatError(tr("the table has no rows", "表格没有数据行"), where=path.name)


def _canonical_names(header: list[str], options: ReadOptions) -> dict[str, str]:
    """Each column's canonical name; the first of two columns for one field wins, the other stays under its own name."""
    names: dict[str, str] = {}
    for column in header:
        name = canonical(column)
        if name and name not in names.values():
            names[column] = name
    if options.on_note:
        options.on_note(
            tr("front sheet: ", "病案首页：") + " ".join(f"{name}={column}" for column, name in names.items())
        )
    return names


FORMAT = Format(name="front_sheet", suffixes=(), sniff=sniff, read=read)
