"""Labelled rows out of any table: texts, labels, patients, ids; every row left out is told, with place and reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bedside.config import DataRecipe
from bedside.errors import ColumnError, DataError
from bedside.formats._base import Problem
from bedside.formats._tables import cell_text, column_text, read_rows
from bedside.lang import tr

SEPARATOR = "|"
"""Between the labels of one row, in tables that cannot hold lists."""


@dataclass(frozen=True)
class Labelled:
    """Rows in file order, one entry of each list a row; `several` says that some row's labels came as a list."""

    texts: list[str] = field(repr=False)
    labels: list[tuple[str, ...]]
    patients: list[str] = field(repr=False)
    ids: list[str] = field(repr=False)
    places: list[str]
    refused: list[Problem]
    several: bool

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, keep: list[int]) -> Labelled:
        """The rows at these positions; what was refused stays on record."""
        return replace(
            self,
            texts=[self.texts[row] for row in keep],
            labels=[self.labels[row] for row in keep],
            patients=[self.patients[row] for row in keep],
            ids=[self.ids[row] for row in keep],
            places=[self.places[row] for row in keep],
        )


def read_labelled(path: Path, data: DataRecipe, *, one_label: bool = False) -> Labelled:
    """Read a whole table; raises ColumnError for a column that is not there, DataError when no row is left.

    `one_label` takes each label as it stands: a | in it separates nothing.
    """
    rows = Labelled([], [], [], [], [], [], several=False)
    several = False
    for place, row in read_rows(path, on_problem=rows.refused.append):
        text, value = column_text(row, data.text), _cell(row, data.label)
        fault = _fault(text, value)
        if fault:
            rows.refused.append(Problem(place, fault))
            continue
        several |= isinstance(value, (list, tuple)) or (isinstance(value, str) and SEPARATOR in value)
        rows.texts.append(text)
        rows.labels.append((cell_text(value).strip(),) if one_label else labels_of(value))
        rows.patients.append(cell_text(_cell(row, data.patient)) or place if data.patient else place)
        rows.places.append(place)
        rows.ids.append(_id(row, data, place))
    if not len(rows):
        raise DataError(tr("no row has both a text and a label", "没有同时含文本和标签的行"), where=path.name)
    return replace(rows, several=several)


def read_texts(path: Path, data: DataRecipe) -> Iterator[tuple[str, str | Problem]]:
    """Yield `(id, text)` of each row, streaming; a row without text gives `(id, Problem)` in its place."""
    for place, row in read_rows(path):
        text = column_text(row, data.text)
        yield _id(row, data, place), text if text.strip() else Problem(place, tr("no text", "没有文本"))


def labels_of(value: Any) -> tuple[str, ...]:
    """One cell as its labels: a list as it is, text split at |, a number as written.

    >>> labels_of("fever|cough"), labels_of(2.0), labels_of([])
    (('fever', 'cough'), ('2',), ())
    """
    if isinstance(value, (list, tuple)):
        return tuple(dict.fromkeys(cell_text(part).strip() for part in value if cell_text(part).strip()))
    if isinstance(value, str):
        return tuple(dict.fromkeys(part.strip() for part in value.split(SEPARATOR) if part.strip()))
    return (cell_text(value),)


def _id(row: Mapping[str, Any], data: DataRecipe, place: str) -> str:
    return (cell_text(_cell(row, data.id)) if data.id else cell_text(row.get("id"))) or place


def _cell(row: Mapping[str, Any], column: str) -> Any:
    if column not in row:
        raise ColumnError(tr("no such column", "没有这一列"), value=column, allowed=[name for name in row if name])
    return row[column]


def _fault(text: str, value: Any) -> str:
    if not text.strip():
        return tr("no text; left out", "没有文本；未使用")
    if isinstance(value, (list, tuple)):
        return ""  # an empty list is an answer: none of the labels
    if not cell_text(value).strip():
        return tr("no label; left out", "没有标签；未使用")
    return ""
