"""The graph opened for reading: find a concept, what it is related to, and the passages that say so."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import islice, zip_longest
from pathlib import Path
from types import TracebackType
from typing import Any

from bedside.errors import UsageError
from bedside.graph import _keys
from bedside.graph._schema import kept, open_database
from bedside.graph.parts import ANY, Concept, Direction, Edge, Evidence, Wanted
from bedside.lang import tr
from bedside.library._database.database import Database
from bedside.types import Passage

POLARITY = {1: "affirmed", -1: "negated", 0: "uncertain"}
_CONCEPT = "no, id, kind, vocabulary, en, zh, degree"
_EDGE = (
    "edge.no, edge.head, relation.name, edge.tail, edge.affirmed, edge.negated, edge.uncertain, edge.first_year, "
    "edge.last_year, relation.weak FROM edge JOIN relation ON relation.no = edge.relation"
)


class Graph:
    """A graph as it is now; what its library has withdrawn since the build is no longer counted. A context manager."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.database: sqlite3.Connection = open_database(self.folder)
        self._concepts: dict[int, Concept] = {}
        self._library: Database | None = None
        self._follow()

    def __enter__(self) -> Graph:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files."""
        self.database.close()
        if self._library is not None:
            self._library.close()

    def concept(self, no: int) -> Concept:
        """By its number."""
        if no not in self._concepts:
            row = self.database.execute(f"SELECT {_CONCEPT} FROM concept WHERE no = ?", (no,)).fetchone()
            self._concepts[no] = Concept(*row)
        return self._concepts[no]

    def find(self, said: str, kinds: Sequence[str] = ()) -> list[Concept]:
        """The concepts of an id or a name, the best first: by the exact name, then by its inflections."""
        run = self.database.execute
        rows = run(f"SELECT {_CONCEPT} FROM concept WHERE id = ? COLLATE NOCASE", (said.strip(),)).fetchall()
        for column, value in (("exact", _keys.exact(said)), ("key", _keys.key(said))):
            if not rows and value:
                rows = run(
                    f"SELECT {_CONCEPT} FROM concept WHERE no IN (SELECT concept FROM name WHERE {column} = ?)",
                    (value,),
                ).fetchall()
        found = [Concept(*row) for row in rows]
        return sorted((one for one in found if not kinds or one.kind in kinds), key=_first)

    def get(self, said: str, kinds: Sequence[str] = ()) -> Concept:
        """The one concept meant; UsageError with the nearest names where there is none."""
        if found := self.find(said, kinds):
            return found[0]
        raise UsageError(
            tr("no concept of that name or id", "没有该名称或编号的概念"), value=said, allowed=self.near(said) or None,
            next=f"bedside graph find {said!r}",
        )  # fmt: skip

    def near(self, said: str, most: int = 5) -> list[str]:
        """Names that hold the words asked for, the shortest first."""
        words = [word for word in _keys.exact(said).replace("%", " ").split() if word]
        if not words:
            return []
        where = " AND ".join("name.exact LIKE ?" for _ in words)
        rows = self.database.execute(
            f"SELECT DISTINCT concept.id, name.name FROM name JOIN concept ON concept.no = name.concept WHERE {where} "
            "ORDER BY length(name.name) LIMIT ?",
            (*(f"%{word}%" for word in words), most),
        )
        return [f"{name} ({id})" for id, name in rows]

    def names(self, concept: Concept) -> list[tuple[str, str]]:
        """(language, name) of each name, preferred ones first."""
        rows = self.database.execute("SELECT lang, name FROM name WHERE concept = ? ORDER BY rank, name", (concept.no,))
        return [(lang, name) for lang, name in rows]

    def edges(self, concept: Concept, direction: Direction = "both", wanted: Wanted = ANY, most: int = 0) -> list[Edge]:
        """The edges at a concept, those of most evidence first; `most` of 0: all."""
        said, values = wanted.where()
        ends = {"out": ("head",), "in": ("tail",), "both": ("head", "tail")}[direction]
        found: dict[int, Edge] = {}
        for end in ends:
            query = f"SELECT {_EDGE} WHERE edge.{end} = ? AND {said} ORDER BY edge.{wanted.polarity} DESC, edge.no"
            rows = self.database.execute(
                query + (" LIMIT ?" if most else ""), (concept.no, *values, *([most] if most else []))
            )
            found.update((row[0], _edge(row)) for row in rows)
        ordered = sorted(found.values(), key=lambda one: (one.weak, -getattr(one, wanted.polarity), one.no))
        return ordered[:most] if most else ordered

    def around(self, concept: Concept, wanted: Wanted = ANY, most: int = 24) -> list[Edge]:
        """Edges at a concept for a picture: of each relation in turn the one of most evidence."""
        by: dict[tuple[str, bool], list[Edge]] = {}
        for one in self.edges(concept, "both", wanted):
            by.setdefault((one.relation, one.head == concept.no), []).append(one)
        turns = (one for turn in zip_longest(*by.values()) for one in turn if one is not None)
        return list(islice(turns, most))

    def edge(self, no: int) -> Edge:
        """By its number."""
        return _edge(self.database.execute(f"SELECT {_EDGE} WHERE edge.no = ?", (no,)).fetchone())

    def contradictions(self, most: int = 50) -> list[Edge]:
        """Edges that some references say and others deny, those with most on the smaller side first."""
        query = (
            f"SELECT {_EDGE} WHERE edge.affirmed > 0 AND edge.negated > 0 "
            "ORDER BY min(edge.affirmed, edge.negated) DESC, edge.negated DESC LIMIT ?"
        )
        return [_edge(row) for row in self.database.execute(query, (most,))]

    def evidence(self, edge: Edge, most: int = 0, *, withdrawn: bool = True, texts: bool = True) -> list[Evidence]:
        """What says so: what counts first, denials and affirmations by turns, the latest first."""
        query = (
            "SELECT reference.id, source.name, source.kind, source.licence, source.version, reference.year, polarity, "
            "how, detail, reference.live, evidence.first, evidence.last FROM evidence "
            "JOIN reference ON reference.no = evidence.reference JOIN source ON source.no = reference.source "
            f"WHERE edge = ? {'' if withdrawn else 'AND reference.live '}"
            "ORDER BY reference.live DESC, row_number() OVER (PARTITION BY reference.live, polarity "
            "ORDER BY reference.year DESC, reference.no), polarity"
        )
        rows = self.database.execute(query + (" LIMIT ?" if most else ""), (edge.no, *([most] if most else [])))
        return [self._evidence(row, texts) for row in rows]

    def sizes(self) -> dict[str, Any]:
        """How much there is of each kind of concept, relation and source."""
        run = self.database.execute
        counts = "count(*), coalesce(sum(affirmed > 0), 0), coalesce(sum(affirmed > 0 AND negated > 0), 0)"
        relations = run(
            f"SELECT relation.name, {counts} FROM edge JOIN relation ON relation.no = relation "
            "GROUP BY 1 ORDER BY 2 DESC"
        )
        sources = run(
            "SELECT source.name, source.kind, source.version, source.licence, count(*), coalesce(sum(live), 0) "
            "FROM reference JOIN source ON source.no = source GROUP BY source.no ORDER BY 1"
        )
        names = ("relation", "edges", "affirmed", "contradicted")
        parts = ("name", "kind", "version", "licence", "references", "live")
        return {
            "concepts": dict(run("SELECT kind, count(*) FROM concept GROUP BY 1 ORDER BY 2 DESC").fetchall()),
            "relations": [dict(zip(names, row, strict=True)) for row in relations],
            "evidence": run("SELECT count(*) FROM evidence").fetchone()[0],
            "sources": [dict(zip(parts, row, strict=True)) for row in sources],
        }

    def _evidence(self, row: tuple[Any, ...], texts: bool) -> Evidence:
        passage = self._passage(row[0], row[2]) if texts else None
        parts = [*row[:6], POLARITY[row[6]], *row[7:9], bool(row[9]), *row[10:], passage]
        return Evidence(*parts)

    def _passage(self, id: str, kind: str) -> Passage | None:
        """The library's passage of a citation; None for what is cited from elsewhere."""
        from bedside.graph._passages import KIND
        from bedside.graph.from_library import there
        from bedside.library._database.database import open_database as open_library
        from bedside.library._resolved import COLUMNS, passage_of

        if kind != KIND and "#" not in id:
            return None
        if self._library is None:
            if not there(self.folder):
                return None
            self._library = open_library(self.folder)
        row = self._library.execute(
            f"SELECT {COLUMNS} WHERE passage.id = ? ORDER BY passage.live DESC, passage.no DESC LIMIT 1", (id,)
        ).fetchone()
        return passage_of(row, 0.0) if row else None

    def _follow(self) -> None:
        """Flag what the library has withdrawn since the graph last looked."""
        from bedside.graph import from_library
        from bedside.graph._writer import Writer
        from bedside.library._database.database import open_database as open_library

        if not from_library.there(self.folder):
            return
        library = open_library(self.folder)
        try:
            same = from_library.gone(library) == kept(self.database, "library_gone")
        finally:
            library.close()
        if not same:
            writer = Writer(self.database)
            with writer.batch():
                from_library.flag(writer, self.folder)


def _edge(row: tuple[Any, ...]) -> Edge:
    parts = [*row[:9], bool(row[9])]
    return Edge(*parts)


_ORDER = ("disease", "drug", "finding", "gene", "attribute", "mention")


def _first(one: Concept) -> tuple[bool, int, int]:
    return (one.kind == "mention", -one.degree, _ORDER.index(one.kind) if one.kind in _ORDER else 0)
