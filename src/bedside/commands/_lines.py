"""Rows in, a line of JSON a row out, in order and in bounded memory; a stopped run can be taken up again."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import nullcontext
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

import typer

from bedside.commands._io import PARTLY, STDOUT, json_line, progress, say
from bedside.errors import BedsideError, DataError
from bedside.lang import tr

Row = dict[str, Any]
Line = dict[str, Any]


class Numbered(Protocol):
    """A row that its answer can be matched to."""

    @property
    def id(self) -> str: ...


class TableRow(NamedTuple):
    """A row of a table with its id, or its place where it has none."""

    id: str
    row: Row


R = TypeVar("R", bound=Numbered)
Answer = Callable[[list[R]], Iterable[Line]]
"""A batch of rows to a line each, in order, with its id."""


def write_lines(
    out: Path,
    rows: Iterable[R],
    answer: Answer[R],
    *,
    title: str,
    batch: int,
    resume: bool = False,
    counting: Mapping[str, Callable[[Line], Any]] | None = None,
    opens: Callable[[], Answer[R]] | None = None,
    jobs: int = 1,
    more: Callable[[], bool] | None = None,
    see: Callable[[Line], None] | None = None,
) -> dict[str, int]:
    """Write a line a row to `out` (`-`: standard output), after those that a stopped run left there if `resume` is set.

    `counting` names what lines to count. `opens` makes `answer` anew in another process, for `jobs` of them. Where
    rows come as they are made, `more` says whether the next one is there: none is kept waiting for others. `see` gets
    each line, and may take from it what is not to be written. Nothing is written before the first batch is read, so
    that a column that is not there stands in nobody's way.

    Returns how many rows were written, those that failed, in earlier runs too, those counted, and those found done.
    """
    from bedside.commands._answers import growing_file, take_up

    rows = iter(rows)
    skipped, failed = take_up(out, (row.id for row in rows)) if resume else (0, 0)
    counts = dict.fromkeys(counting or {}, 0)
    batches = _batches(rows, batch, more)
    first = list(islice(batches, 2 if opens else 1))
    done = 0
    # no bar among the answers on one screen
    unseen = nullcontext(lambda _: None) if out == STDOUT and sys.stdout.isatty() else progress(title)
    with growing_file(out, resume=resume) as file, unseen as advance:
        for line in _lines(answer, chain(first, batches), opens if len(first) > 1 else None, jobs):
            if see:
                see(line)
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            done, failed = done + 1, failed + ("error" in line)
            for name, is_one in (counting or {}).items():
                counts[name] += bool(is_one(line))
            if done % batch == 0 or more:
                file.flush()
            if done % batch == 0:
                advance(batch)
    return {"rows": done, "failed": failed, **counts, "skipped": skipped}


def tell(report: Mapping[str, Any], *said: str, as_json: bool) -> None:
    """Say what was written, in words or as JSON; raise the exit for a part when a row has no answer.

    On stderr where the answers themselves went to standard output.
    """
    quiet = report.get("out") == STDOUT
    if as_json:
        say(json_line(report), quiet=quiet)
    else:
        for line in filter(None, said):
            say(line, quiet=quiet)
    if report["failed"] or report.get("damaged"):
        raise typer.Exit(PARTLY)


def answer_each(answer: Callable[[R], Line], rows: list[R]) -> Iterator[Line]:
    """`{"id", **answer(row)}` for each row; where `answer` fails, why, without any of what the row holds."""
    for row in rows:
        try:
            said = answer(row)
        except BedsideError as fault:
            said = {"error": str(fault)}
        except Exception as fault:
            said = {"error": f"{tr('could not be processed', '无法处理')} ({type(fault).__name__})"}
        yield {"id": row.id, **said}


def table_rows(data: Path) -> Iterator[TableRow]:
    """Each row of a table, streamed."""
    from bedside.formats._tables import cell_text, read_rows

    for place, row in read_rows(data):
        yield TableRow(cell_text(row.get("id")) or place, row)


def text_of(row: Row) -> str:
    """The text of a row; DataError, without any of the row, where there is none."""
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        raise DataError(tr("no text in this row", "此行没有文本"))
    return text


def lang_of(row: Row) -> Any:
    """The language that a row states, or None."""
    said = str(row.get("lang") or "").lower()[:2]
    return said if said in ("en", "zh") else None


def _batches(rows: Iterator[R], size: int, more: Callable[[], bool] | None) -> Iterator[list[R]]:
    if more is None:
        while batch := list(islice(rows, size)):
            yield batch
        return
    for row in rows:
        batch = [row]
        while len(batch) < size and more():
            batch.extend(islice(rows, 1))
        yield batch


def _lines(
    answer: Answer[R], batches: Iterator[list[R]], opens: Callable[[], Answer[R]] | None, jobs: int
) -> Iterator[Line]:
    """Lines as they are made: here, or over processes where there are several."""
    if opens is not None and jobs != 1:
        from bedside.commands._pool import cores, in_order

        if (processes := cores(jobs)) > 1:
            yield from in_order(partial(_listed, opens), batches, processes, _lost)
            return
    for batch in batches:
        yield from answer(batch)


def _listed(opens: Callable[[], Answer[R]]) -> Callable[[list[R]], list[Line]]:
    """In another process: an answer whose lines are all made before they are sent."""
    answer = opens()
    return lambda rows: list(answer(rows))


def _lost(row: Numbered) -> Line:
    from bedside.commands._pool import why_lost

    return {"id": row.id, "error": why_lost()}
