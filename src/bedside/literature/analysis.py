"""All that is read out of a paper, as one line of JSON; what costs (models, ontology) is opened once a process."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.literature._paper import Paper
from bedside.literature._statistic import Statistic
from bedside.literature.design import design_of
from bedside.literature.edges import edges_by_model, edges_by_words
from bedside.literature.mentions import Ask, Mention, findings, related, tagged
from bedside.literature.numbers import numbers_of
from bedside.literature.pico import pico_of
from bedside.literature.roles import Role, roles_of
from bedside.literature.terms import terms_of

if TYPE_CHECKING:
    from bedside.model.folder import Model
    from bedside.phenotypes.reader import Reader

Line = dict[str, Any]
TOPICS = 3
_ENROLLED = re.compile(
    r"\b(?:total|enrol|includ|recruit|randomi|consecutive|participat|studied|analy[sz]ed|sample of|examined"
    r"|identified)|纳入|选取|选择|收集|共|入选|合计",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be read beside the rules: folders of fitted models, and findings by the ontology (a release of it)."""

    model: Path | None = None
    tagger: Path | None = None
    relater: Path | None = None
    phenotypes: bool = True
    hpo: Path | None = None

    def open(self, ask: Ask) -> Analyser:
        """What reads papers, its models asked by `ask`.

        Raises ModelError, UsageError or MissingExtra where a part of it cannot be opened.
        """
        from bedside.literature._opened import opened

        return opened(self, ask)


@dataclass(frozen=True, slots=True)
class Analyser:
    """Reads papers with what was opened."""

    ask: Ask = field(repr=False)
    topic: Model | None = None
    tagger: Model | None = None
    relater: Model | None = None
    reader: Reader | None = field(default=None, repr=False)

    def lines(self, papers: Sequence[Paper]) -> Iterator[Line]:
        """A line a paper, in order: models see the papers together, rules one by one."""
        labels = _topics(papers, self.topic, self.ask) if self.topic else [()] * len(papers)
        marked = tagged(papers, self.tagger, self.ask) if self.tagger else [[] for _ in papers]
        relations = related(papers, self.relater, self.ask) if self.relater else [[] for _ in papers]
        for paper, topic, own, found in zip(papers, labels, marked, relations, strict=True):
            mentions = own + (findings(paper, self.reader) if self.reader else [])
            yield line_of(paper, mentions, topic, found)


def line_of(
    paper: Paper, mentions: Sequence[Mention] = (), topic: Sequence[str] = (), found: Sequence[dict[str, Any]] = ()
) -> Line:
    """What is read out of one paper; every place is in code points of `text`, which is the library's too.

    >>> line = line_of(Paper(id="1", title="Ice in gout", text="Of 60 men, 30 (50%) improved."))
    >>> line["sample_size"]["value"], line["numbers"][1]["shown"]
    (60, 'proportion 50% (30)')
    """
    roles = roles_of(paper)
    numbers = list(numbers_of(paper))
    terms = terms_of(paper)
    design = design_of(paper)
    keywords = [one for one in paper.keywords if one.lower() not in _check_tags()]
    topics, by = (list(topic), "model") if topic else (keywords[:TOPICS], "keywords")
    if not topics:
        topics, by = [one.text for one in terms[:TOPICS]], "terms"
    edges = [*edges_by_model(paper, found), *edges_by_words(paper, roles, mentions)]
    return {
        "id": paper.id,
        "title": paper.title,
        **{name: getattr(paper, name) for name in ("year", "journal", "doi", "pmid", "url", "citation", "retracted")},
        "types": list(paper.types),
        "keywords": list(paper.keywords),
        "design": {"name": design.name, "share": design.share, "cues": [list(one) for one in design.cues]},
        "topics": topics,
        "topics_by": by,
        "sample_size": _sample(paper, numbers, roles),
        "pico": [asdict(one) for one in pico_of(paper, roles)],
        "roles": [asdict(one) for one in roles],
        "terms": [asdict(one) for one in terms],
        "numbers": [told(one) for one in numbers],
        "entities": [asdict(one) for one in mentions],
        "edges": edges,
        "text": paper.text,
    }


def told(one: Statistic) -> dict[str, Any]:
    """A figure as a line holds it: what it has, and how it reads."""
    parts = {name: part for name, part in asdict(one).items() if part not in (None, "", (), False)}
    return {**parts, "shown": one.shown()}


def _sample(paper: Paper, numbers: Sequence[Statistic], roles: Sequence[Role]) -> dict[str, Any] | None:
    """The number of persons studied: the largest that a sentence on who took part tells, with its place."""
    own = [
        one
        for one in numbers
        if one.kind == "n" and not re.match(r"trial|stud|rct|article|publi|cohort|report|paper|meta|项|篇|个", one.unit)
    ]
    role = {(one.start, one.end): one.role for one in roles}
    sure = [
        one
        for one in own
        if _ENROLLED.search(paper.text[slice(*one.sentence)]) and role.get(one.sentence) in ("methods", "results")
    ]
    best = max(sure or own, key=lambda one: one.value or 0, default=None)
    return {"value": int(best.value or 0), "start": best.start, "end": best.end} if best else None


@cache
def _check_tags() -> frozenset[str]:
    """Headings that are no topic."""
    lines = files("bedside.literature").joinpath("data/check_tags.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _topics(papers: Sequence[Paper], model: Model, ask: Ask) -> list[tuple[str, ...]]:
    """The labels that a fitted model gives each paper."""
    from bedside.types import Advice, Prediction

    found: list[tuple[str, ...]] = []
    for answer in ask(model, [f"{paper.title}\n{paper.abstract}" for paper in papers]):
        said = answer.prediction if isinstance(answer, Advice) else None
        label = said.label if isinstance(said, Prediction) else ()
        found.append((label,) if isinstance(label, str) else tuple(label))
    return found
