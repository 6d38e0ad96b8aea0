"""What a proposal says that rules ask for: procedures it would do, and statements ("discharge home", "he is pregnant").

Their wordings are data (data/procedures.toml, data/statements.toml); `reads` says which mentions count:
`proposed` those that would be done; `said` those that tell of this patient, past ones too; `any` all.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from bedside.rules._stance import Stances

Reads = Literal["proposed", "said", "any"]


@dataclass(frozen=True, slots=True)
class Statement:
    """A thing that a text may say, its title as (English, Chinese); `asked`: it counts in the question, too."""

    id: str
    title: tuple[str, str]
    reads: Reads
    pattern: re.Pattern[str]
    asked: bool = False


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
            _pattern(one["en"], one["zh"]),
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
        for match in statement.pattern.finditer(text):
            if _counts(statement.reads, stances, match.start(), match.end()):
                yield Said(statement.id, match.start(), match.end())
                break


def _counts(reads: Reads, stances: Stances, start: int, end: int) -> bool:
    if reads == "any":
        return True
    stance = stances.of(start, end)
    if reads == "proposed":
        return stance == "proposed"
    return stance in ("proposed", "past") and not stances.denied(start, end)


def _pattern(en: list[str], zh: list[str]) -> re.Pattern[str]:
    return re.compile("|".join([rf"(?<![A-Za-z])(?:{'|'.join(en)})(?![A-Za-z])", *zh]), re.IGNORECASE)
