"""The passages of the library as the graph reads them, in the order they came, with title, date and licence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bedside.library._database.database import Database

KIND = "library"
"""Of sources: references of it are passages of the library."""
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_OF = "FROM passage JOIN item ON item.no = passage.item JOIN source ON source.no = item.source WHERE passage.live = 1"
_COLUMNS = (
    "passage.no, passage.id, item.no, item.title, passage.heading, "
    "substr(item.text, passage.first + 1, passage.last - passage.first), item.date, source.name, "
    "coalesce(nullif(item.licence, ''), source.licence), coalesce(nullif(item.version, ''), source.version)"
)


class Piece(NamedTuple):
    """A passage."""

    no: int
    id: str
    item: int
    title: str
    heading: str
    text: str
    date: str
    source: str
    licence: str
    version: str

    @property
    def year(self) -> int | None:
        """Of the document; None where it states none.

        >>> Piece(1, "", 1, "", "", "", "2019-03-01", "", "", "").year
        2019
        """
        found = _YEAR.search(self.date)
        return int(found[1]) if found else None


class Entry(NamedTuple):
    """A document that stands for a concept: a code of a list, or a drug label."""

    kind: str
    source: str
    licence: str
    version: str
    id: str
    name: str


def count(library: Database, after: int, sources: tuple[str, ...] = ()) -> int:
    """How many current passages there are behind one."""
    return int(
        library.execute(f"SELECT count(*) {_OF}{_only(sources)} AND passage.no > ?", (*sources, after)).fetchone()[0]
    )


def pieces(library: Database, after: int, most: int, sources: tuple[str, ...] = ()) -> list[Piece]:
    """The next current passages behind one."""
    rows = library.execute(
        f"SELECT {_COLUMNS} {_OF}{_only(sources)} AND passage.no > ? ORDER BY passage.no LIMIT ?",
        (*sources, after, most),
    )
    return [Piece(*row) for row in rows]


def whole_text(library: Database, item: int) -> str:
    """The document that a passage is of."""
    return str(library.execute("SELECT text FROM item WHERE no = ?", (item,)).fetchone()[0])


def titles(library: Database, after: int, sources: tuple[str, ...] = ()) -> Iterator[str]:
    """The titles of the current documents that have a passage behind one."""
    query = f"SELECT DISTINCT item.title {_OF}{_only(sources)} AND passage.no > ?"
    return (title for (title,) in library.execute(query, (*sources, after)))


def entries(library: Database) -> Iterator[Entry]:
    """The codes of code lists, whose documents begin with code and name, and the drugs of labels."""
    columns = (
        "source.name, coalesce(nullif(item.licence, ''), source.licence), "
        "coalesce(nullif(item.version, ''), source.version), item.id, item.title"
    )
    current = "FROM item JOIN source ON source.no = item.source WHERE item.until IS NULL AND item.status = 'current'"
    begins = "substr(item.text, 1, length(item.id) + length(item.title) + 1)"
    code = f"item.title != '' AND {begins} = item.id || ' ' || item.title"
    for row in library.execute(f"SELECT {columns} {current} AND {code}"):
        yield Entry("code", *row)
    for row in library.execute(f"SELECT {columns} {current} AND item.citation LIKE '%Drug label, set id%'"):
        yield Entry("label", *row)


def _only(sources: tuple[str, ...]) -> str:
    return f" AND source.name IN ({','.join('?' * len(sources))})" if sources else ""
