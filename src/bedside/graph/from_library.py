"""The library into the graph: concepts of its codes and labels, then what each passage says, a batch a transaction.

Only passages that came since the last build are read, unless how they are read has changed; evidence of passages that
the library found no more is flagged and no longer counted.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from bedside.graph import _extract, _passages
from bedside.graph._abbreviations import abbreviations
from bedside.graph._dictionary import Dictionary, Mention, longest
from bedside.graph._extract import Finder, Told, extract
from bedside.graph._keys import key
from bedside.graph._passages import Piece
from bedside.graph._schema import keep, kept
from bedside.graph._writer import Writer
from bedside.graph.merging import Merger, Near
from bedside.graph.relations import named
from bedside.graph.structure import Below, of_heading, of_title
from bedside.knowledge.hpo import Hpo
from bedside.library._schema import DATABASE as LIBRARY
from bedside.library._schema import open_database as open_library
from bedside.types import Entity, Relation

TOGETHER = 400
"""Passages a transaction."""
KIND = "library"
DONE, HOW = "library_done", "library_how"
Advance = Callable[[float], object]
Tags = Callable[[Sequence[str]], Sequence[Sequence[Entity]]]
Relates = Callable[[Sequence[str]], Sequence[Sequence[Relation]]]
_TYPES = {
    "disease": ("dis", "疾病", "diagnos", "dx", "disorder", "condition"),
    "drug": ("drug", "chem", "med", "药", "dru"),
    "finding": ("sym", "症状", "find", "pheno", "sign", "体征"),
    "gene": ("gene", "protein", "基因"),
}


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
    sources: tuple[str, ...] = field(default=())


@dataclass
class Read:
    """What a build read: passages, the evidence they gave, and evidence flagged because its passage is gone."""

    passages: int = 0
    evidence: int = 0
    flagged: int = 0
    restored: int = 0


def add_library(
    writer: Writer, folder: Path, how: How | None = None, advance: Advance = lambda amount: None, *, again: bool = False
) -> Read:
    """Bring the library's part of the graph up to date; a stopped run is taken up at its last whole batch."""
    how, read = how or How(), Read()
    library = open_library(folder)
    try:
        with writer.batch():
            read.flagged, read.restored = flag(writer, folder)
            _entries(writer, library)
            digest = _digest(writer, how)
            if again or kept(writer.database, HOW) != digest:
                keep(writer.database, HOW, digest)
                keep(writer.database, DONE, 0)
        with writer.batch():
            start = int(kept(writer.database, DONE) or 0)
            reader = _Reader(writer, library, how, start)
        while pieces := _passages.pieces(library, int(kept(writer.database, DONE)), TOGETHER, how.sources):
            with writer.batch():
                read.evidence += reader.take(pieces)
                keep(writer.database, DONE, pieces[-1].no)
            read.passages += len(pieces)
            advance(len(pieces))
    finally:
        library.close()
    return read


def left(folder: Path, writer: Writer, how: How, *, again: bool = False) -> int:
    """How many passages a build would read."""
    library = open_library(folder)
    try:
        fresh = again or kept(writer.database, HOW) != _digest(writer, how)
        return _passages.count(library, 0 if fresh else int(kept(writer.database, DONE) or 0), how.sources)
    finally:
        library.close()


def flag(writer: Writer, folder: Path) -> tuple[int, int]:
    """Count no more what the library finds no more, and again what it finds again; how many references of each."""
    database, changed = writer.database, []
    library = open_library(folder)
    try:
        live = {id for (id,) in library.execute("SELECT id FROM passage WHERE live = 1")}
        rows = database.execute(
            "SELECT reference.no, reference.id, reference.live FROM reference "
            "JOIN source ON source.no = reference.source WHERE source.kind = ?",
            (KIND,),
        ).fetchall()
        for no, id, now in rows:
            if bool(now) != (id in live):
                changed.append((int(id in live), no))
        keep(database, "library_gone", gone(library))
    finally:
        library.close()
    for alive, no in changed:
        database.execute("UPDATE reference SET live = ? WHERE no = ?", (alive, no))
        database.execute("INSERT OR IGNORE INTO touched SELECT edge FROM evidence WHERE reference = ?", (no,))
    back = sum(alive for alive, _ in changed)
    return len(changed) - back, back


