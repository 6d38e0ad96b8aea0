"""RefWorks tagged format (`RT Journal Article`), as CNKI, Wanfang and CQVIP save it: a reference is a document"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bedside.formats._base import Problem
from bedside.lang import tr
from bedside.library._articles import Article, items_of
from bedside.library._base import Item, Reader, ReadingOptions
from bedside.library._tagged import Fields, records

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
    for place, one in records(path, options.encoding, _TAG, first="RT"):
        if isinstance(one, Problem):
            yield one
        elif not _first(one, "T1"):
            yield Problem(place, tr("a reference without a title; left out", "文献没有标题；未使用"))
        else:
            yield _article(one)


def _first(record: Fields, *tags: str) -> str:
    return next((said for tag in tags for said in record.get(tag, []) if said), "")


def _article(record: Fields) -> Article:
    doi = _first(record, "DO")
    pages = "-".join(filter(None, (_first(record, "SP"), _first(record, "OP"))))
    return Article(
        id=doi,
        title=_first(record, "T1"),
        abstract=[("", _first(record, "AB"))],
        authors=[name.strip() for one in record.get("A1", []) for name in re.split("[;；]", one) if name.strip()],
        journal=_first(record, "JF", "JO"),
        year=_first(record, "YR", "FD")[:4],
        volume=_first(record, "VO", "vo"),
        issue=_first(record, "IS"),
        pages=pages,
        url=_first(record, "LK", "UL") or (f"https://doi.org/{doi}" if doi else ""),
        number=f"doi:{doi}" if doi else "",
        types=tuple(filter(None, [_first(record, "RT")])),
        keywords=tuple(part.strip() for one in record.get("K1", []) for part in re.split("[;；]", one) if part.strip()),
        doi=doi,
    )


READER = Reader(name="refworks", sniff=sniff, read=read, articles=articles)
