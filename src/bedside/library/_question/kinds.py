"""The kinds of questions (symptoms, dose, outlook, ...): which one is asked, announced by a title, said by a sentence.

They are patterns in `data/kinds.toml`, in two languages, the narrower kinds first.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

BESIDE = {
    "definition": (),
    "causes": ("genes",),
    "genes": ("causes", "inheritance"),
    "inheritance": ("genes",),
    "treatment": ("care",),
    "care": ("treatment",),
    "contraindication": ("interaction", "side_effects", "dose"),
    "interaction": ("contraindication",),
    "side_effects": ("contraindication",),
    "risk": ("frequency", "causes"),
    "frequency": ("risk",),
    "outlook": ("complications",),
    "complications": ("outlook", "symptoms"),
    "symptoms": ("complications",),
    "stages": ("diagnosis",),
}
"""Kinds that often stand under one heading with another: half as good as that."""


class _Kind(NamedTuple):
    asks: re.Pattern[str]
    heads: re.Pattern[str]
    says: re.Pattern[str]


@lru_cache(maxsize=4096)
def kinds_asked(question: str) -> tuple[str, ...]:
    """The kinds that a question's words ask for; "definition" only where no other is."""
    found = [name for name, kind in _kinds().items() if kind.asks.search(question)]
    if len(found) > 1 and "definition" in found:
        found.remove("definition")
    return tuple(found)


@lru_cache(maxsize=8192)
def kinds_headed(title: str) -> tuple[str, ...]:
    """The kinds that a title or heading announces."""
    found = [name for name, kind in _kinds().items() if kind.asks.search(title) or kind.heads.search(title)]
    if len(found) > 1 and "definition" in found:
        found.remove("definition")
    return tuple(found)


def says(kind: str, sentence: str) -> bool:
    """Whether a sentence speaks in the words of a kind."""
    return bool(_kinds()[kind].says.search(sentence))


@cache
def _kinds() -> dict[str, _Kind]:
    rows = tomllib.loads(files("bedside.library").joinpath("data/kinds.toml").read_text(encoding="utf-8"))
    return {name: _Kind(*(_any(row[part]) for part in ("asks", "heads", "says"))) for name, row in rows.items()}


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns), re.IGNORECASE)
