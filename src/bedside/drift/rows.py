"""The columns of one part, reference or current, that are watched: read once, without the rows that cannot be used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bedside.drift.psi import number_in
from bedside.errors import ColumnError
from bedside.formats._base import Problem
from bedside.formats._tables import cell_text, column_text
from bedside.lang import tr

CONFIDENCE = "confidence"
"""The column that is made of probabilities: that of the answer."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the columns are called; None where there is none, and `text` may be several ("title+note")."""

    text: str | None = None
    label: str | None = None
    truth: str | None = None
    patient: str | None = None
    time: str | None = None
    probabilities: str = "probabilities"
    columns: tuple[str, ...] = ()
    """To be compared, of all others; none named means all."""


@dataclass(frozen=True)
class Part:
    """Rows by column; every list has one value a row, and no list is there for a column that no row has."""

    patients: list[str] = field(default_factory=list, repr=False)
    texts: list[str] = field(default_factory=list, repr=False)
    times: list[str] = field(default_factory=list, repr=False)
    truths: list[str] = field(default_factory=list, repr=False)
    labels: list[str] = field(default_factory=list, repr=False)
    probabilities: list[dict[str, float]] = field(default_factory=list, repr=False)
    columns: dict[str, list[str | float | None]] = field(default_factory=dict, repr=False)

    @property
    def n(self) -> int:
        """Rows that were read."""
        return len(self.patients)


def read_part(rows: Iterable[tuple[str, Mapping[str, Any]]], names: Names, problem: Callable[[Problem], None]) -> Part:
    """The part that rows of a table make; each row that cannot be used is told to `problem`.

    Raises ColumnError where a named column is missing from every row.
    """
    part, seen = Part(), set[str]()
    wanted = {name for name in (names.label, names.truth, names.patient, names.time, *names.columns) if name}
    for place, row in rows:
        seen.update(row)
        try:
            _add(part, row, names)
        except (ColumnError, ValueError) as fault:
            what = str(fault) if isinstance(fault, ColumnError) else tr("no probabilities", "概率无效")
            problem(Problem(place, what))
    if missing := sorted(wanted - seen):
        raise ColumnError(tr("no such column", "没有这一列"), value=", ".join(missing), allowed=sorted(seen))
    return part


def _add(part: Part, row: Mapping[str, Any], names: Names) -> None:
    """Put one row at the end of every list; nothing is added where anything of it cannot be read."""
    text = column_text(row, names.text) if names.text else ""
    probabilities = probabilities_in(row.get(names.probabilities))
    own = {names.text, names.patient, names.time, names.truth, names.probabilities, "id"}
    values = {
        name: _value(value)
        for name, value in row.items()
        if (name in names.columns if names.columns else name not in own)
    }
    if probabilities:
        values[CONFIDENCE] = max(probabilities.values())
    for name in values.keys() | part.columns.keys():
        column = part.columns.setdefault(name, [None] * part.n)
        column.append(values.get(name))
    part.texts.append(text)
    part.probabilities.append(probabilities)
    part.times.append(cell_text(row.get(names.time)) if names.time else "")
    part.truths.append(cell_text(row.get(names.truth)) if names.truth else "")
    part.labels.append(cell_text(row.get(names.label)) if names.label else "")
    part.patients.append(cell_text(row.get(names.patient)) if names.patient else str(part.n))


def probabilities_in(value: Any) -> dict[str, float]:
    """What `predict` writes: a number a label; {} where there is nothing. Raises ValueError for what is no number.

    >>> probabilities_in({"yes": 0.75, "no": 0.25})
    {'yes': 0.75, 'no': 0.25}
    """
    if value in (None, ""):
        return {}
    if not isinstance(value, Mapping):
        raise ValueError("not an object")
    found = {str(label): number_in(one) for label, one in value.items()}
    if any(one is None or not 0 <= one <= 1 for one in found.values()):
        raise ValueError("not probabilities")
    return {label: one for label, one in found.items() if one is not None}


def _value(value: Any) -> str | float | None:
    if isinstance(value, bool) or value is None:
        return None if value is None else str(value)
    return float(value) if isinstance(value, (int, float)) else cell_text(value)
