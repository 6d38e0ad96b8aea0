"""Reads passages with what the graph knows: whom each is of, its mentions, and what they are evidence for."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bedside.graph import _passages, patterns
from bedside.graph._abbreviations import abbreviations
from bedside.graph._dictionary import Dictionary, Mention, longest
from bedside.graph._extract import Finder, Told, extract, stated_polarity
from bedside.graph._passages import KIND, Piece
from bedside.graph._writer import NEGATED, Writer
from bedside.graph.merging import Merger, Near, Reads
from bedside.graph.relations import named
from bedside.graph.structure import Below, of_heading, of_title
from bedside.knowledge.hpo import Hpo
from bedside.library._database.database import Database
from bedside.phenotypes.names import Names, open_names
from bedside.types import Entity, Relation

Tags = Callable[[Sequence[str]], Sequence[Sequence[Entity]]]
Relates = Callable[[Sequence[str]], Sequence[Sequence[Relation]]]
_TYPES = {
    "disease": ("dis", "疾病", "diagnos", "dx", "disorder", "condition"),
    "drug": ("drug", "chem", "med", "药", "dru"),
    "finding": ("sym", "症状", "find", "pheno", "sign", "体征"),
    "gene": ("gene", "protein", "基因"),
}


_DENIED = re.compile(r"\b(?:not(?! only)|never|cannot)\b|n['’]t\b|不(?![良全足适])|未(?!来)|无(?!力)", re.IGNORECASE)
"""Between two entities this denies what a model says of them."""


@dataclass(frozen=True, kw_only=True)
class How:
    """How passages are read: the ontology's names, a model that finds entities, one that relates them, a linker.

    `models` names what the callables are, so that another one is known for another.
    """

    hpo: Hpo | None = None
    tags: Tags | None = None
    relates: Relates | None = None
    near: Near | None = None
    models: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


class PassageReader:
    """Reads passages with what the graph knows when it is made."""

    def __init__(self, writer: Writer, library: Database, how: How, start: int) -> None:
        self._writer, self._library, self._how = writer, library, how
        names: Names | None = None
        findings: list[int] = []
        if how.hpo is not None:
            names = open_names(how.hpo)
            numbers = dict(writer.database.execute("SELECT id, no FROM concept WHERE vocabulary = 'HPO'").fetchall())
            findings = [numbers.get(id, 0) for id in how.hpo.ids]
        self.merger = Merger(writer, reads=_wordings(names, how.hpo), near=how.near)
        for title in _passages.titles(library, start, how.sources):
            if below := of_title(title):
                self.merger.settle(below.subject, ("disease", "finding", "drug"))
        self.merger.save()
        known = writer.database.execute(
            "SELECT name.name, concept.no FROM name JOIN concept ON concept.no = name.concept "
            "WHERE kind != 'attribute' AND vocabulary != ?",
            ("HPO" if names else "",),
        )
        self._finder = Finder(Dictionary(known.fetchall()), names, findings)
        self._short: tuple[int, dict[str, str]] = (0, {})

    def take(self, pieces: Sequence[Piece]) -> int:
        """Put in what some passages say; how many pieces of evidence."""
        tagged = self._how.tags([one.text for one in pieces]) if self._how.tags else [()] * len(pieces)
        related = self._how.relates([one.text for one in pieces]) if self._how.relates else [()] * len(pieces)
        count = 0
        for piece, entities, relating in zip(pieces, tagged, related, strict=True):
            source = self._writer.source(piece.source, KIND, piece.licence, piece.version)
            reference = self._writer.reference(piece.id, source, piece.year)
            self._writer.forget(reference)
            for told in self._told(piece, entities, relating):
                edge = self._writer.edge(told.head, told.relation, told.tail)
                self._writer.evidence(edge, reference, told.polarity, told.how, told.detail, told.place)
                count += 1
        self.merger.save()
        return count

    def _told(self, piece: Piece, entities: Sequence[Entity], relating: Sequence[Relation]) -> list[Told]:
        short = self._abbreviations(piece)
        known = {name: found.concept for name in short if (found := self.merger.resolve(name, (), short))}
        mentions = self._finder.find(piece.text, known)
        if entities:
            own = [(one, self._entity(piece, one, short)) for one in entities]
            mentions = longest([*mentions, *(Mention(one.start, one.end, (no,)) for one, no in own)])
        below, subject = self._subject(piece)
        told = list(extract(piece.text, mentions, self.merger, below, subject))
        return [*told, *self._modelled(piece, relating, short)]

    def _subject(self, piece: Piece) -> tuple[Below | None, int | None]:
        """Whom a passage is of: by its title's question, or by the title's name and the heading."""
        if below := of_title(piece.title):
            found = self.merger.resolve(below.subject, ("disease", "finding", "drug"))
            return below, found.concept if found else None
        found = self.merger.resolve(piece.title, ("drug", "disease", "finding"))
        own = found.concept if found else self._titled(piece.title)
        if own is not None and (said := of_heading(piece.heading)):
            return Below(piece.title, said[0], said[1]), own
        return None, own

    def _titled(self, title: str) -> int | None:
        """The one drug that a title names, or else its one disease."""
        mentions = self._finder.find(title, {})
        for kind in ("drug", "disease"):
            named = {one for mention in mentions for one in mention.concepts if self.merger.kind(one) == kind}
            if len(named) == 1:
                return named.pop()
        return None

    def _entity(self, piece: Piece, one: Entity, short: dict[str, str]) -> int:
        return self.merger.settle(piece.text[one.start : one.end], kinds_of(one.type), short)

    def _modelled(self, piece: Piece, relating: Sequence[Relation], short: dict[str, str]) -> list[Told]:
        found = []
        for one in relating:
            relation, turned = named(one.type)
            head, tail = (
                self._entity(piece, end, short) for end in ((one.tail, one.head) if turned else (one.head, one.tail))
            )
            if head == tail:
                continue
            spans = ((one.head.start, one.head.end), (one.tail.start, one.tail.end))
            sentence = min(spans)[0], max(spans)[1]
            around = next(
                (s for s in patterns.sentences(piece.text) if s[0] <= sentence[0] and sentence[1] <= s[1]),
                sentence,
            )
            said = stated_polarity(piece.text, around, spans, (around[1], around[1]))
            if _DENIED.search(piece.text, min(spans)[1], max(spans)[0]):
                said = NEGATED
            found.append(Told(head, relation, tail, said, "model", f"{one.probability:.2f}", sentence))
        return found

    def _abbreviations(self, piece: Piece) -> dict[str, str]:
        if self._short[0] != piece.item:
            self._short = piece.item, abbreviations(_passages.whole_text(self._library, piece.item))
        return self._short[1]


def _wordings(names: Names | None, hpo: Hpo | None) -> Reads:
    """The id of the finding that a whole name words."""

    def reads(name: str) -> str:
        if names is None or hpo is None:
            return ""
        hits = [*names.english.find(name), *names.chinese.find(name)]
        whole = next((one for one in hits if one.end - one.start == len(name.strip())), None)
        return hpo.ids[whole.term] if whole else ""

    return reads


def kinds_of(type: str) -> tuple[str, ...]:
    """The kind of concept that a model's type of entity stands for, none where its name does not tell.

    >>> kinds_of("Chemical"), kinds_of("疾病"), kinds_of("T047")
    (('drug',), ('disease',), ())
    """
    said = type.casefold()
    return tuple(kind for kind, starts in _TYPES.items() if said.startswith(starts))
