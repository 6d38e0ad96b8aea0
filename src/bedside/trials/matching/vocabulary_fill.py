"""What every vocabulary begins with: the tables for charts, and the names that criteria use beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedside.phenotypes.tables import Medicine, analytes, concepts, medicine_classes, medicines, members, scales
from bedside.trials.criteria.lexicon import read_table
from bedside.trials.matching.thing import Thing

if TYPE_CHECKING:
    from bedside.trials.matching.vocabulary import Vocabulary

BORROWED = (
    ("diagnoses", "concept"),
    ("procedures", "concept"),
    ("medicines", "medicine"),
    ("measurements", "analyte"),
    ("scales", "scale"),
)
"""Tables of names that criteria are read with, and the sort of thing that each holds."""


def fill(words: Vocabulary) -> None:
    """The tables for charts."""
    _concepts(words)
    _medicines(words)
    for analyte in analytes():
        number = words.add(Thing(analyte.name, "analyte"), (analyte.name, *analyte.names))
        words.analytes[number] = analyte
        for code in analyte.loinc:
            words.exact.setdefault(code, []).append(number)
    for scale in scales():
        number = words.add(Thing(scale.name, "scale"), (scale.name, *scale.names))
        words.scales[number] = scale
        for code in scale.loinc:
            words.exact.setdefault(code, []).append(number)


def borrow(words: Vocabulary) -> None:
    """Names that criteria are read with, so that both mean the same thing: of a thing that is known, only new ones."""
    for table, sort in BORROWED:
        for concept, second, names in read_table(table):
            number = _known(words, sort, (concept, *names))
            if number is None:
                number = words.add(Thing(concept, sort, "chronic" if sort == "concept" else ""), ())
                parents = _above(words, concept, sort, tuple(second.split()))
                words.parents[number] = tuple(parents)
                words.up[number] = frozenset({number}).union(*(words.up[one] for one in parents))
                if sort == "concept" and table == "diagnoses":
                    for code in second.split():
                        words.icd.setdefault(code, []).append(number)
            for name in (concept, *names):
                if not any(words.things[one].sort == sort for one in words.names.exactly(name)):
                    words.names.add(name, number)


def _known(words: Vocabulary, sort: str, names: tuple[str, ...]) -> int | None:
    for name in names:
        for number in words.names.exactly(name):
            if words.things[number].sort == sort:
                return number
    return None


def _above(words: Vocabulary, concept: str, sort: str, atc: tuple[str, ...]) -> list[int]:
    """What a borrowed thing is a kind of: the classes of its ATC code, or what its name ends in."""
    if sort == "medicine":
        classes = {one.name: one for one in medicine_classes() if one.atc}
        fits = [name for name, one in classes.items() if any(code.startswith(one.atc) for code in atc)]
        return [number for name in fits if (number := _known(words, sort, (name,))) is not None]
    return [one for one in words.names.ending(concept) if words.things[one].sort == sort] if sort == "concept" else []


def _concepts(words: Vocabulary) -> None:
    rows = concepts()
    place = {row.name: n for n, row in enumerate(rows)}
    for row in rows:
        number = words.add(Thing(row.name, "concept", row.course), (row.name, *row.names))
        words.parents[number] = tuple(place[parent] for parent in row.parents)
        for code in row.icd10:
            words.icd.setdefault(code, []).append(number)
        for code in row.snomed:
            words.exact.setdefault(code, []).append(number)
    for number in range(len(rows)):
        words.up[number] = frozenset(_closure(number, words.parents))
    for number, row in enumerate(rows):
        for denial in row.denials:
            words.denials[words.add(Thing(f"not {row.name}", "denial"), [denial])] = number


def _medicines(words: Vocabulary) -> None:
    classes: dict[Medicine, int] = {}
    for row in medicine_classes():
        classes[row] = words.add(Thing(row.name, "medicine"), (row.name, *row.names))
    above: dict[str, list[int]] = {}
    for row, number in classes.items():
        wider = [n for other, n in classes.items() if row.atc and all(code.startswith(other.atc) for code in row.atc)]
        words.up[number] = frozenset({number, *wider})
        words.parents[number] = tuple(n for n in wider if n != number)
        for drug in members(row):
            above.setdefault(drug.name, []).append(number)
    for drug in medicines():
        words.add(Thing(drug.name, "medicine"), (drug.name, *drug.names), above.get(drug.name, ()))


def _closure(number: int, parents: list[tuple[int, ...]]) -> set[int]:
    found, todo = {number}, [number]
    while todo:
        for one in parents[todo.pop()]:
            if one not in found:
                found.add(one)
                todo.append(one)
    return found
