"""RIS, as reference managers and most databases export it (Chinese ones too): a reference is a document"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bedside.formats._base import Problem
from bedside.library._base import Item, Reader, ReadingOptions
from bedside.library._reading.articles import Article, items_of
from bedside.library._reading.tagged import Fields, first_of, parted, records, references

_TAG = re.compile(r"\ufeff?([A-Z][A-Z0-9])  ?- ?(.*)")


def sniff(head: bytes, path: Path) -> bool:
    """A type of reference at the beginning of a line."""
    return re.search(rb"(?m)^(?:\xef\xbb\xbf)?TY  ?- ?[A-Z]", head) is not None


def read(path: Path, options: ReadingOptions) -> Iterator[Item | Problem]:
    """A reference is named by its PMID, DOI, accession number or own id, whichever comes first."""
    return items_of(articles(path, options))


def articles(path: Path, options: ReadingOptions) -> Iterator[Article | Problem]:
    """The references with their type and keywords."""
    return references(records(path, options.encoding, _TAG, first="TY", last="ER"), ("TI", "T1", "CT"), _article)


def _article(record: Fields) -> Article:
    doi = first_of(record, "DO", "DI")
    pages = "-".join(filter(None, (first_of(record, "SP"), first_of(record, "EP"))))
    return Article(
        id=first_of(record, "PM") or doi or first_of(record, "AN", "ID", "UR"),
        title=first_of(record, "TI", "T1", "CT"),
        abstract=[("", first_of(record, "AB", "N2"))],
        authors=[*record.get("AU", []), *record.get("A1", [])],
        journal=first_of(record, "JO", "JF", "T2", "JA"),
        year=first_of(record, "PY", "Y1", "DA")[:4],
        volume=first_of(record, "VL"),
        issue=first_of(record, "IS"),
        pages=pages,
        url=first_of(record, "UR", "L1") or (f"https://doi.org/{doi}" if doi else ""),
        number=f"doi:{doi}" if doi else "",
        types=tuple(filter(None, [first_of(record, "M3")])),
        keywords=tuple(parted(record.get("KW", []))),
        doi=doi,
        pmid=first_of(record, "PM"),
    )


READER = Reader(name="ris", sniff=sniff, read=read, articles=articles)
