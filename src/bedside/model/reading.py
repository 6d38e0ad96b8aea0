"""Reads labelled and unlabelled rows out of any table; every row left out is told, with place and reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bedside.config import DataRecipe
from bedside.errors import ColumnError, DataError
from bedside.formats._base import Problem
from bedside.formats._tables import OnProblem, Placed, cell, cell_text, read_rows
from bedside.lang import tr
from bedside.model.entities import looks_tagged, overlapping
from bedside.model.forms import Form, form_of
from bedside.model.forms.labels import SEPARATOR
from bedside.model.forms.score import scale_of
from bedside.model.relations import looks_related
from bedside.model.rows import Labelled, Unlabelled


def read_labelled(path: Path, data: DataRecipe, *, head: str = "auto") -> Labelled:
    """Read a whole table; raises ColumnError for a column that is not there, DataError when no row is left.

    `auto` looks at the rows: entities or tags call for `tag`, or `nested` where entities of a row overlap; relations
    for `relate`; a second text for `pair`; any list, or text with a |, in some row for `multilabel`; otherwise
    `classify`, which takes each label as it stands: a | in it separates nothing. `score` looks at the numbers: a few
    whole ones call for `ordinal`, others for `continuous`.
    """
    rows = Labelled([], [], [], [], [], [], [], head)
    asked = "pair" if head == "auto" and data.text_b else head
    form = _form(asked)
    lost: list[Problem] = []
    for place, row in read_rows(path, on_problem=rows.refused.append):
        if asked == "auto" and looks_tagged(row.get(data.text), row.get(data.label)):
            asked, form = "tag", form_of("tag")
        if asked == "auto" and looks_related(row.get(data.label)):
            asked, form = "relate", form_of("relate")
        try:
            text, given, label = form.read(row, data)
        except ValueError as fault:
            lost.append(Problem(place, f"{fault}{tr('; left out', '；未使用')}"))
            rows.refused.append(lost[-1])
            continue
        rows.texts.append(text)
        rows.given.append(given)
        rows.labels.append(label)
        rows.patients.append(_patient(row, data, place))
        rows.places.append(place)
        rows.ids.append(_id(row, data, place))
    if not len(rows):
        worst = (lost or rows.refused)[:1]
        why = f"{worst[0].place}: {worst[0].what}" if worst else None
        what = tr("no row has both a text and a label", "没有同时含文本和标签的行")
        raise DataError(what, where=path.name, value=why)
    settled = asked if asked != "auto" else ("multilabel" if _several(rows.labels) else "classify")
    if head == "auto" and asked == "tag" and any(map(overlapping, rows.labels)):
        settled = "nested"
    labels = _form(settled).labels(rows.labels)
    return replace(rows, labels=labels, head=scale_of(labels) if settled == "score" else settled)


def read_texts(
    path: Path,
    data: DataRecipe,
    *,
    head: str = "classify",
    on_problem: OnProblem | None = None,
    rows: Iterable[Placed] | None = None,
) -> Iterator[Unlabelled]:
    """Yield each row, streaming; one that cannot be answered comes with its id and the problem.

    `on_problem` hears of rows that the table itself cannot give, or gives with a doubt: they have no id to come with.
    `rows` are read in place of those of the path.
    """
    form = form_of(head)
    for place, row in rows if rows is not None else read_rows(path, on_problem=on_problem):
        name = _id(row, data, place)
        try:
            yield Unlabelled(name, *form.read_text(row, data))
        except ValueError as fault:
            yield Unlabelled(name, problem=Problem(place, str(fault)))


def _form(asked: str) -> Form:
    """The form that rows are read by; until all are read, `auto` takes labels of either kind."""
    return form_of("multilabel" if asked == "auto" else asked)


def _several(cells: list[Any]) -> bool:
    return any(isinstance(v, (list, tuple)) or (isinstance(v, str) and SEPARATOR in v) for v in cells)


def _patient(row: Mapping[str, Any], data: DataRecipe, place: str) -> str:
    """Whose a row is; a row without one, and every row where no column tells, is its own."""
    if data.patient and data.patient not in row:
        raise ColumnError(
            tr("no such column of patients", "没有该患者列"),
            value=data.patient,
            allowed=[name for name in row if name],
            next=tr(
                '--patient COLUMN, or --patient "" where none tells', '--patient 列名；没有患者列时用 --patient ""'
            ),
        )
    return (cell_text(row[data.patient]) if data.patient else "") or place


def _id(row: Mapping[str, Any], data: DataRecipe, place: str) -> str:
    return (cell_text(cell(row, data.id)) if data.id else cell_text(row.get("id"))) or place
