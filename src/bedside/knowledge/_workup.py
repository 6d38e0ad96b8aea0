"""Which test would separate the leading candidates: expected drop of entropy over all that the test may show.

A test shows the findings under its branches of the ontology (data/workup.toml). Its gain is the mutual information of
the disease and the joint outcome of its most telling findings, each taken as independent within a disease, computed
exactly over all 2^m outcomes; nothing is sampled. Sequencing the candidates' genes is told apart: its gain is what it
would be if the causal variant were found, so a bound from above.
Shapes: k candidates, m findings of a test.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bedside.knowledge._ask import RAREST, SUREST, still_open
from bedside.knowledge._closure import closure_without
from bedside.knowledge._ranker import Findings, Ranker
from bedside.knowledge.hpo import Hpo
from bedside.lang import tr

Floats = NDArray[np.float64]
TELLING = 8
"""How many findings of one test are taken together: 256 outcomes."""
LEAST = 0.005
"""A gain in bits below this is none."""
COSTS = ("low", "moderate", "high")
BURDENS = ("none", "sample", "sedation", "lumbar", "scope", "biopsy")
By = Literal["gain", "ease"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A test as the table has it; `name` is in English and Chinese, `roots` the branches whose findings it shows."""

    id: str
    name: tuple[str, str]
    cost: str
    burden: str
    roots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggested:
    """A test, its expected gain in bits, and the findings it would look for: number of the term, own gain.

    `at_most`: the gain is a bound from above. `genes` are the candidates' genes, of sequencing only.
    """

    test: Kind
    gain_bits: float
    findings: tuple[tuple[int, float], ...] = ()
    genes: tuple[str, ...] = ()
    at_most: bool = False


SEQUENCING = Kind("gene-panel", ("Sequencing of the candidates' genes", "候选疾病致病基因测序"), "high", "sample", ())


def workup(
    ranker: Ranker,
    found: Findings,
    candidates: Sequence[int],
    weights: Floats,
    *,
    most: int = 5,
    by: By = "gain",
    skip: Collection[int] = (),
) -> list[Suggested]:
    """The tests that are expected to narrow the candidates most, best first; `weights` [k] are their chances.

    `by` gain takes bits alone; ease divides them by the classes of cost and burden. `skip` are findings not to be
    looked for again. Sequencing, where it would separate candidates, comes last and beside the `most`.
    """
    chances = np.asarray(weights, float) / np.sum(weights)
    owner = tests_of(ranker.hpo)
    groups: dict[str, list[int]] = defaultdict(list)
    closures = [
        dict(zip(*(part.tolist() for part in closure_without(ranker.hpo, d, ())), strict=True)) for d in candidates
    ]
    for term in still_open(ranker, found, candidates, skip):
        if term in owner:
            groups[owner[term]].append(term)
    kinds = {kind.id: kind for kind in tests()}
    suggested = [_gained(ranker, kinds[id], terms, closures, chances) for id, terms in groups.items()]
    suggested = [one for one in suggested if one.gain_bits >= LEAST]
    value = {one.test.id: one.gain_bits / (_steps(one.test) if by == "ease" else 1) for one in suggested}
    best = sorted(suggested, key=lambda one: (-value[one.test.id], one.test.id))[:most]
    genes = _sequencing(ranker.hpo, candidates, chances)
    return [*best, genes] if genes else best


def joint_gain(yes: Floats, chances: Floats) -> float:
    """The mutual information in bits of the disease and m yes-or-no findings: `yes` [m, k], `chances` [k].

    >>> round(joint_gain(np.array([[1.0, 0.0]]), np.array([0.5, 0.5])), 6)
    1.0
    >>> round(joint_gain(np.array([[0.3, 0.3], [0.9, 0.9]]), np.array([0.5, 0.5])), 6)
    0.0
    """
    outcomes = np.ones((1, len(chances)))
    for row in np.asarray(yes, float):
        outcomes = np.concatenate([outcomes * row, outcomes * (1 - row)])
    overall = outcomes @ chances
    within = _entropy(outcomes).sum(axis=0) @ chances
    return max(0.0, float(_entropy(overall).sum() - within))


