"""What a graph is made of as it is read: concepts, edges with their counts, evidence, and which edges are wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from bedside.lang import current
from bedside.types import Passage

Direction = Literal["out", "in", "both"]


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept with its names; `degree` counts the edges that are affirmed and not weak."""

    no: int
    id: str
    kind: str
    vocabulary: str
    en: str
    zh: str
    degree: int

    @property
    def name(self) -> str:
        """In the language in force, where it has one there."""
        return ((self.zh or self.en) if current() == "zh" else (self.en or self.zh)) or self.id


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation between two concepts by number, and how many references say so, deny it, or leave it open."""

    no: int
    head: int
    relation: str
    tail: int
    affirmed: int
    negated: int
    uncertain: int
    first_year: int | None
    last_year: int | None
    weak: bool

    @property
    def contradicted(self) -> bool:
        """Is it both said and denied?"""
        return self.affirmed > 0 and self.negated > 0

    @property
    def years(self) -> str:
        """`1999-2024`, one year, or nothing."""
        ends = [str(year) for year in dict.fromkeys((self.first_year, self.last_year)) if year]
        return "-".join(ends)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reference that says so. `how`: annotation, user, pattern, model, structure, together. `live`: it counts."""

    id: str
    source: str
    kind: str
    licence: str
    version: str
    year: int | None
    polarity: str
    how: str
    detail: str
    live: bool
    first: int | None = None
    last: int | None = None
    passage: Passage | None = None

    def quote(self, width: int) -> str:
        """The words of the passage around where it says so, on one line; "" where there is no passage."""
        if self.passage is None:
            return ""
        text = self.passage.text
        middle = ((self.first or 0) + (self.last or 0)) // 2
        start = max(0, min(middle - width // 2, len(text) - width))
        while start > 0 and not text[start - 1].isspace() and text[start - 1].isascii():
            start -= 1
        said = " ".join(text[start : start + width].split())
        return f"{'… ' if start else ''}{said}{' …' if start + width < len(text) else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which edges count: relations (none named: all that are not weak), and how many affirming references at least.

    `polarity` other than affirmed asks for edges with evidence of that kind; `contradicted` for those with both.
    """

    relations: tuple[str, ...] = ()
    least: int = 1
    polarity: str = "affirmed"
    weak: bool = False
    contradicted: bool = False

    def where(self) -> tuple[str, list[Any]]:
        """As SQL over edge and relation."""
        said = [f"edge.{self.polarity} >= ?"]
        values: list[Any] = [self.least]
        if self.relations:
            said.append(f"relation.name IN ({','.join('?' * len(self.relations))})")
            values += self.relations
        elif not self.weak:
            said.append("relation.weak = 0")
        if self.contradicted:
            said.append("edge.affirmed > 0 AND edge.negated > 0")
        return " AND ".join(said), values


ANY = Wanted()
