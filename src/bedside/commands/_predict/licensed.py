"""What `predict` and `serve` take to keep a model that writes to what each text licenses."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bedside.errors import ColumnError, DataError
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.model.folder import Model
    from bedside.model.writing.licence_names import Restricted

COLUMNS = ("name", "concept")

Licensed = Annotated[
    bool,
    typer.Option(
        "--licensed", help=tr("Write no number and no drug that the text does not hold", "不写出原文未提及的数值与药物")
    ),
]
LicensedNames = Annotated[
    list[Path] | None,
    typer.Option(
        "--licensed-names",
        metavar="TABLE",
        help=tr("Likewise of these names: columns name, concept", "同样限制此表中的名称：列 name、concept"),
    ),
]


def keep_to_licence(model: Model, on: bool, tables: Sequence[Path]) -> Model:
    """The model, kept to numbers, drugs and the names of `tables` that each text licenses, if that was asked for."""
    if not on and not tables:
        return model
    from bedside.model.writing.licensed import licensed

    return licensed(model, [*restricted_drugs(), *map(read_names, tables)])


def read_names(table: Path) -> Restricted:
    """Names out of a table, and what each stands for (itself, where the column is empty); ColumnError, DataError."""
    from bedside.formats._tables import cell_text, read_rows
    from bedside.model.writing.licence_names import listed

    found: list[tuple[str, str]] = []
    for _, row in read_rows(table):
        if "name" not in row:
            raise ColumnError(tr("no such column", "没有这一列"), where=table.name, value="name", allowed=list(row))
        name = cell_text(row["name"]).strip()
        if name:
            found.append((name, cell_text(row.get("concept") or "").strip() or name))
    if not found:
        raise DataError(tr("holds no names", "不含任何名称"), where=table.name, allowed=", ".join(COLUMNS))
    return listed(found)


def restricted_drugs() -> list[Restricted]:
    """The vocabulary of medicines."""
    from bedside.drugs.names import concepts, find, vocabulary_names
    from bedside.model.writing.licence_names import Restricted

    return [Restricted(tuple(vocabulary_names()), find, concepts)]
