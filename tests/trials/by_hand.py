"""Criteria with their right answers (data/*.txt), and conditions in the short notation that the answers use."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from bedside.trials.criterion import Condition, Criterion, Side

DATA = Path(__file__).parent / "data"


class Answer(NamedTuple):
    """A criterion and what it must come to."""

    side: Side
    text: str
    groups: tuple[str, ...]
    rest: tuple[str, ...]


def answers(name: str) -> list[Answer]:
    """The blocks of a file."""
    found = []
    for block in (DATA / name).read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        if lines:
            side, text = lines[0].split(": ", 1)
            groups = tuple(sorted(_sorted(line[2:]) for line in lines[1:] if line.startswith("=")))
            rest = tuple(line[2:] for line in lines[1:] if line.startswith("?"))
            found.append(Answer("exclude" if side == "exclude" else "include", text, groups, rest))
    return found


def told(criterion: Criterion) -> tuple[str, ...]:
    """The groups of a criterion in the notation, sorted."""
    return tuple(sorted(_sorted(" | ".join(map(short, group))) for group in criterion.groups))


def rest(criterion: Criterion) -> list[str]:
    """What of it is not computed."""
    return [criterion.text[start:end] for start, end in criterion.unparsed]


def short(one: Condition) -> str:
    """A condition in a line: `diagnosis +stroke <183d`, `measurement haemoglobin >= 90 g/L`, `age 18..70`."""
    within = f" <{one.within_days:g}d" if one.within_days is not None else ""
    if one.op in ("present", "absent"):
        narrowed = f" {{{', '.join(sorted(one.qualifiers))}}}" if one.qualifiers else ""
        return f"{one.kind} {'+' if one.op == 'present' else '-'}{one.concept}{narrowed}{within}"
    bound = one.low if one.low is not None else one.high
    value = f"{one.low:g}..{one.high:g}" if one.op == "between" else f"{one.op} {bound:g}"
    if one.kind == "age":
        return f"age {value}"
    unit = f" x{one.times}" if one.times else f" {one.unit}" if one.unit else ""
    return f"{one.kind} {one.concept} {value}{unit}{within}"


def _sorted(group: str) -> str:
    return " | ".join(sorted(one.strip() for one in group.split(" | ")))
