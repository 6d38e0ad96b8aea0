"""Rows of a table set aside on disk, so that more notes than fit in memory can be compared; gone when done."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, overload

import typer

from bedside.commands._io import PARTLY, progress
from bedside.errors import ColumnError
from bedside.formats._tables import Damage, cell_text, column_text, read_rows, table_kind
from bedside.lang import tr


class StoredRows(Sequence[str]):
    """The texts of the rows, by position; `row(n)` is the whole row. Eight bytes a row are held in memory.

    `damage` has counted what of the table could not be read, or only with a doubt, once it was read.
    """

    def __init__(self, file: IO[bytes], text: str, damage: Damage) -> None:
        self._file, self._text, self._starts, self.damage = file, text, list[int](), damage

    def add(self, row: dict[str, Any]) -> None:
        """Put a row at the end."""
        self._starts.append(self._file.seek(0, os.SEEK_END))
        self._file.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")

    def row(self, number: int) -> dict[str, Any]:
        """The row at a position."""
        self._file.seek(self._starts[number])
        found: dict[str, Any] = json.loads(self._file.readline().decode("utf-8", "surrogatepass"))
        return found

    def need(self, *names: str | None) -> None:
        """Raise `ColumnError` for a column that no row has; None asks for none."""
        for name in filter(None, names):
            if not any(name in self.row(number) for number in range(len(self))):
                there = [column for column in self.row(0) if column] if len(self) else ()
                raise ColumnError(tr("no such column", "没有这一列"), value=name, allowed=there)

    def column(self, name: str) -> list[str]:
        """One column of all rows, as text; a row without it gives "", and one that no row has is a `ColumnError`."""
        self.need(name)
        return [cell_text(self.row(number).get(name)) for number in range(len(self))]

    def __len__(self) -> int:
        return len(self._starts)

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> list[str]: ...
    def __getitem__(self, number: int | slice) -> str | list[str]:
        if isinstance(number, slice):
            return [self[place] for place in range(*number.indices(len(self)))]
        if number >= len(self):
            raise IndexError(number)
        return column_text(self.row(number), self._text)


@contextmanager
def stored_rows(text: str, table: Path) -> Iterator[StoredRows]:
    """Rows kept in a file without a name in the folder of `table`, which only this process can read.

    Raises `FormatError` when `table` is no file.
    """
    table_kind(table)
    with tempfile.TemporaryFile(dir=table.parent) as file:
        yield StoredRows(file, text, Damage(table.name))


def text_columns(row: dict[str, Any], spec: str) -> list[str]:
    """The names of the text columns: "title+question" is two, unless a column has that very name.

    Raises `ColumnError` when one is missing.
    """
    column_text(row, spec)
    return [spec] if spec in row else [name.strip() for name in spec.split("+")]


def load(table: Path, rows: StoredRows) -> None:
    """Every row of a table, set aside."""
    for row in read(table, rows.damage):
        rows.add(row)


def read(table: Path, damage: Damage) -> Iterator[dict[str, Any]]:
    """The rows of a table, told as they are read."""
    with progress(tr("reading", "正在读取")) as advance:
        for _, row in read_rows(table, on_problem=damage):
            advance()
            yield row


def done(rows: StoredRows) -> None:
    """End the command: in part, where some of the table could not be read."""
    if rows.damage.count:
        raise typer.Exit(PARTLY)
