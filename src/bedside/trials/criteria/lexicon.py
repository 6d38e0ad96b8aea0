"""Names of what criteria ask for, from the tables of data/, found in a text by their first two letters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from bedside.trials.criteria.plain import cased, lowered


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing with its codes; `kind` is that of a condition, or how a scale is graded."""

    concept: str
    kind: str
    codes: tuple[str, ...] = ()
    names: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Hit:
    """A name in a text."""

    start: int
    end: int
    entry: Entry


class Lexicon:
    """Entries by their names; abbreviations of up to five capitals must be written so.

    >>> (hit,) = Lexicon([Entry("stroke", "diagnosis", (), ("stroke", "脑卒中"))]).find("Prior strokes")
    >>> hit.start, hit.end, hit.entry.concept
    (6, 13, 'stroke')
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._names: dict[str, Entry] = {}
        self._short: dict[str, Entry] = {}
        lengths: dict[str, set[int]] = {}
        for entry in entries:
            for name in entry.names:
                for form in _forms(name):
                    short = _is_short(name)
                    (self._short if short else self._names).setdefault(form, entry)
                    lengths.setdefault(form[:2].lower(), set()).add(len(form))
        self._lengths = {head: sorted(many, reverse=True) for head, many in lengths.items()}

    def get(self, name: str) -> Entry | None:
        """The entry of exactly this name."""
        return self._names.get(_joined(lowered(name))) or self._short.get(_joined(cased(name)))

    def find(self, text: str, low: str | None = None) -> list[Hit]:
        """Every name, the longest at each place, without overlaps; `low` is the text in small letters, if known."""
        return list(self._find(_joined(cased(text)), _joined(lowered(text) if low is None else low)))

    def _find(self, exact: str, low: str) -> Iterator[Hit]:
        at, size = 0, len(low)
        while at < size - 1:
            found = self._at(exact, low, at)
            if found is None:
                at += 1
            else:
                yield found
                at = found.end

    def _at(self, exact: str, low: str, at: int) -> Hit | None:
        lengths = self._lengths.get(low[at : at + 2])
        if lengths is None or (at and _word(low[at]) and _word(low[at - 1])):
            return None
        for length in lengths:
            end = at + length
            entry = self._names.get(low[at:end]) or self._short.get(exact[at:end])
            if entry is None or end > len(low):
                continue
            if end < len(low) and _word(low[end - 1]) and _word(low[end]) and not low[end].isdigit():
                continue
            return Hit(at, end, entry)
        return None


def _word(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _joined(text: str) -> str:
    """A hyphen is a space: non-small-cell and non small cell are one."""
    return text.replace("-", " ")


def _is_short(name: str) -> bool:
    return name.isascii() and name.isupper() and len(name) <= 5 and name.isalpha()


def _forms(name: str) -> Iterator[str]:
    """A name as it is looked up, with its plural in English."""
    if _is_short(name):
        yield cased(name)
        yield cased(name) + "s"
        return
    form = _joined(lowered(name))
    yield form
    if name.isascii() and len(name) > 4 and form[-1].isalpha():
        if form.endswith("y"):
            yield form[:-1] + "ies"
        elif form[-1] != "s":
            yield form + "s"


def read_table(name: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """The rows of data/NAME.tsv: concept, second column, names of both languages."""
    said = files("bedside.trials").joinpath(f"data/{name}.tsv").read_text(encoding="utf-8")
    for line in said.splitlines():
        if line and not line.startswith("#"):
            concept, second, english, chinese = line.split("\t")
            yield concept, second, tuple(one for one in (*english.split("|"), *chinese.split("|")) if one)


@cache
def measurements() -> Lexicon:
    """What is measured, and scales that are graded (kind: number, roman, letter or stage)."""
    known: dict[str, list[str]] = {}
    from bedside.phenotypes.measured import loinc

    for code, quantity in loinc().items():
        known.setdefault(quantity, []).append(code)
    rows = [
        Entry(
            concept, "measurement", tuple(f"LOINC:{code}" for code in (*known.get(concept, ()), *codes.split())), names
        )
        for concept, codes, names in read_table("measurements")
    ]
    scales = [Entry(concept, grade, (), names) for concept, grade, names in read_table("scales")]
    return Lexicon([*scales, *rows])


_SCHEMES = {"diagnoses": ("diagnosis", "ICD10"), "medicines": ("medicine", "ATC"), "procedures": ("procedure", "")}


@cache
def entries() -> tuple[Entry, ...]:
    """Diagnoses, medicines and procedures."""
    return tuple(
        Entry(concept, kind, tuple(f"{scheme}:{code}" for code in codes.split()), names)
        for table, (kind, scheme) in _SCHEMES.items()
        for concept, codes, names in read_table(table)
    )


GENERIC = frozenset(("drug", "food", "eggs", "latex", "study drug", "metal implant"))
"""What one can be allergic to, and which alone says nothing."""


@cache
def medicines() -> Lexicon:
    """What an allergy can be to."""
    return Lexicon(entry for entry in entries() if entry.kind == "medicine")


@cache
def things() -> Lexicon:
    """All diagnoses, medicines and procedures but for what says nothing alone."""
    return Lexicon(entry for entry in entries() if entry.concept not in GENERIC or entry.concept == "metal implant")