@cache
def tests() -> tuple[Kind, ...]:
    """The table."""
    said: dict[str, Any] = tomllib.loads(files("bedside.knowledge").joinpath("data/workup.toml").read_text("utf-8"))
    return tuple(
        Kind(one["id"], (one["name"][0], one["name"][1]), one["cost"], one["burden"], tuple(one["roots"]))
        for one in said["test"]
    )


def tests_of(hpo: Hpo) -> dict[int, str]:
    """Which test shows a term: that of the narrowest branch it lies in."""
    members, start = np.asarray(hpo.array("closure")), np.asarray(hpo.array("closure_start"))
    below = np.repeat(np.arange(len(hpo.ids)), np.diff(start))
    found: dict[int, tuple[int, str]] = {}
    for kind in tests():
        for root in kind.roots:
            if root in hpo.number:
                terms = below[members == hpo.number[root]].tolist()
                for term in terms:
                    found[term] = min(found.get(term, (len(terms), kind.id)), (len(terms), kind.id))
    return {term: id for term, (_, id) in found.items()}


def told(one: Suggested, hpo: Hpo) -> dict[str, Any]:
    """Plain JSON, in the language in force."""
    values: dict[str, Any] = {
        "test": one.test.id,
        "name": tr(*one.test.name),
        "gain_bits": round(one.gain_bits, 4),
        "at_most": one.at_most,
        "cost": one.test.cost,
        "burden": one.test.burden,
        "findings": [
            {"id": hpo.ids[term], "label": hpo.names[term], "gain_bits": round(gain, 4)} for term, gain in one.findings
        ],
    }
    return {**values, "genes": list(one.genes)} if one.genes else values


def _gained(
    ranker: Ranker, kind: Kind, terms: Sequence[int], closures: Sequence[dict[int, float]], chances: Floats
) -> Suggested:
    """What a test is worth by its most telling findings, none of them above or below another."""
    rows = [
        [max(shares.get(term, 0.0), float(ranker.background[term]), RAREST) for shares in closures] for term in terms
    ]
    yes = np.minimum(np.array(rows, float), SUREST)
    own = [joint_gain(yes[[row]], chances) for row in range(len(terms))]
    chosen: list[int] = []
    for row in sorted(range(len(terms)), key=lambda row: (-own[row], terms[row])):
        if len(chosen) < TELLING and not any(_related(ranker.hpo, terms[row], terms[other]) for other in chosen):
            chosen.append(row)
    return Suggested(kind, joint_gain(yes[chosen], chances), tuple((terms[row], own[row]) for row in chosen))


def _related(hpo: Hpo, one: int, other: int) -> bool:
    return one in hpo.ancestors(other) or other in hpo.ancestors(one)


def _sequencing(hpo: Hpo, candidates: Sequence[int], chances: Floats) -> Suggested | None:
    """Sequencing tells diseases of different genes apart; those of one gene, and those of none known, it does not."""
    groups: dict[tuple[str, ...], float] = defaultdict(float)
    for disease, chance in zip(candidates, chances.tolist(), strict=True):
        groups[tuple(sorted(hpo.genes[disease]))] += chance
    genes = tuple(dict.fromkeys(gene for disease in candidates for gene in hpo.genes[disease]))
    gain = float(_entropy(np.array(list(groups.values()))).sum())
    return Suggested(SEQUENCING, gain, genes=genes, at_most=True) if genes and gain >= LEAST else None


def _steps(kind: Kind) -> float:
    return 1.0 + COSTS.index(kind.cost) + BURDENS.index(kind.burden)


def _entropy(p: Floats) -> Floats:
    """-p log2 p of each, 0 at 0."""
    return np.asarray(-p * np.log2(np.where(p > 0, p, 1.0)))
