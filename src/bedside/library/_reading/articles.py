"""An article as bibliographic files tell it, and how it is cited (NLM's style, after ICMJE's examples)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bedside.formats._base import Problem
from bedside.library._base import Body, Item

AUTHORS_SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What is told of an article; `abstract` are its parts with their headings, `types` those of its publication.

    `keywords` are the authors' and the index's (MeSH). `notices` are comments and corrections: PubMed's word for the
    kind (`RetractionIn`) and what it points to. None of these, nor `types`, `doi` and `pmid`, is part of the document.
    """

    id: str
    title: str
    abstract: Sequence[tuple[str, str]] = ()
    authors: Sequence[str] = ()
    journal: str = ""
    year: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    url: str = ""
    number: str = ""
    version: str = ""
    licence: str = ""
    retracted: bool = False
    replaces: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    doi: str = ""
    pmid: str = ""
    notices: tuple[tuple[str, str], ...] = ()

    def item(self) -> Item:
        """The article as a document: its abstract, part by part, or its title where it has none."""
        body = Body()
        for heading, text in self.abstract:
            body.add(heading, text)
        if not body.text:
            body.add("", self.title)
        return Item(
            id=self.id,
            title=self.title,
            text=body.text,
            blocks=body.blocks,
            url=self.url,
            date=self.year,
            version=self.version,
            licence=self.licence,
            citation=self.citation(),
            retracted="retracted publication" if self.retracted else "",
            replaces=self.replaces,
        )

    def citation(self) -> str:
        """As a list of references gives it.

        >>> Article(id="1", title="Gout.", authors=["Li W"], journal="BMJ", year="2020", volume="1").citation()
        'Li W. Gout. BMJ. 2020;1.'
        """
        shown = list(self.authors[:AUTHORS_SHOWN]) + ["et al"] * (len(self.authors) > AUTHORS_SHOWN)
        where = f"{self.volume}({self.issue})" if self.issue else self.volume
        when = self.year + (f";{where}" if where else "") + (f":{self.pages}" if self.pages else "")
        parts = (", ".join(shown), self.title.rstrip(" ."), self.journal.rstrip(" ."), when, self.number)
        return " ".join(f"{part}." for part in parts if part)


def items_of(articles: Iterable[Article | Problem]) -> Iterator[Item | Problem]:
    """Articles as documents, problems as they are."""
    for one in articles:
        yield one.item() if isinstance(one, Article) else one
