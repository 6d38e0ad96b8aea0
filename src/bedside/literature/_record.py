"""A paper as a review lists it: with authors, volume, pages and the notices about it, each under a key of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bedside.errors import FormatError
from bedside.formats._base import Problem
from bedside.lang import tr
from bedside.library._base import Item, ReadingOptions
from bedside.library._reading.articles import Article
from bedside.library._reading.choose import reader_for
from bedside.library._reading.rows import rows_of
from bedside.literature._base import _TABLES, _paper
from bedside.literature._paper import Paper
from bedside.literature._tables import _cell, _many, paper_of_row


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """`key` names the record among all that were read; `notices` are (PubMed's kind, what it points to).

    `given` is the row of a table it was read from, which may hold the decision of an earlier review.
    """

    key: str
    paper: Paper
    authors: tuple[str, ...] = ()
    volume: str = ""
    pages: str = ""
    notices: tuple[tuple[str, str], ...] = ()
    file: str = ""
    given: Mapping[str, Any] | None = None

    @property
    def text(self) -> str:
        """Title and abstract, as a reviewer reads them.

        >>> Record(key="1", paper=Paper(id="1", title="Gout", text="Ice helps.")).text
        'Gout\\nIce helps.'
        """
        title, abstract = self.paper.title, self.paper.abstract
        return title if abstract == title or not abstract else f"{title}\n{abstract}" if title else abstract


def records_of(paths: Iterable[Path], options: ReadingOptions | None = None) -> tuple[list[Record], list[Problem]]:
    """The records of files in order, and what could not be read, each with its place.

    Where a second record has the id of an earlier one, its key also names its file.
    Raises FormatError or UsageError when nothing of a file can be read.
    """
    records: dict[str, Record] = {}
    problems: list[Problem] = []
    for path in paths:
        there = False
        for one in _read(path, options or ReadingOptions()):
            if isinstance(one, Problem):
                problems.append(one)
                continue
            there, key = True, _free(one.key, path.name, records)
            records[key] = replace(one, key=key)
        if not there:
            raise FormatError(tr("no paper to read in it", "没有可读取的文献"), where=path.name)
    return list(records.values()), problems


def _read(path: Path, options: ReadingOptions) -> Iterator[Record | Problem]:
    reader = reader_for(path, options)
    if reader.name in _TABLES:
        yield from _rows(path, options)
        return
    for number, one in enumerate((reader.articles or reader.read)(path, options), 1):
        paper = _paper(one, path, number)
        yield paper if isinstance(paper, Problem) else _record(one, paper, path.name)


def _record(one: Article | Item | Problem, paper: Paper, file: str) -> Record:
    if not isinstance(one, Article):
        return Record(key=paper.id, paper=paper, file=file)
    return Record(
        key=paper.id,
        paper=paper,
        authors=tuple(one.authors),
        volume=one.volume,
        pages=one.pages,
        notices=one.notices,
        file=file,
    )


def _rows(path: Path, options: ReadingOptions) -> Iterator[Record | Problem]:
    """A row is a record, with what it says of authors, volume and pages."""
    for number, one in enumerate(rows_of(path, options), 1):
        if isinstance(one, Problem):
            yield one
            continue
        place, row = one
        paper = paper_of_row(row, options, path, number)
        if paper is None:
            yield Problem(place, tr("a row without title and text; left out", "该行没有标题和文本；未使用"))
            continue
        yield Record(
            key=paper.id,
            paper=paper,
            authors=_many(row, "authors", options),
            volume=_cell(row, "volume", options),
            pages=_cell(row, "pages", options),
            file=path.name,
            given=row,
        )


def _free(key: str, file: str, taken: Mapping[str, Record]) -> str:
    if key not in taken:
        return key
    named = f"{key}@{file}"
    return next(one for one in (named, *(f"{named}~{n}" for n in range(2, len(taken) + 3))) if one not in taken)
