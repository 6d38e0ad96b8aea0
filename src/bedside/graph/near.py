"""Links names that no list has to concepts, by the likeness of vectors, with a margin over the next, or to none.

The bounds are those of phenotypes/linking.py, which were chosen on sentences of our own for findings; for diseases and
drugs they were not chosen anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bedside.cleaning.language import HAN
from bedside.graph.merging import MENTION, Near
from bedside.phenotypes._vectors import Bar, Encoder, no_bar
from bedside.phenotypes.linking import BOUNDS, Bounds, _check_installed

Floats = NDArray[np.float32]
NEAREST = 20


class Encodes(Protocol):
    """Texts to vectors of length 1 [n, h]."""

    def vectors(self, texts: Sequence[str]) -> Floats: ...


class ByVectors:
    """Concepts' names with their vectors; each name asked for is encoded once."""

    def __init__(
        self,
        names: Sequence[tuple[int, str]],
        encoder: Encodes,
        bounds: Bounds,
        table: Floats,
        kin: set[tuple[int, int]],
    ) -> None:
        self._concepts = np.array([concept for concept, _ in names], np.int64)
        self._encoder, self._bounds, self._table, self._kin = encoder, bounds, table, kin
        self._known: dict[str, tuple[int, float, float] | None] = {}

    def __call__(self, name: str) -> tuple[int, float, float] | None:
        """The concept, its likeness, and the lead over the next that is neither it nor directly above or below it."""
        if name not in self._known:
            self._known[name] = self._nearest(name)
        return self._known[name]

    def _nearest(self, name: str) -> tuple[int, float, float] | None:
        if not len(self._concepts):
            return None
        row = np.asarray(self._table, np.float32) @ self._encoder.vectors([name])[0]
        near = np.argsort(-row, kind="stable")[:NEAREST]
        concept, best = int(self._concepts[near[0]]), float(row[near[0]])
        others = (at for at in near[1:] if not self._akin(concept, int(self._concepts[at])))
        lead = best - float(row[next(others, near[-1])])
        linked = best >= self._bounds.sure or (best >= self._bounds.floor and lead >= self._bounds.margin)
        return (concept, best, lead) if linked else None

    def _akin(self, one: int, other: int) -> bool:
        return one == other or (one, other) in self._kin or (other, one) in self._kin


def open_near(database: sqlite3.Connection, bar: Bar = no_bar) -> Near:
    """A linker over the names of all concepts of vocabularies: MiniLM for English names, e5 for Chinese ones.

    Vectors are made when the first name of a language is asked for. Raises UsageError where an encoder is not
    installed.
    """
    made: dict[str, ByVectors] = {}

    def near(name: str) -> tuple[int, float, float] | None:
        encoder = "e5" if HAN.search(name) else "minilm"
        if encoder not in made:
            made[encoder] = _opened(database, encoder, bar)
        return made[encoder](name)

    return near


def _opened(database: sqlite3.Connection, name: str, bar: Bar) -> ByVectors:
    from bedside.lang import tr

    _check_installed(name)
    lang = "zh" if name == "e5" else "en"
    names = database.execute(
        "SELECT concept.no, name.name FROM name JOIN concept ON concept.no = name.concept "
        "WHERE name.lang = ? AND kind NOT IN ('gene', 'attribute', ?) AND rank <= 1 ORDER BY concept.no, name.rank",
        (lang, MENTION),
    ).fetchall()
    kin = set(
        database.execute(
            "SELECT head, tail FROM edge JOIN relation ON relation.no = relation WHERE name = 'is_a'"
        ).fetchall()
    )
    encoder = Encoder(name)
    with bar(tr("names to vectors", "名称向量化"), len(names)) as advance:
        table = encoder.vectors([one for _, one in names], advance)
    return ByVectors(names, encoder, BOUNDS[name], table.astype(np.float32), kin)
