"""Words of which one excludes the others when said of the same thing: left and right, mild and severe, up and down."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bedside.cleaning.language import HAN


@dataclass(frozen=True, slots=True)
class Mark:
    """One such word with its place: of which set it is, which of the set, and whether it is denied."""

    start: int
    end: int
    set: str
    value: str
    denied: bool = False


@dataclass(frozen=True, slots=True)
class Set:
    """Values that exclude each other; `binds`: each is said of the thing next to it.

    `covers`: what one is also true of; `beside`: what says nothing for or against it.
    """

    name: str
    binds: bool
    covers: dict[str, tuple[str, ...]]
    beside: dict[str, tuple[str, ...]]

    def clash(self, one: str, other: str) -> bool:
        """Whether the one says that the other is wrong; what has fallen may still be high."""
        return not self.agree(one, other) and not _related(self.beside, one, other)

    def agree(self, one: str, other: str) -> bool:
        """Whether two values can both be true of a thing."""
        return one == other or _related(self.covers, one, other)


def marks(text: str) -> list[Mark]:
    """The words of all sets in a text, the longest where two begin at one place.

    >>> [(one.set, one.value) for one in marks("Severe left knee pain, 右侧轻度")]
    [('degree', 'severe'), ('side', 'left'), ('side', 'right'), ('degree', 'mild')]
    """
    found = [*_found(text, *_words("apart"))]
    kept: list[Mark] = []
    for one in sorted(found, key=lambda mark: (mark.start - mark.end, mark.start)):
        rivals = [other for other in kept if one.start < other.end and other.start < one.end]
        if all((other.start, other.end) == (one.start, one.end) or other.set != one.set for other in rivals):
            kept.append(one)
    return sorted(kept, key=lambda mark: (mark.start, mark.set))


def siblings(text: str) -> list[Mark]:
    """Things of one family of which a text may name the wrong one: bones, vessels, valves, types of an illness.

    >>> [(one.set, one.value) for one in siblings("fracture of the distal ulna, 乙型肝炎")]
    [('forearm', 'ulna'), ('hepatitis', 'b')]
    """
    return list(_found(text, *_words("siblings")))


@cache
def sets() -> dict[str, Set]:
    """The sets by name."""
    return {
        name: Set(name, bool(row["binds"]), _pairs(row, "covers"), _pairs(row, "beside"))
        for name, row in _read("apart").items()
    }


def _pairs(row: dict[str, object], key: str) -> dict[str, tuple[str, ...]]:
    pairs = row.get(key, {})
    assert isinstance(pairs, dict)
    return {one: tuple(others) for one, others in pairs.items()}


def _related(pairs: dict[str, tuple[str, ...]], one: str, other: str) -> bool:
    return other in pairs.get(one, ()) or one in pairs.get(other, ())


def _found(text: str, pattern: re.Pattern[str], exact: dict[str, list[tuple[str, str]]]) -> Iterator[Mark]:
    for match in pattern.finditer(text):
        said = match.group(1)
        for name, value in exact.get(said, exact.get(said.lower(), [])):
            yield Mark(match.start(1), match.start(1) + len(said), name, value)


@cache
def _words(table: str) -> tuple[re.Pattern[str], dict[str, list[tuple[str, str]]]]:
    """What finds any of the words, overlapping ones too, and of which sets each is; one in capitals only as written."""
    exact: dict[str, list[tuple[str, str]]] = {}
    for name, row in _read(table).items():
        for value, said in row.items():
            for word in said.split("|") if isinstance(said, str) else ():
                exact.setdefault(word, []).append((name, value))
    parts = []
    for word in sorted(exact, key=len, reverse=True):
        written = re.escape(word)
        if HAN.search(word) or not word[0].isalpha():
            parts.append(_NOT_ABOUT.get(word, written))
        elif word.isupper() or word[:-1].isupper():
            parts.append(rf"(?<![A-Za-z\d]){written}(?![A-Za-z])" if len(word) > 1 else _letter(word))
        else:
            parts.append(rf"(?<![A-Za-z])(?i:{written})(?![A-Za-z]|-handed)(?i:{_NO_SIDE.get(word, '')})")
    return re.compile(f"(?=({'|'.join(parts)}))"), exact


_NO_SIDE = {
    "left": r"(?<!\bhe left)(?<!\bshe left)(?<!\bthey left)(?<!\bpatient left)(?:(?<=\bthe left)|"
    r"(?!\s+(?:to|out|off|with|over|behind|alone|in|open|home|hospital|without|an?|the|her|him|them|un[a-z]+)\b))",
    "right": r"(?<!\bput right)(?<!\ball right)(?!\s+(?:away|now|after|before|then|up|down|through)\b)",
}
"""Where "left" is gone or stays so, and "right" mended or at once: no side."""
_NOT_ABOUT = {"左": "左(?!右)", "右": "(?<!左)右"}
"""一个月左右 is about a month."""


def _letter(letter: str) -> str:
    """A letter that stands for a word: a side before what it is of ("R knee"), a sex beside the age ("58 M")."""
    if letter in "LR":
        return rf"(?<![A-Za-z.])(?<!\d)(?<!\d\s){letter}(?=\s+[a-z])"
    behind = [rf"(?<={age}){letter}(?![A-Za-z\d.'])" for age in (r"\d", r"\d\s", r"yo\s", r"y/o\s", r"mo\s")]
    return "|".join([*behind, rf"(?<![A-Za-z\d]){letter}(?=\s(?:1[5-9]|[2-9]\d)(?:[\s,;]|\.\s|y))"])


@cache
def _read(table: str) -> dict[str, dict[str, object]]:
    return tomllib.loads(files("bedside.grounding").joinpath(f"data/{table}.toml").read_text(encoding="utf-8"))
