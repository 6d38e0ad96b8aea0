"""What is looked for in charts: every concept, medicine, analyte and scale as a number, with names, codes and kinds.

The whole of the tables is looked for, not only what a trial asks: "diabetes insipidus" must not be read as diabetes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bedside.phenotypes.tables import Analyte, Scale
from bedside.trials.criterion import Condition
from bedside.trials.matching.names import Names
from bedside.trials.matching.thing import Thing
from bedside.trials.matching.vocabulary_fill import borrow, fill
from bedside.types import Code

_ICD = re.compile(r"[A-Z]\d[0-9A-Z]?(?:\.?[0-9A-Z]{1,4})?", re.IGNORECASE)


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
        fill(self)
        borrow(self)

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
        number = self.add(Thing(concept, wanted[0], "chronic" if wanted[0] == "concept" else ""), [concept], parents)
        for code in codes:
            system, _, value = code.partition(":")
            if system == "HP":
                self._ontology(number, code)
            elif system.upper().startswith("ICD"):
                self.icd.setdefault(value.upper(), []).append(number)
            else:
                self.exact.setdefault(value.upper(), []).append(number)
        return number

    def add(self, thing: Thing, names: Iterable[str], parents: Iterable[int] = ()) -> int:
        """A new thing; its names may stand for others too."""
        number = len(self.things)
        self.things.append(thing)
        self.parents.append(tuple(parents))
        self.up.append(frozenset({number}).union(*(self.up[parent] for parent in self.parents[-1])))
        for name in names:
            self.names.add(name, number)
        return number

    def _ontology(self, number: int, id: str) -> None:
        """The names of a term of the Human Phenotype Ontology and of its kinds, and their ids."""
        from bedside.trials.matching.ontology import kinds_of

        for one, names in kinds_of(id):
            self.exact.setdefault(one, []).append(number)
            for name in names:
                self.names.add(name, number)


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
