"""A figure that a paper states, with its interval and p value, its place, and what it belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistic:
    """One figure of one sentence; places are code points in the paper's text, end exclusive.

    `kind` is a name of data/measures.tsv, or `n`, `proportion` (in percent, of `count` in `total`), `mean`, `median`,
    `change` or `p` (a p value alone). `low` and `high` are the limits of `level` percent, of the middle half
    (`spread` "IQR") or none; `p` is as printed, its sign before it. `flags` name what cannot be true of it.
    """

    kind: str
    start: int
    end: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    level: float | None = None
    spread: str = ""
    sd: float | None = None
    count: int | None = None
    total: int | None = None
    p: str = ""
    unit: str = ""
    adjusted: bool = False
    arm: str = ""
    outcome: str = ""
    sentence: tuple[int, int] = (0, 0)
    flags: tuple[str, ...] = ()
    text: str = field(default="", compare=False)

    @property
    def effect(self) -> bool:
        """Whether it compares: a ratio or a difference, with a value of no effect."""
        return self.kind == "change" or (self.kind in measures() and measures()[self.kind].null is not None)

    def shown(self) -> str:
        """The figure on one line, the same in both languages.

        >>> Statistic(kind="HR", value=0.8, low=0.7, high=0.9, p="<0.001", start=0, end=9).shown()
        'HR 0.8 (0.7 to 0.9), p<0.001'
        """
        parts = [] if self.value is None else [f"{self.value:g}{'%' if self.kind in PERCENT else ''}"]
        if self.sd is not None:
            parts.append(f"± {self.sd:g}")
        if self.low is not None and self.high is not None:
            parts.append(f"({self.spread + ' ' if self.spread else ''}{self.low:g} to {self.high:g})")
        if self.total is not None:
            parts.append(f"({self.count}/{self.total})" if parts else f"{self.count}/{self.total}")
        elif self.count is not None:
            parts.append(f"({self.count})")
        if self.unit:
            parts.append(self.unit)
        said = " ".join(part for part in (self.kind, *parts) if part and part != "p")
        return ", ".join(filter(None, (said, f"p{self.p}" if self.p else "")))


PERCENT = ("proportion", "I2", "efficacy")
"""Kinds whose value is in percent always."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A kind of figure by its names; `null` is the value that says no effect, None where there is none."""

    kind: str
    null: float | None
    scale: str
    pattern: str


@cache
def measures() -> dict[str, Measure]:
    """The kinds that have names, out of data/measures.tsv."""
    lines = files("bedside.literature").joinpath("data/measures.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]
    return {
        kind: Measure(kind, None if null == "-" else float(null), scale, pattern) for kind, null, scale, pattern in rows
    }


@cache
def names() -> re.Pattern[str]:
    """Any name of any measure; the group says which (`k0`, `k1`, ... in the order of the file)."""
    return re.compile("|".join(f"(?P<k{no}>{one.pattern})" for no, one in enumerate(measures().values())), re.ASCII)


def kind_of(found: re.Match[str]) -> str:
    """The measure that a match of `names()` names."""
    return list(measures())[int(str(found.lastgroup)[1:])]
