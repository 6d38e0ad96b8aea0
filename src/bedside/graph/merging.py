"""Which concept a name in a text or table means, why, and what else it could have meant; or a mention of its own.

In order: an id; the exact name; an inflection or spelling of it; an abbreviation that the text defines; the wordings
that phenotypes/ reads as a finding; the likeness of vectors, with a margin and "no match". Two ids of vocabularies are
never made one: where a name is that of several, one is taken by the kinds wanted and the order below, and the rest
are told as rivals.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from bedside.graph import _keys
from bedside.graph._dictionary import put
from bedside.graph._writer import Writer

MENTION = "mention"
FIRST = ("HPO", "OMIM", "ORPHA", "gene")
"""Vocabularies whose concept is taken of several of one name and kind, those of the user before all."""
HOW = ("id", "exact", "inflection", "abbreviation", "wording", "embedding", "none")


class Meant(NamedTuple):
    """A concept by its number, how it was come by (one of `HOW`), and the others that the name has."""

    concept: int
    how: str
    rivals: tuple[int, ...] = ()
    likeness: float | None = None
    lead: float | None = None


class Near(Protocol):
    """Links a name by its vector: a concept's number, its likeness and lead, or None where none is near enough."""

    def __call__(self, name: str) -> tuple[int, float, float] | None: ...


Reads = Callable[[str], str]
"""A name to the id of the finding that it words, "" for none."""


