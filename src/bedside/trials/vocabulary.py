"""What is looked for in charts: every concept, medicine, analyte and scale as a number, with names, codes and kinds.

The whole of the tables is looked for, not only what a trial asks: "diabetes insipidus" must not be read as diabetes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from bedside.trials._base import Condition
from bedside.trials.names import Names
from bedside.trials.tables import (
    Analyte,
    Course,
    Scale,
    analytes,
    concepts,
    medicine_classes,
    medicines,
    members,
    scales,
)
from bedside.types import Code

MOST_KINDS = 300
"""Narrower terms of the ontology whose names are looked for too."""
_ICD = re.compile(r"[A-Z]\d[0-9A-Z]?(?:\.?[0-9A-Z]{1,4})?", re.IGNORECASE)


class Thing(NamedTuple):
    """One thing that is looked for; `course` is that of a concept, "" for all else."""

    name: str
    sort: str
    course: Course | str = ""


class Vocabulary:
    """Things by number; `up[n]` holds n and everything wider, so that what is found counts for all of them.

    >>> words = Vocabulary()
    >>> t2d = words.number("diagnosis", "type 2 diabetes")
    >>> words.things[t2d].name, [words.things[n].name for n in sorted(words.up[t2d])]
    ('type 2 diabetes', ['diabetes mellitus', 'type 2 diabetes'])
    >>> [words.things[n].name for n in sorted(words.up[words.number("medicine", "rosuvastatin")])]
    ['lipid-lowering drug', 'statin', 'rosuvastatin']
    """

    def __init__(self) -> None:
        self.things: list[Thing] = []
        self.up: list[frozenset[int]] = []
        self.parents: list[tuple[int, ...]] = []
        self.names = Names()
        self.denials: dict[int, int] = {}
        self.icd: dict[str, list[int]] = {}
        self.exact: dict[str, list[int]] = {}
        self.analytes: dict[int, Analyte] = {}
        self.scales: dict[int, Scale] = {}
        self._known: dict[tuple[str, str, tuple[str, ...]], int] = {}
        self._fill()

    def number(self, kind: str, concept: str, codes: Iterable[str] = ()) -> int:
        """The number of what a condition asks for; a concept in no table becomes a thing of its own words and codes."""
        key = (kind, concept.strip().lower(), tuple(codes))
        if key not in self._known:
            self._known[key] = self._number(kind, concept.strip(), tuple(codes))
        return self._known[key]

    def of(self, condition: Condition) -> int:
        """The same of a condition."""
        return self.number(condition.kind, condition.concept, condition.codes)

    def coded(self, codes: Iterable[Code]) -> set[int]:
        """What an entry's codes stand for."""
        found: set[int] = set()
        for code in codes:
            value, system = code.code.upper(), code.system.lower()
            found.update(self.exact.get(value.replace("_", ":"), ()))
            if "icd" in system or (not system and _ICD.fullmatch(value)) or "2.16.840.1.113883.6.90" in system:
                for size in range(1, len(value) + 1):
                    found.update(self.icd.get(value[:size], ()))
        return found

    def _number(self, kind: str, concept: str, codes: tuple[str, ...]) -> int:
        wanted = _SORTS.get(kind, ("concept",))
        for sort in wanted:
            for number in self.names.exactly(concept):
                if self.things[number].sort == sort:
                    return number
        named = {code.partition(":")[2] if not code.startswith("HP:") else code for code in codes}
        for number in {n for code in named for n in self.exact.get(code, ())}:
            if self.things[number].sort in wanted and self.things[number].sort != "concept":
                return number
        parents = [n for n in self.names.ending(concept) if self.things[n].sort in wanted]
        number = self._add(Thing(concept, wanted[0], "chronic" if wanted[0] == "concept" else ""), [concept], parents)
        for code in codes:
            system, _, value = code.partition(":")
            if system == "HP":
                self._ontology(number, code)
            elif system.upper().startswith("ICD"):
                self.icd.setdefault(value.upper(), []).append(number)
            else:
                self.exact.setdefault(value.upper(), []).append(number)
        return number

    def _add(self, thing: Thing, names: Iterable[str], parents: Iterable[int] = ()) -> int:
        number = len(self.things)
        self.things.append(thing)
        self.parents.append(tuple(parents))
        self.up.append(frozenset({number}).union(*(self.up[parent] for parent in self.parents[-1])))
        for name in names:
            self.names.add(name, number)
        return number

    def _ontology(self, number: int, id: str) -> None:
        """The names of a term of the Human Phenotype Ontology and of its kinds, and their ids."""
        from bedside.knowledge.hpo import open_hpo
        from bedside.phenotypes.names import chinese_names

        hpo = open_hpo()
        if id not in hpo.number:
            return
        term = hpo.number[id]
        kinds = [one for one in range(len(hpo.ids)) if term in hpo.ancestors(one)]
        for one in kinds[:MOST_KINDS] if len(kinds) <= MOST_KINDS else [term]:
            self.exact.setdefault(hpo.ids[one], []).append(number)
            exact = [text for text, scope, _ in hpo.synonyms(one) if scope == "EXACT"]
            for name in (hpo.names[one], *exact):
                self.names.add(name, number)
        wanted = set(kinds)
        for _, one, name in chinese_names(hpo):
            if one in wanted:
                self.names.add(name, number)

    def _fill(self) -> None:
        rows = concepts()
        place = {row.name: n for n, row in enumerate(rows)}
        for row in rows:
            self._add(Thing(row.name, "concept", row.course), (row.name, *row.names))
        for number, row in enumerate(rows):
            self.parents[number] = tuple(place[parent] for parent in row.parents)
            for code in row.icd10:
                self.icd.setdefault(code, []).append(number)
            for code in row.snomed:
                self.exact.setdefault(code, []).append(number)
        for number in range(len(rows)):
            self.up[number] = frozenset(_closure(number, self.parents))
        for number, row in enumerate(rows):
            for denial in row.denials:
                denied = self._add(Thing(f"not {row.name}", "denial"), [denial])
                self.denials[denied] = number
        classes = {row: self._add(Thing(row.name, "medicine"), (row.name, *row.names)) for row in medicine_classes()}
        for row in classes:  # a class within a class
            wider = [n for other, n in classes.items() if row.atc and all(c.startswith(other.atc) for c in row.atc)]
            self.up[classes[row]] = frozenset({classes[row], *wider})
            self.parents[classes[row]] = tuple(n for n in wider if n != classes[row])
        above: dict[str, list[int]] = {}
        for row, number in classes.items():
            for drug in members(row):
                above.setdefault(drug.name, []).append(number)
        for drug in medicines():
            self._add(Thing(drug.name, "medicine"), (drug.name, *drug.names), above.get(drug.name, ()))
        for analyte in analytes():
            number = self._add(Thing(analyte.name, "analyte"), (analyte.name, *analyte.names))
            self.analytes[number] = analyte
            self._codes(number, analyte.loinc)
        for scale in scales():
            number = self._add(Thing(scale.name, "scale"), (scale.name, *scale.names))
            self.scales[number] = scale
            self._codes(number, scale.loinc)

    def _codes(self, number: int, loinc: Iterable[str]) -> None:
        for code in loinc:
            self.exact.setdefault(code, []).append(number)


_SORTS: dict[str, tuple[str, ...]] = {
    "diagnosis": ("concept",),
    "finding": ("concept",),
    "procedure": ("concept", "medicine"),
    "pregnancy": ("concept",),
    "medicine": ("medicine", "concept"),
    "allergy": ("medicine", "concept"),
    "measurement": ("analyte", "scale"),
    "status": ("scale", "analyte", "concept"),
}


def _closure(number: int, parents: list[tuple[int, ...]]) -> set[int]:
    found, todo = {number}, [number]
    while todo:
        for one in parents[todo.pop()]:
            if one not in found:
                found.add(one)
                todo.append(one)
    return found
