"""RefWorks tagged format (`RT Journal Article`), as CNKI, Wanfang and CQVIP save it: a reference is a document"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bedside.formats._base import Problem
from bedside.library._base import Item, Reader, ReadingOptions
from bedside.library._reading.articles import Article, items_of
from bedside.library._reading.tagged import Fields, first_of, parted, records, references

_TAG = re.compile(
    r"\ufeff?(RT|SR|ID|A1|A2|AD|T1|T2|JF|JO|YR|FD|VO|vo|IS|SP|OP|K1|AB|NO|SN|CN|LA|PB|PP|DO|DS|LK|UL|CL) ?(.*)"
)
"""CNKI writes the volume's tag small."""


def sniff(head: bytes, path: Path) -> bool:
    """A type of reference and a title at the beginning of lines."""
    there = (rb"(?m)^(?:\xef\xbb\xbf)?RT [A-Z]", rb"(?m)^T1 ")
    return all(re.search(one, head) is not None for one in there)


def read(path: Path, options: ReadingOptions) -> Iterator[Item | Problem]:
    """A reference is named by its DOI, or else by its title."""
    return items_of(articles(path, options))


def articles(path: Path, options: ReadingOptions) -> Iterator[Article | Problem]:
    """The references with their keywords."""
    return references(records(path, options.encoding, _TAG, first="RT"), ("T1",), _article)


def _article(record: Fields) -> Article:
    doi = first_of(record, "DO")
    pages = "-".join(filter(None, (first_of(record, "SP"), first_of(record, "OP"))))
    return Article(
        id=doi,
        title=first_of(record, "T1"),
        abstract=[("", first_of(record, "AB"))],
        authors=parted(record.get("A1", [])),
        journal=first_of(record, "JF", "JO"),
        year=first_of(record, "YR", "FD")[:4],
        volume=first_of(record, "VO", "vo"),
        issue=first_of(record, "IS"),
        pages=pages,
        url=first_of(record, "LK", "UL") or (f"https://doi.org/{doi}" if doi else ""),
        number=f"doi:{doi}" if doi else "",
        types=tuple(filter(None, [first_of(record, "RT")])),
        keywords=tuple(parted(record.get("K1", []))),
        doi=doi,
    )


READER = Reader(name="refworks", sniff=sniff, read=read, articles=articles)
