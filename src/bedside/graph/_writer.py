"""Puts concepts, edges and evidence into the graph, a batch a transaction; counts follow from the evidence alone."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from bedside.graph import _keys
from bedside.graph._schema import keep
from bedside.graph.relations import relations, undirected, weak

AFFIRMED, NEGATED, UNCERTAIN = 1, -1, 0
POLARITIES = {"affirmed": AFFIRMED, "negated": NEGATED, "uncertain": UNCERTAIN}
STRENGTH = ("annotation", "user", "pattern", "model", "structure", "together")
"""How evidence was come by; of two ways in one passage the one named first is kept."""
_RECOUNT = """
UPDATE edge SET affirmed = found.a, negated = found.n, uncertain = found.u, first_year = found.f, last_year = found.l
FROM (SELECT touched.edge AS edge,
  coalesce(sum(reference.live AND evidence.polarity = 1), 0) AS a,
  coalesce(sum(reference.live AND evidence.polarity = -1), 0) AS n,
  coalesce(sum(reference.live AND evidence.polarity = 0), 0) AS u,
  min(CASE WHEN reference.live THEN reference.year END) AS f, max(CASE WHEN reference.live THEN reference.year END) AS l
  FROM touched LEFT JOIN evidence ON evidence.edge = touched.edge
  LEFT JOIN reference ON reference.no = evidence.reference GROUP BY touched.edge) AS found
