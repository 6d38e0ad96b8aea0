"""Tables (CSV, TSV, Excel, JSON Lines, JSON, Parquet): each row becomes entries of its patient, no column lost."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bedside.errors import FormatError
from bedside.formats._base import Format, Problem, ReadOptions
from bedside.formats._charts.draft import Draft, Reading, clean
from bedside.formats._files.bytes import head
from bedside.formats._files.encoding import detect
from bedside.formats._files.names import plain_name
from bedside.formats._tables import cell_text, read_rows
from bedside.formats._tables.cells import code_system, identity_of, kind_of, number_of, sex_of, time_of
from bedside.formats._tables.columns import ColumnMap, map_columns
from bedside.lang import tr
from bedside.types import Code, Entry, Identifier, Origin, RawChart

SUFFIXES = (".csv", ".tsv", ".tab", ".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".jsonl", ".ndjson", ".json", ".parquet")
PROSE = (".md", ".markdown", ".rtf", ".html", ".htm", ".xhtml")
COLUMN_SYSTEM = "urn:bedside:column"
KIND_SYSTEM = "urn:bedside:kind"
_CONTENT = re.compile(
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})(?:[ T].*)?\Z|\d{5,}\Z|(?:\S+\s+){7}|.*[。！？]"
)
"""What a cell may hold and the name of a column hardly ever is."""


def sniff(head: bytes, name: str) -> bool:
    """A table by its name, or a text whose first lines are cut alike under short names, as prose never is."""
    if name.lower().endswith(SUFFIXES) or head.startswith(b"PAR1"):
        return True
    if name.lower().endswith(PROSE) or head.startswith(b"{\\rtf") or b"\0" in head[:1] or not head.strip():
        return False
    lines = head.decode(detect(head).name, "replace").splitlines()[:5]
    return any(_cut_alike(lines, cut) for cut in "\t,;|")


def _cut_alike(lines: list[str], cut: str) -> bool:
    """Whether all lines have as many cells as the first, which reads like a header and not like a sentence."""
    header = lines[0].split(cut) if lines else []
    enough = len(header) > 1 if cut == "\t" else len(header) > 2 or (len(lines) > 2 and len(header) > 1)
    named = all(len(name) <= 40 and not re.search(r"[.。!?！？]\s*$|\s\S+\s\S+\s", name) for name in header)
    return len(lines) > 1 and enough and named and len({line.count(cut) for line in lines}) == 1


def read(path: Path, options: ReadOptions) -> Iterator[RawChart | Problem]:
    """One piece a row; columns as `options.columns` says, the others guessed by header and told to `on_note`."""
    reading = Reading(plain_name(path.name), options)
    pending: list[Problem] = []
    rows = read_rows(path, encoding=options.encoding, sheet=options.sheet or "*", on_problem=pending.append)
    mapping, header = ColumnMap({}), tuple[str, ...]()
    stem = unnamed_patient(path)
    for number, (place, row) in enumerate(rows, 1):
        if header != tuple(row):
            if not header and _is_a_row(list(row)):
                what = tr(
                    "the first line looks like a row; it was taken for the names of columns: give one with names",
                    "首行像数据而非列名，但已被当作列名；请补上列名行",
                )
                yield Problem(tr("first line", "首行"), what)
                options = replace(options, on_note=None)  # it would tell the names: they may be a patient's words
            mapping, header = _map(list(row), options, first=not header), tuple(row)
        yield from _drained(pending)
        yield _RowReader(mapping, reading, place, f"{stem}-r{number}").chart(row)
        yield from reading.drain()
    yield from _drained(pending)
    if not header:
        raise FormatError(tr("the table has no rows", "表格没有数据行"), where=path.name)


def _is_a_row(names: list[str]) -> bool:
    """Whether the names of the columns are rather what is in them: a full date, a long number, a sentence.

    >>> _is_a_row(["7", "Pain in the left hip for three weeks", "2024-01-01"]), _is_a_row(["id", "2024"])
    (True, False)
    """
    return any(_CONTENT.match(name.strip()) for name in names)


def unnamed_patient(path: Path) -> str:
    """A name for the patient of a file that names none: the file's, made unlike that of another with the same name."""
    return f"{plain_name(path.stem)}-{hashlib.sha256(head(path)).hexdigest()[:8]}"


def _drained(pending: list[Problem]) -> Iterator[Problem]:
    yield from pending
    pending.clear()


