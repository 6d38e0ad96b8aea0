"""How far the variants found in a patient's genes speak for each disease: severity, and the fit to its inheritance.

A recessive disease asks for both copies; one altered copy of it counts little, for the second may not have been seen.
A dominant one asks for one copy of a very rare variant; an X-linked recessive one for one copy in a male.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bedside.knowledge.hpo import Hpo

Floats = NDArray[np.float32]
RECESSIVE, X_RECESSIVE = "HP:0000007", "HP:0001419"
CARRIER = 0.3
"""What one altered copy weighs where the disease needs two."""


@dataclass(frozen=True, slots=True)
class GeneHit:
    """The variants of one gene, 0 (harmless) to 1 (destroys it): the worst; the worst very rare; on both copies."""

    gene: str
    carried: float
    one: float
    both: float
    told: str = ""

    def fit(self, modes: Iterable[str], sex: str) -> float:
        """0 to 1: how well the variants fit a disease of these modes of inheritance (HPO ids), the best of them.

        >>> GeneHit("ABCB7", carried=1.0, one=1.0, both=0.0).fit(["HP:0001419"], "male")
        1.0
        >>> GeneHit("ABCB7", carried=1.0, one=1.0, both=0.0).fit(["HP:0001419"], "female")
        0.3
        """
        found = [self._of(mode, sex) for mode in modes]
        return max(found) if found else max(self.one, self.both)

    def _of(self, mode: str, sex: str) -> float:
        if mode == X_RECESSIVE and sex == "male":
            return max(self.both, self.carried)
        if mode in (RECESSIVE, X_RECESSIVE):
            return max(self.both, CARRIER * self.carried)
        return self.one


def best_hits(hpo: Hpo, hits: Iterable[GeneHit], sex: str) -> tuple[Floats, dict[int, GeneHit]]:
    """[d] the best fit of any gene of each ranked disease, and which gene it was where any was hit."""
    values = np.zeros(hpo.ranked, dtype=np.float32)
    best: dict[int, GeneHit] = {}
    for hit in hits:
        for disease in hpo.diseases_of.get(hit.gene, ()):
            fit = hit.fit(_modes(hpo, disease), sex)
            if fit > values[disease]:
                values[disease], best[disease] = fit, hit
    return values, best


def _modes(hpo: Hpo, disease: int) -> list[str]:
    return [hpo.ids[term] for term in hpo.inheritance[disease]]
