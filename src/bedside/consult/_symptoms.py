"""Symptoms that a question tells of (data/symptoms.toml), and the signs of danger to ask for beside each."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from bedside.emergency.asking import present, readable
from bedside.emergency.wording import compiled
from bedside.lang import LANGS


@dataclass(frozen=True, slots=True)
class Symptom:
    """A symptom: its wordings, the signs of danger as (English, Chinese), whether pregnancy matters, test sentences."""

    id: str
    patterns: tuple[re.Pattern[str], ...]
    signs: tuple[str, str]
    pregnancy: bool
    told: list[str] = field(repr=False)
    untold: list[str] = field(repr=False)


@cache
def symptoms() -> tuple[Symptom, ...]:
    """All symptoms, the last one for any other complaint."""
    told = tomllib.loads(files("bedside.consult").joinpath("data/symptoms.toml").read_text(encoding="utf-8"))
    return tuple(
        Symptom(
            id=row["id"],
            patterns=tuple(compiled(f"(?:{'|'.join(row[lang])})", {}, lang) for lang in LANGS),
            signs=(row["signs"][0], row["signs"][1]),
            pregnancy=bool(row.get("pregnancy")),
            told=row["yes"],
            untold=row["no"],
        )
        for row in told["symptom"]
    )


def symptoms_in(question: str) -> list[Symptom]:
    """The symptoms that the asker, or whom he asks for, has; the one for any other only where there is no other.

    >>> [one.id for one in symptoms_in("My son has a fever. What causes chest pain?")]
    ['fever']
    """
    text = readable(question)
    found: list[Symptom] = []
    for one in symptoms():
        spans = [match.span() for pattern in one.patterns for match in pattern.finditer(text)]
        if (one.id != "other" or not found) and any(present(text, spans)):
            found.append(one)
    return found
