"""A passage out of the database, with its citation: what is missing of the document is told of its source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bedside.types import Passage

COLUMNS = (
    "passage.no, passage.id, passage.first, passage.last, passage.heading, item.id, item.title, "
    "substr(item.text, passage.first + 1, passage.last - passage.first), item.url, item.citation, item.status, "
    "item.replaced_by, coalesce(nullif(item.version, ''), source.version), "
    "coalesce(nullif(item.licence, ''), source.licence), source.name, source.citation, item.date "
    "FROM passage JOIN item ON item.no = passage.item JOIN source ON source.no = item.source"
)


def passage_of(row: Sequence[Any], score: float = 0.0) -> Passage:
    """A row of `COLUMNS` as a passage."""
    _, id, first, last, heading, item, title, text, url, citation, status, by, version, licence, *source, date = row
    return Passage(
        text=text,
        citation=citation or _citation(title, source[1] or source[0], version, date, url),
        source=source[0],
        version=version,
        licence=licence,
        id=id,
        item=item,
        title=title,
        heading=heading,
        url=url,
        start=first,
        end=last,
        score=score,
        status=status,
        replaced_by=by,
    )


def _citation(title: str, source: str, version: str, date: str, url: str) -> str:
    parts = [part for part in (title.strip(), f"{source} ({version})", date, url) if part]
    return " ".join(part if part == parts[-1] or part.endswith(tuple(".?!。？！")) else f"{part}." for part in parts)
