"""How `bedside deidentify` gets through many notes: chunks over processes, results in order, a file that is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

from bedside.commands._deidentify.notes import Done, Job, failed, row_id, row_text, scrub_rows
from bedside.commands._pool import cores, in_order, why_lost
from bedside.errors import FormatError, IdentityError
from bedside.lang import tr
from bedside.types import IDENTITY_TYPES, Span

CHUNK_ROWS = 64
CHUNK_CHARACTERS = 200_000
"""A chunk is worth the way to another process and back: about a tenth of a second of work."""

MOST_THOROUGH = 8
"""Processes that read thoroughly unless more are asked for: each holds the encoder, some 700 MB."""

Row = tuple[str, dict[str, Any]]


def scrub_all(job: Job, rows: Iterable[Row], jobs: int = 0) -> Iterator[Done]:
    """Every row's result, in the order of the rows; other processes are started when there is more than one chunk."""
    chunks = chunked(rows)
    first = list(islice(chunks, 2))
    workers = cores(jobs)
    if job.policy.thorough and not jobs:
        workers = min(workers, MOST_THOROUGH)
    if len(first) < 2 or workers == 1:
        for chunk in (*first, *chunks):
            yield from scrub_rows(job, chunk)
        return
    yield from in_order(partial(_scrubber, job), chain(first, chunks), workers, partial(_lost, job))


def chunked(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows by the chunk, cut by number and by size, so that one long note does not hold up sixty others."""
    chunk: list[Row] = []
    size = 0
    for row in rows:
        chunk.append(row)
        size += sum(len(value) for value in row[1].values() if isinstance(value, (str, list)))
        if len(chunk) >= CHUNK_ROWS or size >= CHUNK_CHARACTERS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _scrubber(job: Job) -> Callable[[list[Row]], list[Done]]:
    if job.policy.thorough:
        from bedside.deid.encoder.thorough import read_on_one_core

        read_on_one_core()
    return partial(scrub_rows, job)


def _lost(job: Job, given: Row) -> Done:
    """The line of a note whose process ended."""
    place, row = given
    return failed(place, row_id(job, place, row), IdentityError(why_lost()))


def labelled_notes(path: Path, job: Job) -> Iterator[tuple[str, list[Span]]]:
    """Notes marked by people, `{text, spans: [{start, end, type}]}`; offsets are checked, not trusted."""
    from bedside.commands._deidentify.columns import settled
    from bedside.formats._tables import read_rows

    job, rows = settled(job, read_rows(path))
    for place, row in rows:
        text = row_text(job, row)
        if not isinstance(row.get("spans"), list):
            what = tr("spans is not a list of {start, end, type}", "spans 不是由 {start, end, type} 组成的列表")
            raise FormatError(what, where=place)
        try:
            spans = sorted(
                (Span(_place(part["start"]), _place(part["end"]), str(part["type"])) for part in row["spans"]),
                key=lambda span: (span.start, span.end),
            )
        except (KeyError, TypeError, ValueError):
            raise FormatError(tr("a span is malformed", "某个 span 格式不对"), where=place) from None
        for span in spans:
            if not 0 <= span.start < span.end <= len(text):
                raise FormatError(tr("a span points outside its text", "位置超出文本"), where=place)
            if span.type not in IDENTITY_TYPES:
                raise FormatError(tr("unknown type", "未知类型"), where=place, value=span.type, allowed=IDENTITY_TYPES)
        yield text, spans


def _place(said: Any) -> int:
    """A whole number, also as tables without types write one ("3", 3.0); ValueError for what lies between two."""
    if int(said) != float(said):
        raise ValueError
    return int(said)
