"""Reads data/contradiction.toml: pairs of advice that exclude each other, in two languages, with their own cases."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from bedside.emergency.wording import compiled
from bedside.lang import LANGS


@dataclass(frozen=True, slots=True)
class Pair:
    """Two kinds of advice and what they are called together, as (English, Chinese); cases by language."""

    id: str
    name: tuple[str, str]
    one: re.Pattern[str]
    other: re.Pattern[str]
    source: str
    fires: dict[str, list[str]] = field(repr=False)
    silent: dict[str, list[str]] = field(repr=False)


@cache
def pairs() -> tuple[Pair, ...]:
    """The pairs, in order."""
    told = tomllib.loads(files("bedside.guards").joinpath("data/contradiction.toml").read_text(encoding="utf-8"))
    return tuple(
        Pair(
            id=row["id"],
            name=(row["name"]["en"], row["name"]["zh"]),
            one=_either(row["one"]),
            other=_either(row["other"]),
            source=told["source"],
            fires=row["yes"],
            silent=row["no"],
        )
        for row in told["pair"]
    )


def _either(wordings: dict[str, str]) -> re.Pattern[str]:
    """One pattern for both languages."""
    return re.compile("|".join(compiled(wordings[lang], {}, lang).pattern for lang in LANGS), re.IGNORECASE)
