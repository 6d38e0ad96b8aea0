"""Reads the files of sentences with the figures that they hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bedside.literature._statistic import Statistic


@dataclass(frozen=True)
class Right:
    """A figure that a sentence holds, and words that its arm and outcome must have."""

    kind: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    sd: float | None = None
    count: int | None = None
    total: int | None = None
    p: str = ""
    arm: str = ""
    outcome: str = ""

    def is_(self, one: Statistic) -> bool:
        parts = ("kind", "value", "low", "high", "sd", "count", "total", "p")
        same = all(getattr(self, name) == getattr(one, name) for name in parts)
        return same and self.arm.lower() in one.arm.lower() and self.outcome.lower() in one.outcome.lower()


def sentences(name: str) -> list[tuple[str, list[Right]]]:
    found: list[tuple[str, list[Right]]] = []
    for line in (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if not line.startswith("  ="):
            found.append((line, []))
        elif line[3:].strip():
            found[-1][1].append(_right(line[3:].strip()))
    return found


def _right(said: str) -> Right:
    row, _, outcome = said.partition("~")
    kind, *rest = row.split()
    parts: dict[str, object] = {"outcome": outcome.strip()}
    for one in rest:
        if one[0] == "@":
            parts["arm"] = one[1:]
        elif one[0] == "[":
            parts["low"], parts["high"] = map(float, one[1:-1].split(","))
        elif one[0] == "±":
            parts["sd"] = float(one[1:])
        elif one[0] == "p":
            parts["p"] = one[1:]
        elif "/" in one:
            parts["count"], parts["total"] = map(int, one.split("/"))
        elif "value" in parts:
            parts["count"] = int(one)
        elif re.fullmatch(r"-?[\d.]+", one):
            parts["value"] = float(one)
        else:
            raise ValueError(one)
    return Right(kind="proportion" if kind == "%" else kind, **parts)  # type: ignore[arg-type]
