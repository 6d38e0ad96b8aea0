"""RIS, as reference managers and most databases export it (Chinese ones too): a reference is a document"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bedside.formats._base import Problem
from bedside.lang import tr
from bedside.library._articles import Article, items_of
from bedside.library._base import Item, Reader, ReadingOptions
from bedside.library._tagged import Fields, records

_TAG = re.compile(r"\ufeff?([A-Z][A-Z0-9])  ?- ?(.*)")


def sniff(head: bytes, path: Path) -> bool:
    """A type of reference at the beginning of a line."""
    return re.search(rb"(?m)^(?:\xef\xbb\xbf)?TY  ?- ?[A-Z]", head) is not None


def read(path: Path, options: ReadingOptions) -> Iterator[Item | Problem]:
    """A reference is named by its PMID, DOI, accession number or own id, whichever comes first."""
    return items_of(articles(path, options))


def articles(path: Path, options: ReadingOptions) -> Iterator[Article | Problem]:
    """The references with their type and keywords."""
    for place, one in records(path, options.encoding, _TAG, first="TY", last="ER"):
        if isinstance(one, Problem):
            yield one
        elif not _first(one, "TI", "T1", "CT"):
            yield Problem(place, tr("a reference without a title; left out", "文献没有标题；未使用"))
        else:
            yield _article(one)


def _first(record: Fields, *tags: str) -> str:
    return next((said for tag in tags for said in record.get(tag, []) if said), "")


def _article(record: Fields) -> Article:
    doi = _first(record, "DO", "DI")
    pages = "-".join(filter(None, (_first(record, "SP"), _first(record, "EP"))))
    return Article(
        id=_first(record, "PM") or doi or _first(record, "AN", "ID", "UR"),
        title=_first(record, "TI", "T1", "CT"),
        abstract=[("", _first(record, "AB", "N2"))],
        authors=[*record.get("AU", []), *record.get("A1", [])],
        journal=_first(record, "JO", "JF", "T2", "JA"),
        year=_first(record, "PY", "Y1", "DA")[:4],
        volume=_first(record, "VL"),
        issue=_first(record, "IS"),
        pages=pages,
        url=_first(record, "UR", "L1") or (f"https://doi.org/{doi}" if doi else ""),
        number=f"doi:{doi}" if doi else "",
        types=tuple(filter(None, [_first(record, "M3")])),
        keywords=tuple(part.strip() for one in record.get("KW", []) for part in one.split(";") if part.strip()),
        doi=doi,
        pmid=_first(record, "PM"),
    )


READER = Reader(name="ris", sniff=sniff, read=read, articles=articles)