def _map(names: list[str], options: ReadOptions, *, first: bool) -> ColumnMap:
    """The mapping for these columns; a later sheet may lack a column that the user named, the first may not."""
    wanted = options.columns
    if not first:
        wanted = {role: spec for role, spec in wanted.items() if spec in names or set(spec.split("+")) <= set(names)}
    mapping = map_columns(names, wanted)
    if options.on_note:
        options.on_note(tr("columns: ", "列：") + mapping.sentence())
        if not mapping.first("patient"):
            options.on_note(tr("no patient column: each row is its own patient", "没有患者列：每行视为一位患者"))
    return mapping


class _RowReader:
    """One row on its way to a chart: the place for its doubts, the id for its entries."""

    def __init__(self, mapping: ColumnMap, reading: Reading, place: str, row_id: str) -> None:
        self._map, self._reading, self._place, self._id = mapping, reading, place, row_id

    def chart(self, row: Mapping[str, Any]) -> RawChart:
        """The row as a piece of a chart."""
        draft = Draft(self._patient(row))
        draft.sex = sex_of(self._cell(row, "sex"))
        draft.birth_date = self._time(row, "birth_date")
        draft.know(identity_of(row, self._map.identity))
        if self._map.first("patient") and len(draft.patient) > 2:
            draft.know([Identifier("ID", draft.patient)])
        time = self._time(row, "time")
        main = self._main(row, time)
        if main:
            draft.entries.append(main)
        for name in self._map.rest:
            if (text := clean(cell_text(row.get(name)))) and name in row:
                draft.entries.append(self._other(name, row[name], text, time))
        if not draft.entries and not draft.identifiers:
            self._reading.doubt(self._place, tr("the row says nothing", "该行没有内容"))
        return draft.chart()

    def _patient(self, row: Mapping[str, Any]) -> str:
        if not self._map.first("patient"):
            return self._id
        if patient := self._cell(row, "patient"):
            return patient
        self._reading.doubt(
            self._place, tr("no patient; kept as a patient of its own", "没有患者标识；单独作为一位患者")
        )
        return self._id

    def _cell(self, row: Mapping[str, Any], role: str) -> str:
        parts = (clean(cell_text(row.get(name))) for name in self._map.roles.get(role, ()))
        return "\n".join(part for part in parts if part)

    def _time(self, row: Mapping[str, Any], role: str) -> str | None:
        column = self._map.first(role)
        return time_of(row.get(column), self._reading, f"{self._place}, {column}") if column else None

    def _main(self, row: Mapping[str, Any], time: str | None) -> Entry | None:
        text, item, code = self._cell(row, "text"), self._cell(row, "item"), self._cell(row, "code")
        column = self._map.first("value")
        value = self._value(row[column], column) if column and column in row else None
        if not (text or item or code or value is not None):
            return None
        word = self._cell(row, "kind")
        kind = kind_of(word, code, measured=column is not None)
        codes = [Code(self._cell(row, "system") or code_system(code), code, item or text[:80])] if code else []
        if word and kind.lower() != word.lower():
            codes.append(Code(KIND_SYSTEM, word))
        return Entry(
            id=self._cell(row, "id") or self._id,
            kind=kind,
            text="\n".join(part for part in (item, text) if part),
            time=time,
            codes=tuple(codes),
            value=value,
            unit=self._cell(row, "unit") or None,
            origin=Origin(self._reading.file, self._place),
        )

    def _value(self, cell: Any, column: str) -> float | str | None:
        text = clean(cell_text(cell))
        if re.fullmatch(r"[-+]?(nan|inf|infinity)", text, re.IGNORECASE) or cell != cell:
            self._reading.doubt(
                f"{self._place}, {column}",
                tr("not a finite number; kept without a value", "不是有限数值；已保留但不含数值"),
            )
            return None
        return number_of(text) if text else None

    def _other(self, name: str, cell: Any, text: str, time: str | None) -> Entry:
        """A column without a meaning of its own: kept as an observation under the column's name."""
        number = number_of(text) if not isinstance(cell, bool) and name.lower() not in ("age", "年龄") else None
        return Entry(
            id=f"{self._id}/{name}",
            kind="Observation",
            text=f"{name}: {text}",
            time=time,
            codes=(Code(COLUMN_SYSTEM, name),),
            value=number if isinstance(number, float) else None,
            origin=Origin(self._reading.file, self._place),
        )


FORMAT = Format(name="table", suffixes=SUFFIXES, sniff=sniff, read=read)
