"""A chart while it is being read, and what a reader carries along: the file's name, its options, its problems."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from bedside.formats._base import Problem, ReadOptions
from bedside.formats._charts.times import iso_time
from bedside.lang import tr
from bedside.types import Entry, Identifier, RawChart, Sex

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


def clean(text: str) -> str:
    """The text without NUL, other control characters and halves of characters, trimmed.

    >>> clean(" Gout\\x00 ")
    'Gout'
    """
    return _UNWRITABLE.sub("", text).strip()


@dataclass(slots=True)
class Draft:
    """One patient's piece, filled while reading; `chart()` freezes it."""

    patient: str
    sex: Sex = "unknown"
    birth_date: str | None = None
    entries: list[Entry] = field(default_factory=list)
    identifiers: dict[Identifier, None] = field(default_factory=dict)

    def know(self, identifiers: Iterable[Identifier]) -> None:
        """Remember identity, each value once."""
        self.identifiers.update(dict.fromkeys(identifiers))

    def chart(self) -> RawChart:
        """The piece as a value."""
        return RawChart(
            patient=self.patient,
            sex=self.sex,
            birth_date=self.birth_date,
            entries=tuple(self.entries),
            identifiers=tuple(self.identifiers),
        )


@dataclass(slots=True)
class Reading:
    """What a reader carries along: notes each doubt with its place, and never text from the chart."""

    file: str
    options: ReadOptions
    problems: list[Problem] = field(default_factory=list)

    def doubt(self, place: str, what: str) -> None:
        """Note a part that could not be read, or was read with a doubt."""
        self.problems.append(Problem(place, what))

    def drain(self) -> Iterator[Problem]:
        """The problems since the last call."""
        found, self.problems = self.problems, []
        yield from found

    def time(self, raw: str, place: str, parse: Callable[[str], str] = iso_time) -> str | None:
        """The time as ISO 8601, or None with a doubt when there is no such day or hour."""
        if not raw:
            return None
        try:
            return parse(raw)
        except ValueError:
            self.doubt(place, tr("impossible date or time; kept without it", "日期或时间不可能；已保留条目但不含时间"))
            return None

    def number(self, raw: object, place: str) -> float | None:
        """The number, or None; NaN, infinity and words are noted as a doubt."""
        if raw is None or raw == "" or isinstance(raw, bool):
            return None
        try:
            value = float(raw)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError):
            value = math.nan
        if math.isfinite(value):
            return value
        self.doubt(place, tr("not a finite number; kept without a value", "不是有限数值；已保留条目但不含数值"))
        return None