class Merger:
    """Resolves names against the graph's concepts, and remembers what it merged until `save`."""

    def __init__(self, writer: Writer, *, reads: Reads = lambda name: "", near: Near | None = None) -> None:
        self._writer, self._reads, self._near = writer, reads, near
        self._kinds: dict[int, tuple[str, str, str]] = {}
        self._ids: dict[str, int] = {}
        self._exact: dict[str, list[int]] = {}
        self._keys: dict[str, list[int]] = {}
        self._seen: dict[tuple[str, str, int], list[object]] = {}
        database = writer.database
        for no, id, kind, vocabulary in database.execute("SELECT no, id, kind, vocabulary FROM concept"):
            self._know(no, id, kind, vocabulary)
        for concept, exact, key in database.execute("SELECT concept, exact, key FROM name ORDER BY rank, concept"):
            put(self._exact, exact, concept)
            put(self._keys, key, concept)

    def kind(self, concept: int) -> str:
        """What a concept is."""
        return self._kinds[concept][1]

    def known(self, id: str) -> int | None:
        """The concept of an id, None for none."""
        return self._ids.get(id.strip()) if id else None

    def resolve(self, name: str, kinds: Sequence[str] = (), short: dict[str, str] | None = None) -> Meant | None:
        """The concept meant, of the kinds wanted where one is; None for no match. `short`: the text's abbreviations."""
        if (own := self._ids.get(name.strip())) is not None:
            return Meant(own, "id")
        found = self._named(name, kinds)
        if found is None and short and name in short:
            long = self._within(short[name], kinds)
            found = long and long._replace(how="abbreviation")
        if found is None and not (kinds and "finding" not in kinds) and (id := self._reads(name)) in self._ids:
            found = Meant(self._ids[id], "wording")
        if found is None and self._near is not None and (near := self._near(name)) is not None:
            found = Meant(near[0], "embedding", (), near[1], near[2])
        return found

    def settle(self, name: str, kinds: Sequence[str] = (), short: dict[str, str] | None = None) -> int:
        """The concept meant, or a mention of its own; what was merged is remembered."""
        found = self.resolve(name, kinds, short)
        if found is None:
            found = Meant(self.mention(name), "none")
        self.remember(name, kinds, found)
        return found.concept

    def remember(self, name: str, kinds: Sequence[str], found: Meant) -> None:
        """Count a merge for the report; an id that is its own name is none."""
        if found.how == "id":
            return
        place = (name.strip()[:200], "|".join(kinds), found.concept)
        rivals = json.dumps([self._kinds[one][0] for one in found.rivals])
        known = self._seen.setdefault(place, [found.how, found.likeness, found.lead, rivals, 0])
        known[4] = int(str(known[4])) + 1

    def mention(self, name: str) -> int:
        """A concept of a name that no vocabulary has; the same for its inflections."""
        key = _keys.key(name) or _keys.exact(name)
        id = f"mention:{key}"
        if id not in self._ids:
            zh = _keys.lang_of(name) == "zh"
            source = self._writer.source("mentions", MENTION, "", "")
            said = name.strip()[:300]
            no = self._writer.concept(id, MENTION, MENTION, "" if zh else said, said if zh else "", source)
            self._writer.names(no, [(said, 0)])
            self._know(no, id, MENTION, MENTION)
            put(self._exact, _keys.exact(said), no)
            put(self._keys, key, no)
        return self._ids[id]

    def best(self, concepts: Sequence[int], kinds: Sequence[str]) -> tuple[int, tuple[int, ...]]:
        """Of concepts of one name the one of the first kind wanted, of the first vocabulary; and those as good."""
        wanted = ([one for one in concepts if self.kind(one) == kind] for kind in kinds)
        fit = next((some for some in wanted if some), list(concepts))
        ordered = sorted(fit, key=self._rank)
        return ordered[0], tuple(ordered[1:])

    def save(self) -> None:
        """Write what was merged since the last time, in the transaction in progress."""
        rows = [(*place, *said) for place, said in self._seen.items()]
        self._writer.database.executemany(
            "INSERT INTO merged (name, wanted, concept, how, likeness, lead, rivals, times) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (name, wanted, concept) DO UPDATE SET how = excluded.how, likeness = excluded.likeness, "
            "lead = excluded.lead, rivals = excluded.rivals, times = times + excluded.times",
            rows,
        )
        self._seen.clear()

    def _named(self, name: str, kinds: Sequence[str]) -> Meant | None:
        for how, table, said in (
            ("exact", self._exact, _keys.exact(name)),
            ("inflection", self._keys, _keys.key(name)),
            ("inflection", self._keys, _keys.key(_keys.turned(name))),
            ("inflection", self._keys, _keys.key(_keys.bare(name))),
        ):
            concepts = table.get(said, []) if said else []
            if concepts and not self._clash(concepts, kinds):
                concept, rivals = self.best(concepts, kinds)
                return Meant(concept, how, rivals)
        return None

    def _clash(self, concepts: Sequence[int], kinds: Sequence[str]) -> bool:
        """Are they all known to be of other kinds than those wanted?"""
        return bool(kinds) and not any(self.kind(one) in (*kinds, MENTION) for one in concepts)

    def _within(self, long: str, kinds: Sequence[str]) -> Meant | None:
        """The concept of a long form, or of the longest end of a Chinese one, whose beginning nothing marks."""
        if found := self._named(long, kinds):
            return found
        if _keys.lang_of(long) == "zh":
            ends = (self._named(long[at:], kinds) for at in range(1, len(long) - 1))
            return next((one for one in ends if one), None)
        return None

    def _rank(self, concept: int) -> tuple[int, int]:
        _, kind, vocabulary = self._kinds[concept]
        place = FIRST.index(vocabulary) if vocabulary in FIRST else -1
        return (len(FIRST) if kind == MENTION else place, concept)

    def _know(self, no: int, id: str, kind: str, vocabulary: str) -> None:
        self._kinds[no] = (id, kind, vocabulary)
        self._ids[id] = no


def merges(
    database: sqlite3.Connection, concept: int | None = None, like: str = "", most: int = 50
) -> list[dict[str, object]]:
    """What was merged into what and why, the most frequent first."""
    where, values = ["merged.how != 'exact' OR merged.rivals != '[]'"], list[object]()
    if concept is not None:
        where, values = ["merged.concept = ?"], [concept]
    elif like:
        where, values = ["merged.name LIKE ?"], [f"%{like}%"]
    names = ("name", "id", "concept", "kind", "how", "likeness", "lead", "rivals", "times")
    rows = database.execute(
        "SELECT merged.name, concept.id, coalesce(nullif(concept.en, ''), concept.zh), concept.kind, how, likeness, "
        f"lead, rivals, times FROM merged JOIN concept ON concept.no = merged.concept WHERE {where[0]} "
        "ORDER BY times DESC, merged.name LIMIT ?",
        (*values, most),
    )
    found = [dict(zip(names, row, strict=True)) for row in rows]
    return [{**one, "rivals": json.loads(str(one["rivals"]))} for one in found]
