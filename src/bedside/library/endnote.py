"""EndNote export format (.enw, `%T title`), as CNKI, Wanfang and many journals save it: a reference is a document"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bedside.formats._base import Problem
from bedside.library._base import Item, Reader, ReadingOptions
from bedside.library._reading.articles import Article, items_of
from bedside.library._reading.tagged import Fields, first_of, parted, records, references

_TAG = re.compile(r"\ufeff?%([0-9A-Z@+&!?~*#$^(>=<\[\]]) ?(.*)")


def sniff(head: bytes, path: Path) -> bool:
    """A type of reference at the beginning of a line, and a title."""
    return re.search(rb"(?m)^(?:\xef\xbb\xbf)?%0 ?\S", head) is not None and re.search(rb"(?m)^%T ", head) is not None


def read(path: Path, options: ReadingOptions) -> Iterator[Item | Problem]:
    """A reference is named by its DOI or accession number, or else by its title."""
    return items_of(articles(path, options))


def articles(path: Path, options: ReadingOptions) -> Iterator[Article | Problem]:
    """The references with their keywords."""
    return references(records(path, options.encoding, _TAG, first="0"), ("T",), _article)


def _article(record: Fields) -> Article:
    doi = next((one for one in record.get("R", []) if one.removeprefix("doi:").strip().startswith("10.")), "")
    doi = doi.removeprefix("doi:").strip()
    return Article(
        id=doi or first_of(record, "M"),
        title=first_of(record, "T"),
        abstract=[("", first_of(record, "X"))],
        authors=parted(record.get("A", [])),
        journal=first_of(record, "J", "B"),
        year=first_of(record, "D", "8")[:4],
        volume=first_of(record, "V"),
        issue=first_of(record, "N"),
        pages=first_of(record, "P"),
        url=first_of(record, "U") or (f"https://doi.org/{doi}" if doi else ""),
        number=f"doi:{doi}" if doi else "",
        types=tuple(filter(None, [first_of(record, "0")])),
        keywords=tuple(parted(record.get("K", []))),
        doi=doi,
    )


READER = Reader(name="endnote", sniff=sniff, read=read, articles=articles)
