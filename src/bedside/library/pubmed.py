"""PubMed's XML (PubmedArticleSet, as NLM publishes and `efetch` gives it): an article is a document, by its PMID"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from bedside.formats._base import Problem
from bedside.lang import tr
from bedside.library._base import Item, Reader, ReadingOptions
from bedside.library._reading.articles import Article, items_of
from bedside.library._reading.xml import child, children, elements, root_name, said


def sniff(head: bytes, path: Path) -> bool:
    """By its root element."""
    return root_name(head) in ("PubmedArticleSet", "PubmedArticle", "MedlineCitationSet")


def read(path: Path, options: ReadingOptions) -> Iterator[Item | Problem]:
    """An article without an abstract is its title; a retracted one is kept and never found."""
    return items_of(articles(path, options))


def articles(path: Path, options: ReadingOptions) -> Iterator[Article | Problem]:
    """The articles with their publication types, MeSH headings and keywords."""
    for record in elements(path, "PubmedArticle"):
        citation = child(record, "MedlineCitation")
        pmid = said(child(citation, "PMID")) if citation is not None else ""
        if citation is None or not pmid:
            yield Problem(f"line {record.sourceline}", tr("an article without a PMID", "文章没有 PMID"))
            continue
        yield _article(record, citation, pmid)


def _article(record: etree._Element, citation: etree._Element, pmid: str) -> Article:
    paper = child(citation, "Article")
    paper = paper if paper is not None else citation
    issue = child(paper, "Journal", "JournalIssue")
    date = child(issue, "PubDate") if issue is not None else None
    kinds = [said(one) for one in children(child(paper, "PublicationTypeList"), "PublicationType")]
    links = children(child(citation, "CommentsCorrectionsList"), "CommentsCorrections")
    return Article(
        id=pmid,
        title=said(child(paper, "ArticleTitle")),
        abstract=[(_label(one), said(one)) for one in children(child(paper, "Abstract"), "AbstractText")],
        authors=[_author(one) for one in children(child(paper, "AuthorList"), "Author")],
        journal=said(child(citation, "MedlineJournalInfo", "MedlineTA")) or said(child(paper, "Journal", "Title")),
        year=(said(child(date, "Year")) or said(child(date, "MedlineDate"))[:4]) if date is not None else "",
        volume=said(child(issue, "Volume")) if issue is not None else "",
        issue=said(child(issue, "Issue")) if issue is not None else "",
        pages=said(child(paper, "Pagination", "MedlinePgn")),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/",
        number=f"PMID {pmid}",
        version=_revised(citation),
        retracted="Retracted Publication" in kinds or any(one.get("RefType") == "RetractionIn" for one in links),
        replaces=tuple(said(child(one, "PMID")) for one in links if one.get("RefType") == "UpdateOf"),
        types=tuple(filter(None, kinds)),
        keywords=_keywords(citation),
        doi=_doi(record, paper),
        pmid=pmid,
        notices=tuple((str(one.get("RefType")), said(child(one, "PMID")) or _reference(one)) for one in links),
    )


def _reference(link: etree._Element) -> str:
    return said(child(link, "RefSource"))


def _keywords(citation: etree._Element) -> tuple[str, ...]:
    """MeSH headings, then the authors' keywords."""
    mesh = [said(child(one, "DescriptorName")) for one in children(child(citation, "MeshHeadingList"), "MeshHeading")]
    own = [said(one) for one in children(child(citation, "KeywordList"), "Keyword")]
    return tuple(dict.fromkeys(filter(None, [*mesh, *own])))


def _doi(record: etree._Element, paper: etree._Element) -> str:
    ids = children(child(record, "PubmedData", "ArticleIdList"), "ArticleId")
    found = [said(one) for one in ids if one.get("IdType") == "doi"]
    found += [said(one) for one in children(paper, "ELocationID") if one.get("EIdType") == "doi"]
    return next(filter(None, found), "")


def _label(part: etree._Element) -> str:
    return str(part.get("Label") or "")


def _author(author: etree._Element) -> str:
    own = " ".join(filter(None, (said(child(author, "LastName")), said(child(author, "Initials")))))
    return own or said(child(author, "CollectiveName"))


def _revised(citation: etree._Element) -> str:
    date = child(citation, "DateRevised")
    parts = [said(child(date, name)) for name in ("Year", "Month", "Day")] if date is not None else []
    return "-".join(part.zfill(2) for part in parts if part)


READER = Reader(name="pubmed", sniff=sniff, read=read, articles=articles)