WHERE edge.no = found.edge
"""


class Writer:
    """Writes to a graph; every call but `batch` is made within one."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database
        self._sources: dict[tuple[str, str, str], int] = {}
        self._relations: dict[str, int] = dict(database.execute("SELECT name, no FROM relation").fetchall())
        database.execute("CREATE TEMP TABLE IF NOT EXISTS touched (edge INTEGER PRIMARY KEY)")

    @contextmanager
    def batch(self) -> Iterator[None]:
        """All of the block with the counts that follow from it, or none of it."""
        self.database.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.recount()
        except BaseException:
            self.database.execute("ROLLBACK")
            self._sources.clear()
            self._relations = dict(self.database.execute("SELECT name, no FROM relation").fetchall())
            raise
        self.database.execute("COMMIT")

    def source(self, name: str, kind: str, licence: str, version: str) -> int:
        """The number of a source, whose version is brought up to date."""
        known = (name, kind, licence)
        if known not in self._sources:
            self.database.execute(
                "INSERT INTO source (name, kind, licence, version) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (name, kind, licence) DO UPDATE SET version = excluded.version",
                (*known, version),
            )
            where = "name = ? AND kind = ? AND licence = ?"
            self._sources[known] = self.database.execute(f"SELECT no FROM source WHERE {where}", known).fetchone()[0]
        return self._sources[known]

    def concept(self, id: str, kind: str, vocabulary: str, en: str, zh: str, source: int) -> int:
        """The number of a concept, whose names are those of the latest source that gave it any."""
        self.database.execute(
            "INSERT INTO concept (id, kind, vocabulary, en, zh, source) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, "
            "en = coalesce(nullif(excluded.en, ''), en), zh = coalesce(nullif(excluded.zh, ''), zh)",
            (id, kind, vocabulary, en, zh, source),
        )
        return int(self.database.execute("SELECT no FROM concept WHERE id = ?", (id,)).fetchone()[0])

    def names(self, concept: int, names: Iterable[tuple[str, int]]) -> None:
        """Add names, each with its rank: 0 the preferred one."""
        rows = []
        for name, rank in names:
            if name.strip():
                rows.append((concept, name, _keys.lang_of(name), rank, _keys.exact(name), _keys.key(name)))
                if spoken := _keys.turned(name):
                    rows.append((concept, spoken, "en", rank + 1, _keys.exact(spoken), _keys.key(spoken)))
        self.database.executemany("INSERT OR IGNORE INTO name VALUES (?, ?, ?, ?, ?, ?)", rows)

    def reference(self, id: str, source: int, year: int | None = None) -> int:
        """The number of what is cited; it is live again where it was not."""
        self.database.execute(
            "INSERT INTO reference (id, source, year) VALUES (?, ?, ?) "
            "ON CONFLICT (id, source) DO UPDATE SET live = 1, year = coalesce(excluded.year, year)",
            (id, source, year),
        )
        row = self.database.execute("SELECT no FROM reference WHERE id = ? AND source = ?", (id, source)).fetchone()
        return int(row[0])

    def edge(self, head: int, relation: str, tail: int) -> int:
        """The number of an edge; of a relation without direction, the lower number is the head."""
        if relation in undirected() and head > tail:
            head, tail = tail, head
        place = (head, self._relation(relation), tail)
        row = self.database.execute(
            "SELECT no FROM edge WHERE head = ? AND relation = ? AND tail = ?", place
        ).fetchone()
        if row is None:
            made = self.database.execute("INSERT INTO edge (head, relation, tail) VALUES (?, ?, ?)", place).lastrowid
            assert made is not None
            return made
        return int(row[0])

    def evidence(
        self,
        edge: int,
        reference: int,
        polarity: int,
        how: str,
        detail: str = "",
        place: tuple[int, int] | None = None,
    ) -> None:
        """One reference says so, once: the stronger of two ways in which it does."""
        where = "edge = ? AND reference = ? AND polarity = ?"
        own = (edge, reference, polarity)
        row = self.database.execute(f"SELECT how FROM evidence WHERE {where}", own).fetchone()
        if row is None or STRENGTH.index(how) < STRENGTH.index(row[0]):
            row = (*own, how, detail, *(place or (None, None)))
            self.database.execute("INSERT OR REPLACE INTO evidence VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        self.database.execute("INSERT OR IGNORE INTO touched VALUES (?)", (edge,))

    def forget(self, reference: int) -> None:
        """Remove what a reference says, to be said anew."""
        self.database.execute(
            "INSERT OR IGNORE INTO touched SELECT edge FROM evidence WHERE reference = ?", (reference,)
        )
        self.database.execute("DELETE FROM evidence WHERE reference = ?", (reference,))

    def forget_source(self, name: str, kind: str) -> None:
        """Remove what all references of a source say."""
        sources = "SELECT no FROM source WHERE name = ? AND kind = ?"
        of = f"reference IN (SELECT no FROM reference WHERE source IN ({sources}))"
        self.database.execute(f"INSERT OR IGNORE INTO touched SELECT edge FROM evidence WHERE {of}", (name, kind))
        self.database.execute(f"DELETE FROM evidence WHERE {of}", (name, kind))

    def recount(self) -> None:
        """Bring the counts of the edges touched up to date."""
        if self.database.execute("SELECT 1 FROM touched").fetchone():
            self.database.execute(_RECOUNT)
            self.database.execute("DELETE FROM touched")
            keep(self.database, "stamp", uuid.uuid4().hex)

    def finish(self) -> None:
        """After the last batch: drop edges and mentions that nothing ever spoke of, count degrees, help the planner."""
        with self.batch():
            run = self.database.execute
            run("DELETE FROM edge WHERE NOT EXISTS (SELECT 1 FROM evidence WHERE evidence.edge = edge.no)")
            lone = "NOT EXISTS (SELECT 1 FROM edge WHERE {} = concept.no)"
            run(f"DELETE FROM concept WHERE kind = 'mention' AND {lone.format('head')} AND {lone.format('tail')}")
            run("DELETE FROM name WHERE concept NOT IN (SELECT no FROM concept)")
            run("DELETE FROM merged WHERE concept NOT IN (SELECT no FROM concept)")
            strong = "affirmed > 0 AND relation NOT IN (SELECT no FROM relation WHERE weak)"
            count = "(SELECT count(*) FROM edge WHERE {} = concept.no AND " + strong + ")"
            run(f"UPDATE concept SET degree = {count.format('head')} + {count.format('tail')}")
            keep(self.database, "stamp", uuid.uuid4().hex)
        self.database.execute("ANALYZE")

    def _relation(self, name: str) -> int:
        if name not in self._relations:
            number = self.database.execute(
                "INSERT INTO relation (name, weak) VALUES (?, ?)", (name, int(name in relations() and weak(name)))
            ).lastrowid
            assert number is not None
            self._relations[name] = number
        return self._relations[name]
