"""How every ranked disease scores for a patient; what a score is the sum of is made when it is asked for.

Shapes: n findings, c columns of the table, d ranked diseases, k diseases of the second look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bedside.knowledge._gene_hits import GeneHit
from bedside.knowledge._lr_table import logs_of
from bedside.knowledge._lr_weights import WEIGHTS

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SecondLook:
    """[k] the leading diseases by number, and how like the findings their annotation and their Orphanet entry are."""

    diseases: NDArray[np.int64]
    own: Floats
    orphanet: Floats


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the findings say: [n, c] their steps of the table, [n] their weights; [c] how narrow each column is."""

    steps: NDArray[np.uint8]
    weights: Floats
    narrow: Floats
    breadth: float
    """What the narrowness weighs."""


@dataclass(frozen=True)
class Scores:
    """[d] the score of each ranked disease, and what it is the sum of."""

    total: Floats
    evidence: Evidence
    sources: Floats
    """[c] what the findings say of each column, Orphanet's too, by themselves."""
    beside: Mapping[str, Floats]
    """[d] the parts that are not of the findings themselves."""
    second: SecondLook | None
    hits: Mapping[int, GeneHit]
    """The gene whose variants speak for a disease, where any do."""

    @property
    def weights(self) -> Floats:
        """[n] the weight of each finding."""
        return self.evidence.weights

    @cached_property
    def logs(self) -> Floats:
        """[n, d] the log ratio of each finding, before its weight."""
        return logs_of(self.evidence.steps[:, : len(self.total)])

    @cached_property
    def parts(self) -> dict[str, Floats]:
        """[d] of each part by name; they sum to the score."""
        narrow = self.evidence.narrow[: len(self.total)]
        parts = {"findings": self.weights @ self.logs, "breadth": np.float32(self.evidence.breadth) * narrow}
        parts |= self.beside
        if self.second:
            for name, like in (("likeness", self.second.own), ("likeness_orphanet", self.second.orphanet)):
                parts[name] = np.zeros(len(self.total), dtype=np.float32)
                parts[name][self.second.diseases] = np.float32(WEIGHTS[name]) * like
        return parts
