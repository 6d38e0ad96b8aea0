"""MEDLINE format (.nbib, as PubMed's "Citation manager" saves it): an article is a document, by its PMID"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bedside.formats._base import Problem
from bedside.lang import tr
from bedside.library._base import Item, Reader, ReadingOptions
from bedside.library._reading.articles import Article, items_of
from bedside.library._reading.tagged import Fields, records

_LABEL = re.compile(r"(?:^|(?<=[.?!] ))([A-Z][A-Z &/,-]{3,60}): ")
_TAG = re.compile(r"([A-Z]{2,4}) {0,2}- (.*)")
_NOTICES = {
    "RIN": "RetractionIn",
    "ROF": "RetractionOf",
    "PRIN": "PartialRetractionIn",
    "RPI": "RetractedandRepublishedIn",
    "ECI": "ExpressionOfConcernIn",
    "ECF": "ExpressionOfConcernFor",
    "EIN": "ErratumIn",
    "EFR": "ErratumFor",
    "CRI": "CorrectedandRepublishedIn",
    "UIN": "UpdateIn",
    "UOF": "UpdateOf",
}
"""MEDLINE's tags of comments and corrections, in the words of PubMed's XML."""


def sniff(head: bytes, path: Path) -> bool:
    """A PMID at the beginning of a line, as this format writes it."""
    return re.search(rb"(?m)^PMID- \d+", head) is not None


def read(path: Path, options: ReadingOptions) -> Iterator[Item | Problem]:
    """Abstracts are cut at their capital headings (`METHODS: `)."""
    return items_of(articles(path, options))


def articles(path: Path, options: ReadingOptions) -> Iterator[Article | Problem]:
    """The articles with their publication types, MeSH headings and other terms."""
    for place, one in records(path, options.encoding, _TAG, first="PMID"):
        if isinstance(one, Problem):
            yield one
        elif not one.get("PMID") or not (one.get("TI") or one.get("BTI")):
            yield Problem(place, tr("a record without PMID or title; left out", "记录缺少 PMID 或标题；未使用"))
        else:
            yield _article(one)


def _article(record: Fields) -> Article:
    def first(*tags: str) -> str:
        return next((record[tag][0] for tag in tags if record.get(tag)), "")

    return Article(
        id=first("PMID"),
        title=first("TI", "BTI"),
        abstract=_parts(first("AB")),
        authors=record.get("AU", []) or record.get("FAU", []),
        journal=first("TA", "JT"),
        year=first("DP")[:4],
        volume=first("VI"),
        issue=first("IP"),
        pages=first("PG"),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{first('PMID')}/",
        number=f"PMID {first('PMID')}",
        version=first("LR"),
        retracted="Retracted Publication" in record.get("PT", []) or "RIN" in record,
        types=tuple(record.get("PT", [])),
        keywords=tuple(
            dict.fromkeys(
                [one.split("/")[0].lstrip("*") for one in record.get("MH", [])]
                + [one.lstrip("*") for one in record.get("OT", [])]
            )
        ),
        doi=next((one.split()[0] for one in [*record.get("LID", []), *record.get("AID", [])] if "[doi]" in one), ""),
        pmid=first("PMID"),
        notices=tuple((kind, _pmid(said)) for tag, kind in _NOTICES.items() for said in record.get(tag, [])),
    )


def _pmid(said: str) -> str:
    """The number of the paper that a notice points to, or its reference where no number is given."""
    found = re.search(r"PMID: ?(\d+)", said)
    return found[1] if found else said


def _parts(abstract: str) -> list[tuple[str, str]]:
    """The parts of an abstract with their headings."""
    pieces = _LABEL.split(abstract)
    return [("", pieces[0]), *zip(pieces[1::2], pieces[2::2], strict=True)]


READER = Reader(name="nbib", sniff=sniff, read=read, articles=articles)
