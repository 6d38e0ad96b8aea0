"""Reads findings from a story: names, numbers and linked wordings, each with its context, as terms of the ontology."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bedside.cleaning.language import HAN
from bedside.cleaning.normalize import narrow
from bedside.knowledge.hpo import Hpo
from bedside.phenotypes._match_en import Hit, longest
from bedside.phenotypes._numbers import numbers
from bedside.phenotypes._patient import Patient, patient_of
from bedside.phenotypes._told import Told
from bedside.phenotypes.context import Context, Language, contexts
from bedside.phenotypes.names import Names, open_names

if TYPE_CHECKING:
    from bedside.phenotypes.linking import Linker


@dataclass(frozen=True, slots=True)
class Finding:
    """A term named in a text, where, and in which context; offsets in code points.

    `likeness` is that of the wording to the nearest name, None where a list names it.
    """

    id: str
    label: str
    start: int
    end: int
    context: Context
    likeness: float | None = None

    @property
    def present(self) -> bool:
        """The patient has it or had it."""
        context = self.context
        return not (context.negated or context.family or context.hypothetical or context.uncertain)

    @property
    def excluded(self) -> bool:
        """The patient is said not to have it."""
        return self.context.negated and not self.context.family


class Reader:
    """Reads texts with one release of the ontology: names, then numbers, then, with a `linker`, wordings in no list."""

    def __init__(self, hpo: Hpo, names: Names | None = None, linker: Linker | None = None) -> None:
        self.hpo = hpo
        self.names = names or open_names(hpo)
        self.told = Told(hpo)
        self.linker = linker

    def read(self, text: str, *, lang: Language | None = None, patient: Patient | None = None) -> list[Finding]:
        """The findings in the order of the text; `patient` gives age and sex where the text does not say them."""
        return self.read_all(text, lang=lang, patient=patient)[0]

    def read_all(
        self, text: str, *, lang: Language | None = None, patient: Patient | None = None
    ) -> tuple[list[Finding], list[Finding]]:
        """The findings, and the phrases that are near a finding but not near enough to be linked to it."""
        text = narrow(text)
        hits = self._hits(text, lang)
        said = contexts(text, [(hit.start, hit.end) for hit in hits], lang=lang)
        named = [self._finding(hit, context) for hit, context in zip(hits, said, strict=True) if _holds(hit, context)]
        found = named + self._measured(text, named, patient or patient_of(text))
        if self.linker is None:
            return found, []
        links = self.linker.links(text, [(one.start, one.end) for one in found])
        said = contexts(text, [(one.start, one.end) for one in links], lang=lang)
        near = [
            Finding(self.hpo.ids[one.term], self.hpo.names[one.term], one.start, one.end, context, one.likeness)
            for one, context in zip(links, said, strict=True)
        ]
        linked = [one for one, link in zip(near, links, strict=True) if link.linked]
        unlinked = [one for one, link in zip(near, links, strict=True) if not link.linked]
        return sorted([*found, *linked], key=lambda one: one.start) if linked else found, unlinked

    def _hits(self, text: str, lang: Language | None) -> list[Hit]:
        hits: list[Hit] = []
        if lang != "en" and HAN.search(text):
            hits += self.names.chinese.find(text)
        return longest([*hits, *self.names.english.find(text), *self.told.find(text)])

    def _measured(self, text: str, named: list[Finding], patient: Patient) -> list[Finding]:
        """Findings of numbers, but where a name beside the number says the same."""
        taken = {place for one in named for place in range(one.start, one.end)}
        marked = [one for one in numbers(text, patient) if one.id in self.hpo.number]
        said = contexts(text, [(one.start, one.end) for one in marked])
        return [
            Finding(one.id, self.hpo.label(one.id), one.start, one.end, context)
            for one, context in zip(marked, said, strict=True)
            if taken.isdisjoint(range(one.start, one.end)) and not context.family
        ]

    def _finding(self, hit: Hit, context: Context) -> Finding:
        said = Context(negated=True) if hit.fine else context
        return Finding(self.hpo.ids[hit.term], self.hpo.names[hit.term], hit.start, hit.end, said)


def _holds(hit: Hit, context: Context) -> bool:
    """That all is well denies a finding only where it is not doubted or said of somebody else."""
    return not (hit.fine and (context.family or context.hypothetical or context.uncertain))
