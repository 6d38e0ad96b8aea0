"""A term of the Human Phenotype Ontology with the terms that are kinds of it, and all their names."""

from __future__ import annotations

from functools import cache

from bedside.knowledge.hpo import Hpo, open_hpo
from bedside.phenotypes.names import chinese_names

MOST_KINDS = 300
"""A term with more kinds than this is looked for by its own names alone: it is a branch, no finding."""


def kinds_of(id: str) -> list[tuple[str, list[str]]]:
    """The ids and names of a term and its kinds, none for an unknown id.

    >>> [id for id, names in kinds_of("HP:0001903") if "Anaemia" in names]
    ['HP:0001903']
    """
    hpo = open_hpo()
    if id not in hpo.number:
        return []
    term = hpo.number[id]
    kinds = _below().get(term, [term])
    return [(hpo.ids[one], _names(hpo, one)) for one in (kinds if len(kinds) <= MOST_KINDS else [term])]


def _names(hpo: Hpo, term: int) -> list[str]:
    exact = [text for text, scope, _ in hpo.synonyms(term) if scope == "EXACT"]
    return [hpo.names[term], *exact, *_chinese().get(term, [])]


@cache
def _below() -> dict[int, list[int]]:
    """The kinds of each term, itself among them."""
    hpo = open_hpo()
    found: dict[int, list[int]] = {}
    for term in range(len(hpo.ids)):
        for above in hpo.ancestors(term).tolist():
            found.setdefault(above, []).append(term)
    return found


@cache
def _chinese() -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for _, term, name in chinese_names(open_hpo()):
        found.setdefault(term, []).append(name)
    return found
