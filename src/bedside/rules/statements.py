"""What a proposal says that rules ask for: procedures it would do, and statements ("discharge home", "he is pregnant").

Their wordings are data (data/procedures.toml, data/statements.toml); `reads` says which mentions count:
`proposed` those that would be done; `said` those that tell of this patient, past ones too; `any` all. What has no fixed
wording is told by its parts (`together`): one of each group in one sentence, and none of `unless`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from bedside.rules._stance import Stances, any_of

Reads = Literal["proposed", "said", "any"]


@dataclass(frozen=True, slots=True)
class Statement:
    """A thing that a text may say, its title as (English, Chinese); `asked`: it counts in the question, too."""

    id: str
    title: tuple[str, str]
    reads: Reads
    pattern: re.Pattern[str]
    together: tuple[tuple[re.Pattern[str], ...], ...] = ()
    unless: re.Pattern[str] | None = None
    asked: bool = False

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Where its wordings stand, then the sentences that hold all of its parts."""
        for match in self.pattern.finditer(text):
            yield match.span()
        for start, end in _sentences(text) if self.together else ():
            sentence = text[start:end]
            if self.unless is not None and self.unless.search(sentence):
                continue
            if any(all(part.search(sentence) for part in parts) for parts in self.together):
                yield start, end


@dataclass(frozen=True, slots=True)
class Said:
    """A statement that a text makes, and where; code points, end exclusive."""

    id: str
    start: int
    end: int


@cache
def statements(file: Literal["procedures", "statements"]) -> tuple[Statement, ...]:
    """All of a file."""
    source = files("bedside.rules").joinpath(f"data/{file}.toml").read_text(encoding="utf-8")
    document = tomllib.loads(source)
    return tuple(
        Statement(
            one["id"],
            (one["title"]["en"], one["title"]["zh"]),
            one.get("reads", "proposed"),
            any_of(one.get("en", []), one.get("zh", [])),
            tuple(tuple(any_of(**part) for part in parts) for parts in one.get("together", [])),
            any_of(**one["unless"]) if "unless" in one else None,
            one.get("asked", False),
        )
        for one in document["statement"]
    )


def said(text: str, file: Literal["procedures", "statements"], question: str = "") -> list[Said]:
    """What a text says of what a file lists.

    >>> [one.id for one in said("Hold metformin and do a CT with IV contrast.", "procedures")]
    ['contrast_ct']
    >>> said("增强CT应避免", "procedures")
    []
    """
    found = list(_in(text, file))
    here = {one.id for one in found}
    asked = {one.id for one in statements(file) if one.asked}
    return found + [one for one in (_in(question, file) if question else ()) if one.id in asked - here]


def _in(text: str, file: Literal["procedures", "statements"]) -> Iterator[Said]:
    stances = Stances(text)
    for statement in statements(file):
        for start, end in statement.places(text):
            if _counts(statement.reads, stances, start, end):
                yield Said(statement.id, start, end)
                break


def _counts(reads: Reads, stances: Stances, start: int, end: int) -> bool:
    if reads == "any":
        return True
    stance = stances.of(start, end)
    if reads == "proposed":
        return stance == "proposed"
    return stance in ("proposed", "past") and not stances.denied(start, end)


_SENTENCE = re.compile(r"[^.!?。！？;；\n]+(?:\.(?=\d)[^.!?。！？;；\n]+)*")


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    for match in _SENTENCE.finditer(text):
        yield match.span()
