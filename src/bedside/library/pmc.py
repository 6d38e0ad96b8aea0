"""Full articles in JATS XML (PubMed Central): a document by its PMC number, section by section, with its own licence"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from bedside.formats._base import Problem
from bedside.lang import tr
from bedside.library._base import Item, Reader, ReadingOptions
from bedside.library._reading.articles import Article, items_of
from bedside.library._reading.xml import child, children, elements, lines, root_name, said


def sniff(head: bytes, path: Path) -> bool:
    """By its root element and the front matter of JATS."""
    return root_name(head) in ("article", "pmc-articleset") and b"<front" in head


def read(path: Path, options: ReadingOptions) -> Iterator[Item | Problem]:
    """Abstract, then the sections of the body under the path of their titles."""
    return items_of(articles(path, options))


def articles(path: Path, options: ReadingOptions) -> Iterator[Article | Problem]:
    """The articles with their type and keywords."""
    for paper in elements(path, "article"):
        about = child(paper, "front", "article-meta")
        ids = {one.get("pub-id-type"): said(one) for one in children(about, "article-id")}
        id = next((ids[kind] for kind in ("pmc", "pmcid", "pmid", "doi") if ids.get(kind)), "")
        if about is None or not id:
            yield Problem(f"line {paper.sourceline}", tr("an article without a number", "文章没有编号"))
            continue
        yield _article(paper, about, id, ids)


def _article(paper: etree._Element, about: etree._Element, id: str, ids: dict[str | None, str]) -> Article:
    doi = ids.get("doi", "")
    parts: list[tuple[str, str]] = []
    for one in (child(about, "abstract"), child(paper, "body")):
        if one is not None:
            _sections(one, "Abstract" if one.tag == "abstract" else "", parts)
    journal = child(paper, "front", "journal-meta", "journal-title-group", "journal-title")
    date = child(about, "pub-date")
    pages = "-".join(filter(None, (said(child(about, "fpage")), said(child(about, "lpage")))))
    authors = [
        f"{said(child(one, 'name', 'surname'))} {said(child(one, 'name', 'given-names'))}".strip()
        for one in children(child(about, "contrib-group"), "contrib")
        if one.get("contrib-type", "author") == "author"
    ]
    return Article(
        id=id,
        title=said(child(about, "title-group", "article-title")) or id,
        abstract=parts,
        authors=list(filter(None, authors)),
        journal=said(journal),
        year=said(child(date, "year")) if date is not None else "",
        volume=said(child(about, "volume")),
        issue=said(child(about, "issue")),
        pages=pages,
        url=f"https://doi.org/{doi}" if doi else "",
        number=f"doi:{doi}" if doi else id,
        licence=said(child(about, "permissions", "license"))[:300],
        retracted=paper.get("article-type") == "retracted-article",
        types=tuple(filter(None, [str(paper.get("article-type") or "")])),
        keywords=tuple(
            filter(None, (said(one) for group in children(about, "kwd-group") for one in children(group, "kwd")))
        ),
        doi=doi,
        pmid=ids.get("pmid", ""),
    )


def _sections(part: etree._Element, above: str, parts: list[tuple[str, str]]) -> None:
    """The paragraphs of a part, then its sections."""
    heading = " > ".join(filter(None, (above, said(child(part, "title")))))
    own = [lines(one) for one in part if isinstance(one.tag, str) and one.tag not in ("sec", "title", "label")]
    parts.append((heading, "\n\n".join(filter(None, own))))
    for section in children(part, "sec"):
        _sections(section, heading, parts)


READER = Reader(name="pmc", sniff=sniff, read=read, articles=articles)
