"""Rows of a CSV or TSV as it really comes: any delimiter, ragged rows, stray quotes, empty and double headers."""

from __future__ import annotations

import csv
import itertools
import re
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bedside.errors import FormatError
from bedside.formats._base import Problem
from bedside.formats._files.lines import place, text_lines
from bedside.lang import tr

DELIMITERS = ",\t;|"
MAX_CELL_CHARS = 64 * 2**20
MAX_RECORD_LINES = 2000
"""A record over more lines than this was opened by a stray quote, not by a long note."""

SNIFFED_LINES = 50
_SAID = re.compile(r'"?sep=(?P<char>[,\t;|])"?')
"""A first line by which a table tells spreadsheets its delimiter; it is no header."""

Lines = Iterator[tuple[int, str]]
Tell = Callable[[Problem], None]


def delimited_rows(path: Path, encoding: str | None, tell: Tell) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield `(place, row)`; a row with too few or too many cells keeps its good ones and is reported."""
    csv.field_size_limit(MAX_CELL_CHARS)
    lines = text_lines(path, encoding, tell, header=True)
    sample = list(itertools.islice(lines, SNIFFED_LINES))
    said = _SAID.fullmatch(sample[0][1].strip()) if sample else None
    if said:
        del sample[0]
    delimiter = said["char"] if said else sniff_delimiter([line for _, line in sample], path.name)
    records = _Records(itertools.chain(sample, lines), delimiter, tell)
    header = next((cells for _, cells in records if any(cell.strip() for cell in cells)), None)
    if header is None:
        raise FormatError(tr("the table has no header", "表格没有表头"), where=path.name)
    names = clean_header(header, place(1), tell)
    records.width = len(names)
    for number, cells in records:
        if any(cell.strip() for cell in cells):
            yield place(number), fit_row(names, cells, place(number), tell)


def sniff_delimiter(lines: list[str], name: str) -> str:
    """The delimiter that cuts most rows into as many cells as the header has; a tab for a .tsv in doubt."""
    best, best_score = ("\t" if name.lower().endswith((".tsv", ".tab")) else ","), (0.0, 1)
    order = sorted(DELIMITERS, key=lambda char: char != best)
    for delimiter in order:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
        if not rows or len(rows[0]) < 2:
            continue
        alike = sum(1 for row in rows if len(row) == len(rows[0])) / len(rows)
        if (alike, len(rows[0])) > best_score:
            best, best_score = delimiter, (alike, len(rows[0]))
    return best


def clean_header(cells: list[str], where: str, tell: Tell) -> list[str]:
    """Names without stray spaces; an empty one becomes "column_3", a double one "name_2", each reported."""
    names: dict[str, None] = {}
    for number, cell in enumerate(cells, 1):
        name = cell.replace("\ufeff", "").strip()
        if not name:
            name = f"column_{number}"
            tell(Problem(where, tr(f"column {number} has no header", f"第 {number} 列没有表头")))
        unique, copies = name, 1
        while unique in names:
            copies += 1
            unique = f"{name}_{copies}"
        if copies > 1:
            what = tr(f"two columns of one name; column {number} renamed", f"列名重复；第 {number} 列已改名")
            tell(Problem(where, what))
        names[unique] = None
    return list(names)


def fit_row(names: list[str], cells: list[Any], where: str, tell: Tell) -> dict[str, Any]:
    """The cells under their names; missing ones are None, surplus ones are kept as "column_N"."""
    if len(cells) == len(names):
        return dict(zip(names, cells, strict=True))
    counts = tr(f"{len(cells)} cells under {len(names)} headers", f"{len(names)} 个表头下有 {len(cells)} 个单元格")
    tell(Problem(where, counts))
    row: dict[str, Any] = dict(zip(names, itertools.chain(cells, itertools.repeat(None)), strict=False))
    row.update({f"column_{number}": cell for number, cell in enumerate(cells[len(names) :], len(names) + 1) if cell})
    return row


class _Records:
    """Records with the number of the line they begin at. A stray quote costs one line's quoting, never the file."""

    def __init__(self, lines: Lines, delimiter: str, tell: Tell) -> None:
        self.width: int | None = None
        self._lines, self._delimiter, self._tell = lines, delimiter, tell
        self._again: deque[tuple[int, str]] = deque()
        self._taken: list[tuple[int, str]] = []

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        while True:
            self._taken = []
            fault = False
            reader = csv.reader(self._feed(), delimiter=self._delimiter)
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (csv.Error, _Runaway):
                cells, fault = [], True
            if len(self._taken) > 1 or fault:
                cells = self._judged(cells, fault)
            yield self._taken[0][0], cells

    def _feed(self) -> Iterator[str]:
        """The lines of one record; those given back by a failed one come first."""
        while True:
            taken = self._again.popleft() if self._again else next(self._lines, None)
            if taken is None:
                return
            self._taken.append(taken)
            if len(self._taken) > MAX_RECORD_LINES:
                raise _Runaway
            yield taken[1]

    def _judged(self, cells: list[str], fault: bool) -> list[str]:
        """A record over several lines, if it is whole; otherwise its first line, with quotes as plain characters."""
        complaint = "unexpected end" if fault else self._complaint()
        if not complaint and self.width in (None, len(cells)):
            return cells
        first = next(csv.reader([self._taken[0][1]], delimiter=self._delimiter, quoting=csv.QUOTE_NONE))
        if "unexpected end" not in complaint and len(first) != self.width:
            return cells
        self._again.extendleft(reversed(self._taken[1:]))
        del self._taken[1:]
        what = tr("a quote that is never closed; read as a plain character", "引号未闭合；按普通字符读取")
        self._tell(Problem(place(self._taken[0][0]), what))
        return first

    def _complaint(self) -> str:
        """What a strict reader says of the record: the lenient one is silent when the file ends inside quotes."""
        try:
            list(csv.reader((line for _, line in self._taken), delimiter=self._delimiter, strict=True))
        except csv.Error as error:
            return str(error)
        return ""


class _Runaway(Exception):
    """A record went on for too many lines."""
