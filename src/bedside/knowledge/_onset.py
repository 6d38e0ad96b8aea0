"""At what age a disease begins: annotated onset classes as shares of eight ages, against those of all diseases.

Age bounds of the classes: HPO, Onset (HP:0003674). Shapes: d diseases, 8 ages of life.
"""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bedside.knowledge.hpo import Hpo

Floats = NDArray[np.float32]
EDGES = (-1.0, 1e-4, 0.08, 1.0, 5.0, 16.0, 40.0, 60.0, 200.0)
"""Bounds in years: before birth, newborn, infant, child, juvenile, young, middle-aged, old."""
CLASSES = {
    "HP:0030674": (-1.0, 0.0),
    "HP:0011460": (-1.0, 0.0),
    "HP:0011461": (-1.0, 0.0),
    "HP:0034199": (-1.0, 0.0),
    "HP:0034198": (-1.0, 0.0),
    "HP:0034197": (-1.0, 0.0),
    "HP:0003577": (0.0, 0.02),
    "HP:0003623": (0.0, 0.08),
    "HP:0003593": (0.08, 1.0),
    "HP:0011463": (1.0, 5.0),
    "HP:0003621": (5.0, 16.0),
    "HP:0003581": (16.0, 80.0),
    "HP:0011462": (16.0, 40.0),
    "HP:0025708": (16.0, 19.0),
    "HP:0025709": (19.0, 25.0),
    "HP:0025710": (25.0, 40.0),
    "HP:0003596": (40.0, 60.0),
    "HP:0003584": (60.0, 90.0),
}
SURE = 0.9
"""How much of a disease's onset the annotation says; the rest follows all diseases."""
_AGE = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")


def shares(hpo: Hpo) -> Floats:
    """[d, 8] the share of patients in whom each ranked disease begins at each age; all diseases' where unsaid."""
    found = np.zeros((hpo.ranked, len(EDGES) - 1))
    for disease in range(hpo.ranked):
        for term in hpo.course[disease]:
            if bounds := CLASSES.get(hpo.ids[term]):
                found[disease] += _spread(*bounds)
    said = found.sum(axis=1) > 0
    found[said] /= found[said].sum(axis=1, keepdims=True)
    everyone = found[said].mean(axis=0) if said.any() else np.full(len(EDGES) - 1, 1 / (len(EDGES) - 1))
    found[~said] = everyone
    ages = np.arange(len(EDGES) - 1)
    blur = np.exp(-np.abs(ages[:, None] - ages[None, :]))
    blur /= blur.sum(axis=1, keepdims=True)
    return (SURE * found @ blur + (1 - SURE) * everyone).astype(np.float32)


def years_of(text: str | None, hpo: Hpo) -> float | None:
    """An age as ISO 8601 duration or the name or id of an onset class, in years (a class: its middle); else None."""
    if not text:
        return None
    if (found := _AGE.fullmatch(text)) and any(found.groups()):
        years, months, weeks, days = (float(part or 0) for part in found.groups())
        return years + months / 12 + weeks / 52 + days / 365
    for id, (low, high) in CLASSES.items():
        if text == id or text.lower() == hpo.label(id).lower():
            return (low + high) / 2
    return None


def age_number(years: float) -> int:
    """Which of the eight ages."""
    return int(np.clip(np.searchsorted(EDGES, years, side="right") - 1, 0, len(EDGES) - 2))


def _spread(low: float, high: float) -> NDArray[np.float64]:
    overlap = [max(0.0, min(high, end) - max(low, begin)) for begin, end in pairwise(EDGES)]
    return np.array(overlap) / sum(overlap)
