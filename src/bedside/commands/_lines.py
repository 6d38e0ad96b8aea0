"""Rows in, a line of JSON a row out, in order and in bounded memory; a stopped run can be taken up again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bedside.commands._io import progress
from bedside.lang import tr

Row = dict[str, Any]
FLUSHED = 256
"""Rows after which what is written is passed on to the disk."""


def answer_rows(
    data: Path, out: Path, answer: Callable[[Row], Row], *, resume: bool, force: bool, title: str
) -> dict[str, int]:
    """Write `{"id", **answer(row)}` for each row of a table, or `{"id", "error"}` where `answer` raises ValueError.

    Returns how many were written, failed, and found done. Raises UsageError for a place that cannot be written.
    """
    from bedside.commands._answers import check_place, growing_file, take_up

    check_place(out, data, resume=resume, force=force)
    skipped, failed = take_up(out, (id for id, _ in numbered_rows(data))) if resume else (0, 0)
    done = 0
    with growing_file(out, resume=resume) as file, progress(title) as advance:
        for number, (id, row) in enumerate(numbered_rows(data)):
            if number < skipped:
                continue
            try:
                said = answer(row)
            except ValueError as fault:
                said = {"error": str(fault)}
            failed += "error" in said
            file.write(json.dumps({"id": id, **said}, ensure_ascii=False) + "\n")
            done += 1
            if done % FLUSHED == 0:
                file.flush()
                advance(FLUSHED)
    return {"rows": done, "failed": failed, "skipped": skipped}


def numbered_rows(data: Path) -> Iterator[tuple[str, Row]]:
    """Each row with its id, or its place where it has none."""
    from bedside.formats._tables import cell_text, read_rows

    for place, row in read_rows(data):
        yield cell_text(row.get("id")) or place, row


def text_of(row: Row) -> str:
    """The text of a row; ValueError, without any of the row, where there is none."""
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        raise ValueError(tr("no text in this row", "此行没有文本"))
    return text


def lang_of(row: Row) -> Any:
    """The language that a row states, or None."""
    said = str(row.get("lang") or "").lower()[:2]
    return said if said in ("en", "zh") else None
