"""Made-up names, hospitals and places that surrogates are drawn from; common ones, so that none points at a person."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def fictions() -> Mapping[str, tuple[str, ...]]:
    """The lists of `data/fictions.tsv` by name: a line is a name, a tab, and the choices between bars.

    >>> "Maple" in fictions()["en_streets"]
    True
    """
    path = Path(__file__).parents[1] / "data" / "fictions.tsv"
    lines = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return {name: tuple(choices.split("|")) for name, choices in lines}
