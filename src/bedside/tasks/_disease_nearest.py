"""The diseases whose names are likest to one that no list has, by the vectors of an embedded encoder, with a margin."""

from __future__ import annotations

from functools import cache

import numpy as np

from bedside import registry
from bedside.cleaning.language import HAN
from bedside.knowledge._groups import series_of
from bedside.knowledge.hpo import Hpo
from bedside.phenotypes._vectors import Bar, Encoder, NameVectors, name_vectors, no_bar
from bedside.tasks._disease_links import Nearest

FLOOR, MARGIN = 0.85, 0.05
FLOOR_ZH, MARGIN_ZH = 0.95, 0.02
"""As for findings (phenotypes/linking.py), but for English stricter: names of diseases differ by a word."""
NEAREST = 60


def nearest_of(hpo: Hpo, bar: Bar = no_bar) -> Nearest:
    """English names by MiniLM, Chinese ones by e5 against English names; none where the encoder is not installed."""

    @cache
    def opened(name: str) -> tuple[Encoder, NameVectors] | None:
        if not registry.load("backbones", name).installed():
            return None
        encoder = Encoder(name)
        return encoder, name_vectors(hpo, encoder, list(enumerate(hpo.titles[: hpo.ranked])), bar)

    def nearest(name: str) -> tuple[int, ...]:
        chinese = bool(HAN.search(name))
        found = opened("e5" if chinese else "minilm")
        if found is None:
            return ()
        encoder, table = found
        row = table.likeness(encoder.vectors([name]))[0]
        near = np.argsort(-row, kind="stable")[:NEAREST].tolist()
        first = series_of(hpo.titles[near[0]])
        rest = [float(row[one]) for one in near if series_of(hpo.titles[one]) != first]
        best, lead = float(row[near[0]]), float(row[near[0]]) - (rest[0] if rest else float(row[near[-1]]))
        floor, margin = (FLOOR_ZH, MARGIN_ZH) if chinese else (FLOOR, MARGIN)
        return (near[0],) if best >= floor and lead >= margin else ()

    return nearest
