"""Reads data/cautions.toml: what a medicine and a fact of a person mean together, with source and test cases."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

AGE = re.compile(r"age(<|>=)(\d+)")


@dataclass(frozen=True, slots=True)
class Caution:
    """A row: the medicine `of`, what it meets (`with_`), what to say as (English, Chinese), its source."""

    id: str
    of: str
    with_: str
    level: str
    text: tuple[str, str]
    source: str
    warns: tuple[str, str] = field(repr=False)
    silent: tuple[str, str] = field(repr=False)

    def age_meets(self, age_years: float | None) -> bool:
        """Whether the row is about an age, and the person is of it."""
        said = AGE.fullmatch(self.with_)
        if not said or age_years is None:
            return False
        return age_years < int(said[2]) if said[1] == "<" else age_years >= int(said[2])


@cache
def cautions() -> tuple[Caution, ...]:
    """All rows."""
    told = tomllib.loads(files("bedside.consult").joinpath("data/cautions.toml").read_text(encoding="utf-8"))
    return tuple(
        Caution(
            id=row["id"],
            of=row["of"],
            with_=row["with"],
            level=row["level"],
            text=(row["en"], row["zh"]),
            source=row["source"],
            warns=(row["yes"][0], row["yes"][1]),
            silent=(row["no"][0], row["no"][1]),
        )
        for row in told["caution"]
    )
