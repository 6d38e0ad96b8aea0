"""EndNote export format (.enw, `%T title`), as CNKI, Wanfang and many journals save it: a reference is a document"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bedside.formats._base import Problem
from bedside.lang import tr
from bedside.library._articles import Article, items_of
from bedside.library._base import Item, Reader, ReadingOptions
from bedside.library._tagged import Fields, records

_TAG = re.compile(r"\ufeff?%([0-9A-Z@+&!?~*#$^(>=<\[\]]) ?(.*)")


def sniff(head: bytes, path: Path) -> bool:
    """A type of reference at the beginning of a line, and a title."""
    return re.search(rb"(?m)^(?:\xef\xbb\xbf)?%0 ?\S", head) is not None and re.search(rb"(?m)^%T ", head) is not None


def read(path: Path, options: ReadingOptions) -> Iterator[Item | Problem]:
    """A reference is named by its DOI or accession number, or else by its title."""
    return items_of(articles(path, options))


def articles(path: Path, options: ReadingOptions) -> Iterator[Article | Problem]:
    """The references with their keywords."""
    for place, one in records(path, options.encoding, _TAG, first="0"):
        if isinstance(one, Problem):
            yield one
        elif not _first(one, "T"):
            yield Problem(place, tr("a reference without a title; left out", "文献没有标题；未使用"))
        else:
            yield _article(one)


def _first(record: Fields, *tags: str) -> str:
    return next((said for tag in tags for said in record.get(tag, []) if said), "")


def _article(record: Fields) -> Article:
    doi = next((one for one in record.get("R", []) if one.removeprefix("doi:").strip().startswith("10.")), "")
    doi = doi.removeprefix("doi:").strip()
    return Article(
        id=doi or _first(record, "M"),
        title=_first(record, "T"),
        abstract=[("", _first(record, "X"))],
        authors=[name.strip() for one in record.get("A", []) for name in re.split("[;；]", one) if name.strip()],
        journal=_first(record, "J", "B"),
        year=_first(record, "D", "8")[:4],
        volume=_first(record, "V"),
        issue=_first(record, "N"),
        pages=_first(record, "P"),
        url=_first(record, "U") or (f"https://doi.org/{doi}" if doi else ""),
        number=f"doi:{doi}" if doi else "",
        types=tuple(filter(None, [_first(record, "0")])),
        keywords=tuple(part.strip() for one in record.get("K", []) for part in re.split("[;；]", one) if part.strip()),
        doi=doi,
    )


READER = Reader(name="endnote", sniff=sniff, read=read, articles=articles)
