"""What two records are compared by: DOI, PMID, title, surnames, year, first page, trial numbers, figures."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from bedside.cleaning.normalize import normalize
from bedside.literature._record import Record

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+")
_TRIAL = re.compile(r"\b(NCT\d{8}|ChiCTR-?[A-Za-z]*-?\d{8,10}|ISRCTN\d{8}|EUCTR\d{4}-\d{6}-\d\d)\b", re.I)
_FIGURE = re.compile(r"(?<!\d)(?<!\d\.)\d+(?:\.\d+)?(?!\.?\d)")
_PREPRINT_DOI = ("10.1101/", "10.21203/", "10.2139/", "10.48550/", "10.20944/", "10.31219/", "10.12074/", "10.26434/")
_PREPRINT_PLACE = re.compile(r"(?i)biorxiv|medrxiv|arxiv|research square|preprint|ssrn|chinaxiv|预印")
_ANOTHER = re.compile(
    r"(?i)^\W*(?:(?:retraction|withdrawal|notice of retraction|expression of concern|corrigend\w+|errat\w+"
    r"|(?:publisher|author)?\s*corrections?|repl(?:y|ies)|response|comments?|letter|editorial"
    r"|authors?'? (?:reply|response))\b|勘误|更正|撤稿声明|述评|回复)"
)
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}


@dataclass(frozen=True, slots=True)
class Traits:
    """One record in what it is compared by; "" and empty where it does not tell."""

    key: str
    pmid: str
    doi: str
    title: str
    words: tuple[str, ...]
    numbers: tuple[str, ...]
    surnames: tuple[str, ...]
    year: int | None
    page: str
    preprint: bool
    about_another: bool
    chinese: bool
    trials: frozenset[str]
    figures: frozenset[str] = field(repr=False)
    abstract: str = field(repr=False)


def traits_of(record: Record) -> Traits:
    """The traits of one record."""
    paper = record.paper
    title = plain_title(paper.title)
    abstract = "" if paper.abstract == paper.title else paper.abstract
    doi = plain_doi(paper.doi or (paper.id if paper.id.startswith("10.") else ""))
    words = tuple(title.split())
    return Traits(
        key=record.key,
        pmid=paper.pmid.strip(),
        doi=doi,
        title=title,
        words=words,
        numbers=tuple(_ROMAN.get(word, word) for word in words if word.isdigit() or word in _ROMAN),
        surnames=surnames_of(record.authors),
        year=paper.year,
        page=re.split(r"[-–,;]", record.pages)[0].strip().lower(),
        preprint=doi.startswith(_PREPRINT_DOI)
        or bool(_PREPRINT_PLACE.search(paper.journal))
        or any(one.lower() == "preprint" for one in paper.types),
        about_another=bool(_ANOTHER.search(paper.title)),
        chinese=_chinese(paper.title + abstract),
        trials=frozenset(one.upper().replace("-", "") for one in _TRIAL.findall(abstract)),
        figures=frozenset(one for one in _FIGURE.findall(normalize(abstract)) if len(one) > 1),
        abstract=abstract,
    )


def plain_title(title: str) -> str:
    """A title without case, accents, marks, the brackets of a translated one, and the word that it is retracted.

    >>> plain_title("[RETRACTED: Müller’s Test—a Review.]"), plain_title("Müller's test: A review")
    ('mullers test a review', 'mullers test a review')
    """
    said = re.sub(
        r"(?i)^\W*(?:retracted(?: article| paper)?|withdrawn|撤稿|已撤稿)\s*[:：\]】-]\s*", "", normalize(title)
    )
    said = _bare(re.sub(r"['’‘`]", "", said))
    return " ".join(re.sub(r"[\W_]+", " ", said).split())


def plain_doi(doi: str) -> str:
    """A DOI without its address and case.

    >>> plain_doi("https://doi.org/10.1000/ABC."), plain_doi("see the paper")
    ('10.1000/abc', '')
    """
    found = _DOI.search(doi)
    return found[0].rstrip(".,;)").lower() if found else ""


def surnames_of(authors: Iterable[str]) -> tuple[str, ...]:
    """The surnames, in order; a Chinese name whole.

    >>> surnames_of(["Li, Wei", "Müller-Braun JP", "Anna de Vries", "李 伟"])
    ('li', 'muller braun', 'vries', '李伟')
    """
    return tuple(name for one in authors if (name := _surname(one.strip())))


def _surname(name: str) -> str:
    if _chinese(name):
        return re.sub(r"\s", "", name)
    if "," in name:
        name = name.split(",")[0]
    else:
        words = name.split()
        initials = len(words) > 1 and re.fullmatch(r"[A-Z][A-Z.-]{0,4}", words[-1])
        name = " ".join(words[:-1]) if initials else words[-1] if words else ""
    return " ".join(re.sub(r"[\W_]+", " ", _bare(name)).split())


def _bare(said: str) -> str:
    """Without accents and case."""
    parts = unicodedata.normalize("NFKD", said.casefold())
    return "".join(one for one in parts if not unicodedata.combining(one))


def _chinese(said: str) -> bool:
    return len(re.findall(r"[\u3400-\u9fff]", said)) * 3 > len(said.replace(" ", "")) > 0
