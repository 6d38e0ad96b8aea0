"""Other names of what a question is about, out of the Human Phenotype Ontology: a patient's word, the other language.

Only where the ontology is installed, and only looked up where the question's own words did not suffice.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from bedside.cleaning.language import HAN
from bedside.consult._base import Focus
from bedside.consult.focus import topic_terms
from bedside.errors import BedsideError
from bedside.library._terms import terms_of

if TYPE_CHECKING:
    from bedside.knowledge.hpo import Hpo
    from bedside.phenotypes.names import Names

MOST = 8
"""Other names of one finding that are tried."""
ASKED = {
    "symptoms": "symptoms of {}",
    "treatment": "treatment of {}",
    "causes": "causes of {}",
    "diagnosis": "diagnosis of {}",
    "prevention": "prevention of {}",
    "outlook": "outlook for {}",
    "inheritance": "is {} inherited",
    "genes": "genetic changes in {}",
    "frequency": "how common is {}",
    "risk": "who is at risk for {}",
    "definition": "what is {}",
    "care": "diet and care for {}",
}
"""How a name is searched for, by the kind of question."""


@dataclass(frozen=True, slots=True)
class OtherName:
    """Another name as a topic, and as it is searched for."""

    terms: tuple[str, ...]
    asked: str


class Synonyms:
    """Opens the ontology when it is first needed; without it there are no other names."""

    def of(self, question: str, focus: Focus) -> list[OtherName]:
        """Other names of the topic of a question, the most usual first."""
        opened = self._opened
        if opened is None:
            return []
        hpo, names = opened
        chinese = HAN.search(question) is not None
        hits = [*(names.chinese.find(question) if chinese else ()), *names.english.find(question)]
        template = next((ASKED[kind] for kind in focus.kinds if kind in ASKED), "{}")
        found: dict[tuple[str, ...], OtherName] = {}
        for hit in hits:
            left = question[: hit.start] + " ... " + question[hit.end :]
            rest = tuple(term for term in topic_terms(left) if not HAN.match(term) and term in focus.topic)
            for name in self._names(hpo, hit.term)[:MOST]:
                terms = tuple(dict.fromkeys([*rest, *terms_of(name)]))
                found.setdefault(terms, OtherName(terms, template.format(" ".join([*rest, name]))))
        return [one for one in found.values() if set(one.terms) != set(focus.topic)][: 2 * MOST]

    @staticmethod
    def _names(hpo: Hpo, term: int) -> list[str]:
        exact = [text for text, scope, _ in hpo.synonyms(term) if scope == "EXACT"]
        return list(dict.fromkeys(name.lower() for name in (hpo.names[term], *exact)))

    @cached_property
    def _opened(self) -> tuple[Hpo, Names] | None:
        from bedside.knowledge.hpo import open_hpo
        from bedside.phenotypes.names import open_names

        try:
            hpo = open_hpo()
            return hpo, open_names(hpo)
        except BedsideError:
            return None
