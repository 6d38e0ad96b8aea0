"""Ranks every annotated disease for a set of findings: one weighted sum of evidence, each part of it told apart.

    score(D) = sum over findings of w_i * log ratio / sqrt(n)         what the findings say
             + w_b * log(mean breadth / breadth of D) / sqrt(n)       one that may show everything explains nothing
             + w_o * (gain by Orphanet's annotation) / sqrt(n)        a second source on the same disease
             + w_l * [Orphanet has it] + w_g * [a gene is known]      a recognised disease, a known cause
             + w_a * onset + w_x * sex                                what is known beside the findings
             + w_s * likeness as a whole                              a second look at the leading (`_rerank`)
             + genes, variants, prevalence, denied                    only where they are given
with w_i smaller for a finding that says much the same as the others do (`_alone`), and w_b growing with their number.

The posterior is the softmax of it, calibrated (`_calibrated`). Nothing is sampled: the same findings, the same answer.
Shapes: n findings, c columns of the table, d ranked diseases.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bedside.knowledge._closure import Ints, closure_without
from bedside.knowledge._gene_hits import GeneHit, best_hits
from bedside.knowledge._groups import groups
from bedside.knowledge._links import turns
from bedside.knowledge._lr_table import logs_of, match, table_folder
from bedside.knowledge._lr_weights import BREADTH_IN_LINK, CALIBRATION, LINK_COST, WEIGHTS
from bedside.knowledge._onset import age_number
from bedside.knowledge._rerank import Profiles, leading, second_look
from bedside.knowledge.hpo import Hpo

Floats = NDArray[np.float32]
X_RECESSIVE = "HP:0001419"
GENE_EVIDENCE = 5.0
"""How far a disease is moved up by a listed gene, or by variants that destroy its gene as it is inherited."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What is known of a patient: term numbers seen and denied, sex, years at onset; genes and variants if of use."""

    present: tuple[int, ...]
    denied: tuple[int, ...] = ()
    sex: str = ""
    onset_years: float | None = None
    genes: frozenset[str] = frozenset()
    variants: tuple[GeneHit, ...] = ()


@dataclass(slots=True)
class Scores:
    """[d] the score of each ranked disease, and the parts it is the sum of."""

    total: Floats
    parts: dict[str, Floats]
    logs: Floats
    """[n, d] the log ratio of each finding, before its weight."""
    weights: Floats
    """[n] the weight of each finding."""
    sources: Floats
    """[c] what the findings say of each column, Orphanet's too, by themselves."""
    hits: Mapping[int, GeneHit]
    """The gene whose variants speak for a disease, where any do."""


