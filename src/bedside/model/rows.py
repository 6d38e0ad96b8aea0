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
from bedside.model.entities import Places, joined, looks_tagged, read_tagged, tags_of

SEPARATOR = "|"
"""Between the labels of one row, in tables that cannot hold lists."""


@dataclass(frozen=True)
class Labelled:
    """Rows in file order, one entry of each list a row.

    `labels` holds each row's label names, or its entities (head `tag`); `tokens` where the tokens of a row stand that
    came as tokens. `head` is the one asked for, or the one that the labels call for.
    """

    texts: list[str] = field(repr=False)
    labels: list[tuple[Any, ...]] = field(repr=False)
    tokens: list[Places] = field(repr=False)
    patients: list[str] = field(repr=False)
    ids: list[str] = field(repr=False)
    places: list[str]
    refused: list[Problem]
    head: str

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, keep: list[int]) -> Labelled:
        """The rows at these positions; what was refused stays on record."""
        return replace(
            self,
            texts=[self.texts[row] for row in keep],
            labels=[self.labels[row] for row in keep],
            tokens=[self.tokens[row] for row in keep],
            patients=[self.patients[row] for row in keep],
            ids=[self.ids[row] for row in keep],
            places=[self.places[row] for row in keep],
        )


def read_labelled(path: Path, data: DataRecipe, *, head: str = "auto") -> Labelled:
    """Read a whole table; raises ColumnError for a column that is not there, DataError when no row is left.

    `auto` looks at the first label: entities or tags call for `tag`; any list, or text with a |, in some row for
    `multilabel`; otherwise `classify`, which takes each label as it stands: a | in it separates nothing.
    """
    rows = Labelled([], [], [], [], [], [], [], head)
    asked = head
    for place, row in read_rows(path, on_problem=rows.refused.append):
        label = _cell(row, data.label)
        if asked == "auto" and looks_tagged(row.get(data.text), label):
            asked = "tag"
        try:
            text, tokens, labels = _row(row, label, data, asked)
        except ValueError as fault:
            rows.refused.append(Problem(place, str(fault)))
            continue
        rows.texts.append(text)
        rows.tokens.append(tokens)
        rows.labels.append(labels)
        rows.patients.append(cell_text(_cell(row, data.patient)) or place if data.patient else place)
        rows.places.append(place)
        rows.ids.append(_id(row, data, place))
    if not len(rows):
        raise DataError(tr("no row has both a text and a label", "没有同时含文本和标签的行"), where=path.name)
    return _settled(rows, asked)


def _row(row: Mapping[str, Any], label: Any, data: DataRecipe, head: str) -> tuple[str, Places, Any]:
    """A row's text, its tokens' places and its label as it came; ValueError with the reason why it cannot be used."""
    if head == "tag":
        text, tokens, label = read_tagged(_cell(row, data.text), label)
    else:
        text, tokens = column_text(row, data.text), ()
    if not text.strip():
        raise ValueError(tr("no text; left out", "没有文本；未使用"))
    if not isinstance(label, (list, tuple)) and not cell_text(label).strip():  # an empty list is an answer: none
        raise ValueError(tr("no label; left out", "没有标签；未使用"))
    return text, tokens, label


def _settled(rows: Labelled, asked: str) -> Labelled:
    """With each row's labels as names, by the head asked for or, for auto, the one that all rows together call for."""
    if asked == "tag":  # rows before the first with an entity hold an empty list
        return replace(rows, labels=[tuple(label) for label in rows.labels], head="tag")
    several = any(isinstance(v, (list, tuple)) or (isinstance(v, str) and SEPARATOR in v) for v in rows.labels)
    head = asked if asked != "auto" else ("multilabel" if several else "classify")
    labels = [(cell_text(v).strip(),) if asked == "classify" else labels_of(v) for v in rows.labels]
    return replace(rows, labels=labels, head=head)


def named(rows: Labelled) -> list[tuple[str, ...]]:
    """The label names of each row; of entities, their types."""
    if rows.head != "tag":
        return rows.labels
    return [tuple(dict.fromkeys(entity.type for entity in entities)) for entities in rows.labels]


def as_cells(rows: Labelled, row: int) -> dict[str, Any]:
    """A row's `text` and `label` as a table holds them; read again they are the same."""
    text, label = rows.texts[row], rows.labels[row]
    if rows.head == "classify":
        return {"text": text, "label": label[0]}
    if rows.head != "tag":
        return {"text": text, "label": list(label)}
    if rows.tokens[row]:
        tokens = [text[start:end] for start, end in rows.tokens[row]]
        return {"text": tokens, "label": tags_of(label, rows.tokens[row])}
    return {"text": text, "label": [{"start": e.start, "end": e.end, "type": e.type} for e in label]}


@dataclass(frozen=True)
class Unlabelled:
    """A row to be answered; `tokens` where its tokens stand when it came as tokens."""

    id: str
    text: str = field(repr=False)
    tokens: Places = ()


def read_texts(path: Path, data: DataRecipe, *, head: str = "classify") -> Iterator[Unlabelled | tuple[str, Problem]]:
    """Yield each row, streaming; one without text gives its id and the problem in its place."""
    for place, row in read_rows(path):
        cell = row.get(data.text)
        if head == "tag" and isinstance(cell, (list, tuple)):
            text, tokens = joined(cell)
        else:
            text, tokens = column_text(row, data.text), ()
        name = _id(row, data, place)
        yield Unlabelled(name, text, tokens) if text.strip() else (name, Problem(place, tr("no text", "没有文本")))


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