def gone(library: sqlite3.Connection) -> str:
    """What changes whenever a library withdraws or restores a passage."""
    row = library.execute("SELECT count(*), coalesce(sum(no), 0) FROM passage WHERE live = 0").fetchone()
    return f"{row[0]}/{row[1]}"


def there(folder: Path) -> bool:
    """Is there a library in the folder?"""
    return (folder / LIBRARY).exists()


class _Reader:
    """Reads passages with what the graph knows when it is made."""

    def __init__(self, writer: Writer, library: sqlite3.Connection, how: How, start: int) -> None:
        self._writer, self._library, self._how = writer, library, how
        names, findings = None, list[int]()
        reads: Callable[[str], str] = lambda name: ""
        if how.hpo is not None:
            from bedside.phenotypes.names import open_names

            names = open_names(how.hpo)
            numbers = dict(writer.database.execute("SELECT id, no FROM concept WHERE vocabulary = 'HPO'").fetchall())
            findings = [numbers.get(id, 0) for id in how.hpo.ids]
            hpo = how.hpo

            def reads(name: str) -> str:
                hits = [*names.english.find(name), *names.chinese.find(name)]
                whole = next((one for one in hits if one.end - one.start == len(name.strip())), None)
                return hpo.ids[whole.term] if whole else ""

        self.merger = Merger(writer, reads=reads, near=how.near)
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
                self._writer.evidence(edge, reference, told.polarity, told.how, told.detail)
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
                (s for s in _extract.patterns.sentences(piece.text) if s[0] <= sentence[0] and sentence[1] <= s[1]),
                sentence,
            )
            said = _extract.stated_polarity(piece.text, around, spans, (around[1], around[1]))
            found.append(Told(head, relation, tail, said, "model", f"{one.probability:.2f}"))
        return found

    def _abbreviations(self, piece: Piece) -> dict[str, str]:
        if self._short[0] != piece.item:
            self._short = piece.item, abbreviations(_passages.whole_text(self._library, piece.item))
        return self._short[1]


def kinds_of(type: str) -> tuple[str, ...]:
    """The kind of concept that a model's type of entity stands for, none where its name does not tell.

    >>> kinds_of("Chemical"), kinds_of("疾病"), kinds_of("T047")
    (('drug',), ('disease',), ())
    """
    said = type.casefold()
    return tuple(kind for kind, starts in _TYPES.items() if said.startswith(starts))


def _entries(writer: Writer, library: sqlite3.Connection) -> None:
    """The concepts that documents of the library stand for."""
    for one in _passages.entries(library):
        source = writer.source(one.source, KIND, one.licence, one.version)
        if one.kind == "code":
            no = writer.concept(f"{one.source}:{one.id}", "disease", one.source, *_said(one.name), source)
            writer.names(no, [(one.name, 0)])
        elif name := one.name.split("[")[0].strip():
            no = writer.concept(f"label:{key(name)}", "drug", "label", *_said(name), source)
            writer.names(no, [(name, 0)])


def _said(name: str) -> tuple[str, str]:
    from bedside.graph._keys import lang_of

    return ("", name) if lang_of(name) == "zh" else (name, "")


def _digest(writer: Writer, how: How) -> str:
    """What passages are read with: another one means that they are read anew."""
    data = files("bedside.graph").joinpath("data")
    rules = [
        data.joinpath(name).read_text(encoding="utf-8")
        for name in ("patterns.toml", "structure.toml", "relations.toml")
    ]
    vocabularies = writer.database.execute(
        "SELECT name, version FROM source WHERE kind = 'vocabulary' ORDER BY name"
    ).fetchall()
    parts = [
        str(_extract.VERSION),
        *rules,
        how.hpo.key if how.hpo else "",
        *how.models,
        str(vocabularies),
        *how.sources,
    ]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
