"""The table behind the ranking: for every finding and every disease, how much likelier the finding is in it.

A finding t speaks for disease D by its best match among t and its ancestors a:
    ratio(t, D) = max( F(t, D)^p / bg(t),  max over a of  k * bg(t)^g * F(a, D)^p / bg(a)^(1 + g) )
with F the share of patients of D with a (or any kind of a), bg its mean over the ranked diseases. What is kept is
log((1 - e) * ratio + e) in 256 steps; the loss in a step is under 0.03. p, g, k, e as published settings of LIRICAL's
kind of ranker, tuned once (docs/design/007).

Shapes: t terms, c columns (OMIM diseases, then Orphanet's). Source: Robinson et al. 2020, "Interpretable clinical
genomics with a likelihood ratio paradigm".
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bedside.files import cached_folder
from bedside.knowledge._closure import Closure, closures
from bedside.knowledge._links import links
from bedside.knowledge._onset import shares
from bedside.knowledge.hpo import Hpo

Floats = NDArray[np.float32]
VERSION = "lr1"
POWER, GENERAL, STEP, ERROR = 0.35, 0.5, 0.15, 0.05
RAREST = 1e-4
"""The background of a finding that hardly any disease has."""
LOWEST, HIGHEST = float(np.log(ERROR)), float(np.log(1 / RAREST)) + 0.1
STEPS = (HIGHEST - LOWEST) / 255
BLOCK = 1024


def table_folder(hpo: Hpo) -> Path:
    """Where the table of a release is, built the first time."""
    return cached_folder(hpo.folder.with_name(f"{hpo.key}-{VERSION}"), lambda fresh: build(hpo, fresh))


def build(hpo: Hpo, folder: Path) -> None:
    """Write the table, the backgrounds, each column's breadth, the links to Orphanet and the ages of onset."""
    closure = closures(hpo)
    background = backgrounds(hpo, closure)
    table = np.lib.format.open_memmap(
        folder / "table.npy", mode="w+", dtype=np.uint8, shape=(len(hpo.ids), len(hpo.diseases))
    )
    parents = [hpo.parents(term).tolist() for term in range(len(hpo.ids))]
    for begin in range(0, len(hpo.diseases), BLOCK):
        end = min(begin + BLOCK, len(hpo.diseases))
        table[:, begin:end] = steps(np.log((1 - ERROR) * _ratios(closure, background, parents, begin, end) + ERROR))
    table.flush()
    breadth = np.add.reduceat(closure.share, closure.start[:-1]).astype(np.float32)
    linked = links(hpo)
    order = np.argsort(closure.term, kind="stable")
    owner = np.repeat(np.arange(len(hpo.diseases)), np.diff(closure.start))
    arrays = {
        "background": background,
        "breadth": breadth,
        "onset": shares(hpo),
        "link_start": np.cumsum([0, *map(len, linked)]).astype(np.int32),
        "link": np.array([other for few in linked for other in few], dtype=np.int32),
        "shown_start": np.searchsorted(closure.term[order], np.arange(len(hpo.ids) + 1)).astype(np.int32),
        "shown_disease": owner[order].astype(np.int32),
        "shown_share": closure.share[order],
    }
    for name, values in arrays.items():
        np.save(folder / f"{name}.npy", values)


def backgrounds(hpo: Hpo, closure: Closure) -> Floats:
    """[t] the mean share over the ranked diseases."""
    size = int(closure.start[hpo.ranked])
    total = np.bincount(closure.term[:size], weights=closure.share[:size], minlength=len(hpo.ids))
    return np.maximum(total / max(1, hpo.ranked), RAREST).astype(np.float32)


def steps(logs: Floats) -> NDArray[np.uint8]:
    """Log ratios as steps of the table."""
    return np.rint((np.clip(logs, LOWEST, HIGHEST) - LOWEST) / STEPS).astype(np.uint8)


def logs_of(values: NDArray[np.uint8]) -> Floats:
    """Steps of the table as log ratios."""
    logs: Floats = values.astype(np.float32)
    logs *= np.float32(STEPS)
    logs += np.float32(LOWEST)
    return logs


def match(hpo: Hpo, background: Floats, term: int, terms: NDArray[np.int64], share: Floats) -> tuple[float, int, float]:
    """One cell by hand: the log ratio of a finding under a disease's closure, by which term, of what share there.

    The term is -1 where nothing above the finding is annotated.
    """
    above = hpo.ancestors(term)
    place = np.searchsorted(terms, above)
    place[place == len(terms)] = 0
    there = terms[place] == above if len(terms) else np.zeros(len(above), dtype=bool)
    best, by, of = 0.0, -1, 0.0
    for one, where in zip(above[there].tolist(), place[there].tolist(), strict=True):
        ratio = float(share[where]) ** POWER / float(background[one])
        if one != term:
            ratio *= STEP * float(background[term] / background[one]) ** GENERAL
        if ratio > best:
            best, by, of = ratio, one, float(share[where])
    log = float(logs_of(steps(np.log(np.array([(1 - ERROR) * best + ERROR], dtype=np.float32))))[0])
    return log, by, of


def _ratios(closure: Closure, background: Floats, parents: list[list[int]], begin: int, end: int) -> Floats:
    """[t, block] the ratios of a block of columns: matches passed down from parents to children."""
    size, here = len(background), slice(int(closure.start[begin]), int(closure.start[end]))
    owner = np.repeat(np.arange(end - begin), np.diff(closure.start[begin : end + 1]))
    shown = np.zeros((size, end - begin), dtype=np.float32)
    shown[closure.term[here], owner] = closure.share[here] ** POWER
    passed = shown / (background ** (1 + GENERAL))[:, None]
    for term, above in enumerate(parents):
        for one in above:
            np.maximum(passed[term], passed[one], out=passed[term])
    passed *= (STEP * background**GENERAL)[:, None]
    shown /= background[:, None]
    return np.maximum(shown, passed)
