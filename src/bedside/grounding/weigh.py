"""From what speaks against a sentence to a verdict: one learnt weight for each feature, kept as data with its fit.

The weights are fitted by `python benchmarks/grounding.py fit`, which says on which cases and how.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

from bedside.grounding._compare import Comparison
from bedside.grounding._features import CONFLICTS, NAMES

HALF = 0.5
"""A conflict from it on is one."""
Verdict = Literal["supported", "contradicted", "unsupported"]


class Beside(NamedTuple):
    """What the rules and the learnt reader weigh where both have read a sentence, and what is added."""

    rules: float
    reader: float
    bias: float


@dataclass(frozen=True, slots=True)
class Weights:
    """What each feature weighs, what is added, and the doubt above which a sentence is not supported."""

    of: dict[str, float] = field(repr=False)
    bias: float = 0.0
    bar: float = 0.5
    beside: Beside = field(default_factory=lambda: Beside(1.0, 0.0, 0.0))

    def score(self, comparison: Comparison) -> float:
        """What the rules say against the sentence."""
        return self.bias + sum(weight * getattr(comparison.features, name) for name, weight in self.of.items())

    def doubt(self, comparison: Comparison, doubted: float | None = None) -> float:
        """How likely it is, from 0 to 1, that the chart does not support the sentence.

        `doubted` is what the learnt reader made of it, None where there is none. It may doubt more than the rules; what
        the chart speaks against it does not make good: a wrong side or dose is often a near paraphrase.
        """
        rules = score = self.score(comparison)
        if doubted is not None:
            score = self.beside.rules * rules + self.beside.reader * doubted + self.beside.bias
            score = max(score, rules) if conflicts(comparison) else score
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


@cache
def weights() -> Weights:
    """The weights that are shipped.

    >>> weights().of["figure_conflict"] > weights().of["mark_missing"] >= 0
    True
    """
    read = tomllib.loads(files("bedside.grounding").joinpath("data/weights.toml").read_text(encoding="utf-8"))
    beside = Beside(*(float(read["beside"][name]) for name in Beside._fields))
    of = {name: float(read["weights"][name]) for name in NAMES}
    return Weights(of, float(read["bias"]), float(read["bar"]), beside)


def verdict(comparison: Comparison, doubted: float | None = None) -> Verdict:
    """What a comparison comes to: contradicted where the chart says otherwise, unsupported where it is silent."""
    if not comparison.claims:
        return "supported"
    if weights().doubt(comparison, doubted) <= weights().bar:
        return "supported"
    return "contradicted" if conflicts(comparison) else "unsupported"


def conflicts(comparison: Comparison) -> bool:
    """Whether the rules find that the chart speaks against a sentence."""
    return any(getattr(comparison.features, name) >= HALF for name in CONFLICTS)