class Ranker:
    """The ranker of one release: opens the table, building it the first time."""

    def __init__(self, hpo: Hpo, *, prevalence: Floats | None = None) -> None:
        self.hpo, self.prevalence = hpo, prevalence
        folder = table_folder(hpo)
        names = ("table", "background", "breadth", "onset", "link_start", "link")
        arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in names}
        shown = {name: np.load(folder / f"shown_{name}.npy", mmap_mode="r") for name in ("start", "disease", "share")}
        self.table, self.shown = arrays["table"].view(np.ndarray), shown
        self.background: Floats = np.array(arrays["background"])
        self.breadth: Floats = np.array(arrays["breadth"])
        self.narrow: Floats = np.log(self.breadth[: hpo.ranked].mean() / self.breadth).astype(np.float32)
        self.link: NDArray[np.int32] = np.array(arrays["link"])
        starts = np.array(arrays["link_start"])
        self.link_start: NDArray[np.int64] = starts.astype(np.int64)
        self.linked = np.flatnonzero(np.diff(starts))
        self.link_turns = turns(self.link, starts)
        has_link = (np.diff(starts) > 0).astype(np.float32)
        has_gene = np.array([bool(genes) for genes in hpo.genes[: hpo.ranked]], dtype=np.float32)
        self.known = {
            "linked": np.float32(WEIGHTS["linked"]) * has_link,
            "gene": np.float32(WEIGHTS["gene"]) * has_gene,
        }
        onset = np.array(arrays["onset"])
        self.onset: Floats = np.ascontiguousarray(np.float32(WEIGHTS["onset"]) * np.log(onset / onset.mean(axis=0)).T)
        recessive = hpo.number.get(X_RECESSIVE, -1)
        x_recessive = np.array([recessive in modes for modes in hpo.inheritance[: hpo.ranked]], dtype=np.float32)
        self.in_female: Floats = np.float32(WEIGHTS["x_recessive_in_female"]) * x_recessive

    def score(self, found: Findings, *, without: Collection[str] = (), denied_weight: float = 0.0) -> Scores:
        """Score every ranked disease; annotation rows that cite a reference of `without` count as not written."""
        ranked = self.hpo.ranked
        count = max(1, len(found.present))
        logs = logs_of(self.table[list(found.present)]) if found.present else np.zeros((0, self.table.shape[1]), "f4")
        redone = self._redone(without)
        narrow = self._redo(logs, found, redone)
        alone = self._alone(found.present)
        weights = self._weights(alone)
        sources, weighed = np.stack([np.ones_like(weights), weights]) @ logs
        sources += np.float32(BREADTH_IN_LINK * count) * narrow
        parts = {
            "findings": weighed[:ranked],
            "breadth": np.float32(self._breadth_weight(alone)) * narrow[:ranked],
            "orphanet": np.float32(WEIGHTS["orphanet"] / count**0.5) * self._linked(sources),
            **self.known,
        }
        parts |= self._around(found)
        hits: dict[int, GeneHit] = {}
        if found.variants:
            fits, hits = best_hits(self.hpo, found.variants, found.sex)
            parts["variants"] = np.float32(GENE_EVIDENCE) * fits
        if self.prevalence is not None:
            parts["prevalence"] = self.prevalence
        if found.denied and denied_weight:
            parts["denied"] = np.float32(denied_weight) * self._denied(found.denied)
        total = _sum(parts.values())
        if found.present:
            second = self._second(found, total, redone)
            total = _sum([total, *second.values()])
            parts |= second
        return Scores(total, parts, logs[:, :ranked], weights, sources, hits)

    def orphanet_entry(self, scores: Scores, disease: int) -> int:
        """The linked Orphanet entry that speaks most for the findings, by its number; -1 where none is linked."""
        entries = self.link[self.link_start[disease] : self.link_start[disease + 1]]
        return int(entries[scores.sources[entries].argmax()]) if len(entries) else -1

    @cached_property
    def profiles(self) -> Profiles:
        """The annotations as vectors, for the second look."""
        return Profiles(self.hpo, self.background, self.shown)

    @cached_property
    def groups(self) -> list[str]:
        """[d] the series or gene that a disease shares with near twins, empty for one that stands alone."""
        return groups(self.hpo)

    def _second(self, found: Findings, first: Floats, redone: Mapping[int, tuple[Ints, Floats]]) -> dict[str, Floats]:
        """The parts of the second look at the leading diseases, 0 for the others."""
        chosen = leading(first)
        like = second_look(self.profiles, (self.link_start, self.link), found.present, chosen, redone)
        parts = {name: np.zeros(self.hpo.ranked, dtype=np.float32) for name in ("likeness", "likeness_orphanet")}
        for name, values in zip(parts, like, strict=True):
            parts[name][chosen] = np.float32(WEIGHTS[name]) * values
        return parts

    def _alone(self, present: Sequence[int]) -> Floats:
        """[n] how far each finding stands alone: 1 / (sum of its likeness to all, itself included).

        Likeness of two findings: information content of their common ancestors over that of all their ancestors.
        """
        if not present:
            return np.ones(0, dtype=np.float32)
        above = [self.hpo.ancestors(term) for term in present]
        every = np.concatenate(above)
        place = np.empty(len(self.background), dtype=np.int32)
        place[every] = np.arange(len(every), dtype=np.int32)  # of a term that stands twice, one of its places
        has = np.zeros((len(above), len(every)), dtype=np.float32)
        has[np.repeat(np.arange(len(above)), [len(one) for one in above]), place[every]] = 1
        common = (has * -np.log(self.background[every])) @ has.T
        own = common.diagonal()
        return (1 / (common / np.maximum(own[:, None] + own - common, 1e-6)).sum(axis=1)).astype(np.float32)

    def _weights(self, alone: Floats) -> Floats:
        """[n] what the log ratio of each finding weighs in the score."""
        weights = WEIGHTS["findings"] + WEIGHTS["findings_alone"] * alone
        return (weights / max(1, len(alone)) ** 0.5).astype(np.float32)

    def _breadth_weight(self, alone: Floats) -> float:
        total = WEIGHTS["breadth"] * len(alone) + WEIGHTS["breadth_alone"] * float(alone.sum())
        return total / max(1, len(alone)) ** 0.5

    def probabilities(self, scores: Scores, found: Findings) -> tuple[NDArray[np.float64], float]:
        """[d] calibrated probabilities, and what is left for a disease that is not among them."""
        shifted = np.exp((scores.total - scores.total.max()).astype(np.float64))
        raw = shifted / shifted.sum()
        top = int(raw.argmax())
        best = calibrated(float(raw[top]), len(found.present))
        rest = min(best / raw[top], (1 - best) / max(1e-12, 1 - raw[top]))
        told = raw * rest
        told[top] = best
        return told, float(max(0.0, 1 - told.sum()))

    def _redone(self, without: Collection[str]) -> dict[int, tuple[Ints, Floats]]:
        """The closures of the columns that would see a reference left out."""
        touched = {disease for reference in without for disease in self.hpo.citing.get(reference, ())}
        return {disease: closure_without(self.hpo, disease, without) for disease in sorted(touched)}

    def _redo(self, logs: Floats, found: Findings, redone: Mapping[int, tuple[Ints, Floats]]) -> Floats:
        """Write anew, in place, the columns of which a reference is left out; returns how narrow each column is."""
        if not redone:
            return self.narrow
        narrow = self.narrow.copy()
        mean = float(self.breadth[: self.hpo.ranked].mean())
        for disease, (terms, share) in redone.items():
            narrow[disease] = np.log(mean / max(float(share.sum()), 1.0))
            for row, term in enumerate(found.present):
                logs[row, disease] = match(self.hpo, self.background, term, terms, share)[0]
        return narrow

    def _linked(self, sources: Floats) -> Floats:
        """[d] what the best linked Orphanet entry adds to the log of the evidence: log(1 + exp(best - cost - own))."""
        gain = np.zeros(self.hpo.ranked, dtype=np.float32)
        if len(self.link):
            (_, first), *others = self.link_turns
            best = sources[first]
            for place, entry in others:
                best[place] = np.maximum(best[place], sources[entry])
            ahead = best - np.float32(LINK_COST) - sources[self.linked]
            gain[self.linked] = np.maximum(ahead, 0) + np.log(1 + np.exp(-np.abs(ahead)))
        return gain

    def _around(self, found: Findings) -> dict[str, Floats]:
        """The parts that are not of findings; only those that are known of this patient."""
        parts: dict[str, Floats] = {}
        if found.onset_years is not None:
            parts["onset"] = self.onset[age_number(found.onset_years)]
        if found.sex == "female":
            parts["sex"] = self.in_female
        if found.genes:
            listed = [bool(found.genes & set(genes)) for genes in self.hpo.genes[: self.hpo.ranked]]
            parts["genes"] = np.float32(GENE_EVIDENCE) * np.array(listed, dtype=np.float32)
        return parts

    def _denied(self, terms: Sequence[int]) -> Floats:
        """[d] the sum over denied findings of log((1 - F) / (1 - bg)), F at most nine in ten."""
        total = np.zeros(self.hpo.ranked, dtype=np.float32)
        for term in terms:
            here = slice(int(self.shown["start"][term]), int(self.shown["start"][term + 1]))
            owner, share = self.shown["disease"][here], self.shown["share"][here]
            keep = owner < self.hpo.ranked
            total -= np.log1p(np.float32(-min(0.9, float(self.background[term]))))
            total[owner[keep]] += np.log1p(-np.minimum(share[keep], np.float32(0.9)))
        return total


def _sum(parts: Iterable[Floats]) -> Floats:
    first, *others = parts
    total = first.copy()
    for one in others:
        total += one
    return total


def calibrated(raw: float, count: int) -> float:
    """The chance that the first of the list is right, from its share of the softmax and the number of findings."""
    offset, slope, by_count = CALIBRATION
    odds = np.log(max(raw, 1e-9) / max(1 - raw, 1e-9))
    return float(1 / (1 + np.exp(-(offset + slope * odds + by_count * np.log(max(1, count))))))
