"""Rows of any table (CSV, TSV, Excel, JSON, Parquet, CoNLL, BRAT) one at a time with their place; columns by name."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bedside.errors import ColumnError, FormatError
from bedside.formats._base import Problem
from bedside.formats._files.bytes import head
from bedside.lang import tr

Row = dict[str, Any]
Placed = tuple[str, Row]
OnProblem = Callable[[Problem], None]
WARNINGS_SHOWN = 5
PAGES = (b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")
"""How a PDF, PNG, JPEG, GIF and TIFF begin: some bytes of theirs pass for text."""
_MARKUP = re.compile(rb"\s*<(?:\?xml|!doctype|!--|[a-z][\w:.-]*(?:\s[^<>]*)?/?>(?!\s*[,;|\t]))", re.IGNORECASE)
"""How XML and HTML begin; "<note>,<label>" is the head of a table."""


def read_rows(
    path: Path, *, encoding: str | None = None, sheet: str | None = None, on_problem: OnProblem | None = None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield `(place, row)` in file order, streaming; place is "line 12", "row 7" or "Sheet1!row 7".

    A row that is damaged gives what can be read of it, and a `Problem` to `on_problem`; without one, the first few are
    logged as warnings. `sheet` names one sheet of a workbook, "*" reads all; by default the first that has rows.
    Raises `FormatError` when nothing of the file can be read.
    """
    tell = on_problem or Damage(path.name)
    kind = table_kind(path)
    if kind == "excel":
        from bedside.formats._tables.workbook import workbook_rows

        return workbook_rows(path, sheet, tell)
    if kind == "brat":
        from bedside.formats._tables.brat import brat_rows

        return brat_rows(path, tell)
    if kind == "conll":
        from bedside.formats._tables.conll import conll_rows

        return conll_rows(path, encoding)
    if kind == "parquet":
        from bedside.formats._tables.parquet import parquet_rows

        return parquet_rows(path)
    if kind == "json":
        from bedside.formats._tables.json_rows import json_rows

        return json_rows(path, encoding, tell)
    from bedside.formats._tables.delimited import delimited_rows

    return delimited_rows(path, encoding, tell)


def table_kind(path: Path) -> str:
    """Which of "excel", "parquet", "json", "conll" or "delimited" the file is, by its bytes before its name.

    A folder of texts is "brat".
    """
    from bedside.formats._tables.brat import is_brat
    from bedside.formats._tables.conll import is_conll

    if path.is_dir():
        if is_brat(path):
            return "brat"
        raise FormatError(tr("a folder, where a file is needed", "此处须为文件，而非文件夹"), value=f"{path}/")
    if not path.exists():
        raise FormatError(tr("no such file", "文件不存在"), value=str(path))
    if not path.is_file():
        raise FormatError(tr("not a regular file", "不是普通文件"), value=str(path))
    start = head(path)
    _check_no_document(start, path.name)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "excel"
    if start.startswith(b"PAR1"):
        return "parquet"
    if not start.strip():
        raise FormatError(tr("the file is empty", "文件为空"), where=path.name)
    first = start.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1]
    named_json = path.name.lower().removesuffix(".gz").endswith((".json", ".jsonl", ".ndjson"))
    if first in (b"{", b"[") or named_json:
        return "json"
    return "conll" if is_conll(path) else "delimited"


def _check_no_document(start: bytes, name: str) -> None:
    """Refuse what begins as pages, a picture or markup begin."""
    what = ""
    if start.startswith(PAGES):
        what = tr("pages or a picture, where a table is needed", "此处须为表格，而非页面或图片")
    elif _MARKUP.match(start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")):
        what = tr("XML or HTML, where a table is needed", "此处须为表格，而非 XML 或 HTML")
    if what:
        raise FormatError(what, where=name, next=f"bedside import {name}")


def column_text(row: Mapping[str, Any], spec: str) -> str:
    """The text of one column, or of several joined by a line break: "title+question". A list in JSON is a list.

    >>> column_text({"title": "Knee", "question": "It hurts."}, "title+question")
    'Knee\\nIt hurts.'
    """
    names = [spec] if spec in row else [name.strip() for name in spec.split("+")]
    missing = [name for name in names if name not in row]
    if missing:
        raise ColumnError(
            tr("no such column", "没有这一列"), value=", ".join(missing), allowed=[name for name in row if name]
        )
    return "\n".join(part for part in (cell_text(listed(row[name])) for name in names) if part)


def listed(value: Any) -> Any:
    """A list of texts that a cell holds as JSON, as a list; anything else as it is: "[sic]" is text.

    >>> listed('["no", "fever"]'), listed("[1] see above"), listed("[2]")
    (['no', 'fever'], '[1] see above', '[2]')
    """
    if not (isinstance(value, str) and value.lstrip().startswith("[") and value.rstrip().endswith("]")):
        return value
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return found if found and all(isinstance(part, str) for part in found) else value


def cell(row: Mapping[str, Any], column: str) -> Any:
    """One cell; raises ColumnError for a column that is not there.

    >>> cell({"sex": "F"}, "sex")
    'F'
    """
    if column not in row:
        raise ColumnError(tr("no such column", "没有这一列"), value=column, allowed=[name for name in row if name])
    return row[column]


def cell_text(value: Any) -> str:
    """A cell as text: nothing is "", a whole number has no ".0", a list of texts is one a line, the rest is JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        if value != value:
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, (list, tuple)) and all(isinstance(part, str) for part in value):
        return "\n".join(value)
    return json.dumps(value, ensure_ascii=False, default=str)


class Damage:
    """Counts the problems of a file, logs the first few, then says that there are more."""

    def __init__(self, name: str) -> None:
        self.name, self.count = name, 0

    def __call__(self, problem: Problem) -> None:
        self.count += 1
        if self.count <= WARNINGS_SHOWN:
            logging.getLogger(__name__).warning("%s: %s: %s", self.name, problem.place, problem.what)
        elif self.count == WARNINGS_SHOWN + 1:
            more = tr("more problems of this kind; not shown", "还有更多问题，不再显示")
            logging.getLogger(__name__).warning("%s: %s", self.name, more)
