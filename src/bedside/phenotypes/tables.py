"""The cited tables that matching looks things up in: names and codes, medicines and their classes, analytes, scales."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple, cast, get_args

Course = Literal["event", "acute", "chronic", "lasting", "past"]


class Concept(NamedTuple):
    """A diagnosis, procedure or state: its names, codes and the wider ones it is a kind of; `denials` say it is not."""

    name: str
    course: Course
    parents: tuple[str, ...]
    icd10: tuple[str, ...]
    snomed: tuple[str, ...]
    names: tuple[str, ...]
    denials: tuple[str, ...]


class Medicine(NamedTuple):
    """A medicine, or a class of them, by ATC codes or the beginnings of them."""

    name: str
    atc: tuple[str, ...]
    names: tuple[str, ...]


class Analyte(NamedTuple):
    """Something measured: the unit it is compared in, g/mol, and what is plausible in that unit."""

    name: str
    unit: str
    molar_mass: float | None
    quantity: str
    loinc: tuple[str, ...]
    plausible: tuple[float, float]
    names: tuple[str, ...]


class Scale(NamedTuple):
    """A graded scale and the scores that there are."""

    name: str
    scores: tuple[float, float]
    loinc: tuple[str, ...]
    names: tuple[str, ...]


@cache
def concepts() -> tuple[Concept, ...]:
    """Every concept of the table.

    >>> next(one.parents for one in concepts() if one.name == "type 2 diabetes")
    ('diabetes mellitus',)
    """
    rows = (_cells(line, 8) for line in _lines("concepts.tsv"))
    return tuple(
        Concept(
            name,
            _course(course),
            _split(parents, ","),
            _split(icd10, ","),
            _split(snomed, ","),
            (*_split(en), *_split(zh)),
            _split(no),
        )
        for name, course, parents, icd10, snomed, en, zh, no in rows
    )


@cache
def medicines() -> tuple[Medicine, ...]:
    """Every medicine of the table."""
    return _medicines("medicines.tsv")


@cache
def medicine_classes() -> tuple[Medicine, ...]:
    """Every class of medicines."""
    return _medicines("medicine_classes.tsv")


@cache
def analytes() -> tuple[Analyte, ...]:
    """Everything measured."""
    return tuple(
        Analyte(
            name,
            unit,
            float(mass) if mass else None,
            quantity,
            _split(loinc, ","),
            _range(plausible),
            (*_split(en), *_split(zh)),
        )
        for name, unit, mass, quantity, loinc, plausible, en, zh in (_cells(line, 8) for line in _lines("analytes.tsv"))
    )


@cache
def scales() -> tuple[Scale, ...]:
    """Every scale."""
    return tuple(
        Scale(name, _range(scores), _split(loinc, ","), (*_split(en), *_split(zh)))
        for name, scores, loinc, en, zh in (_cells(line, 5) for line in _lines("scales.tsv"))
    )


def members(one: Medicine) -> tuple[Medicine, ...]:
    """The medicines of a class.

    >>> [found.name for found in members(next(c for c in medicine_classes() if c.name == "SGLT2 inhibitor"))]
    ['empagliflozin', 'dapagliflozin', 'canagliflozin']
    """
    return tuple(drug for drug in medicines() if any(code.startswith(one.atc) for code in drug.atc))


def _medicines(table: str) -> tuple[Medicine, ...]:
    rows = (_cells(line, 4) for line in _lines(table))
    return tuple(Medicine(name, _split(atc, ","), (*_split(en), *_split(zh))) for name, atc, en, zh in rows)


def _course(written: str) -> Course:
    return cast(Course, written) if written in get_args(Course) else "chronic"


def _range(written: str) -> tuple[float, float]:
    """Two numbers, the first of which may be negative."""
    low, _, high = written[1:].partition("-")
    return float(written[0] + low), float(high)


def _split(cell: str, by: str = "|") -> tuple[str, ...]:
    return tuple(part for part in cell.split(by) if part)


def _cells(line: str, count: int) -> list[str]:
    cells = line.split("\t")
    return [*cells, *[""] * (count - len(cells))]


def _lines(name: str) -> list[str]:
    text = files("bedside.phenotypes").joinpath(f"data/chart/{name}").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
