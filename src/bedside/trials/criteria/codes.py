"""A hospital's own list of diagnosis codes (ICD-10 and its national editions) beside our table."""

from __future__ import annotations

from pathlib import Path

from bedside.errors import ColumnError
from bedside.formats._tables import read_rows
from bedside.lang import tr
from bedside.library._base import ReadingOptions
from bedside.library._reading.rows import cell, has
from bedside.trials.criteria.lexicon import Entry, Lexicon

_SHORTEST = 2
_COLUMNS = ReadingOptions()


def read_codes(path: Path) -> Lexicon:
    """The names of a table with a column of the code and one of the name; a name with several codes has them all.

    Raises ColumnError where there is none of either.
    """
    codes: dict[str, list[str]] = {}
    checked = False
    for _, row in read_rows(path):
        if not checked:
            columns = {str(name).strip().lower() for name in row}
            if not has(columns, "code", "name"):
                what = tr("no columns of the code and the name", "没有编码列和名称列")
                raise ColumnError(what, where=path.name, allowed=["code", "name"])
            checked = True
        code, name = cell(row, "code", _COLUMNS), cell(row, "name", _COLUMNS)
        if code and len(name) >= _SHORTEST:
            codes.setdefault(name, []).append(f"ICD10:{code}")
    return Lexicon(Entry(name, "diagnosis", tuple(dict.fromkeys(own)), (name,)) for name, own in codes.items())
