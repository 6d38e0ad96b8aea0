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

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bedside.knowledge._above import Above
from bedside.knowledge._closure import Ints, closure_without
from bedside.knowledge._gene_hits import GeneHit, best_hits
from bedside.knowledge._groups import groups
from bedside.knowledge._linked import Linked
from bedside.knowledge._lr_table import LOWEST, STEPS, match, table_folder
from bedside.knowledge._lr_table import steps as steps_of
from bedside.knowledge._lr_weights import BREADTH_IN_LINK, CALIBRATION, WEIGHTS
from bedside.knowledge._onset import age_number
from bedside.knowledge._rerank import Profiles, leading, second_look
from bedside.knowledge._scores import Evidence, Scores
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
        self.linked = Linked(arrays["link"], arrays["link_start"])
        self.above = Above(hpo, self.background)
        has_link = (self.linked.count > 0).astype(np.float32)
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
        chains, redone = self.above.chains(found.present), self._redone(without)
        evidence = self._evidence(found, self.above.alone(chains), redone)
        sources, weighed = _sums(evidence)
        beside = self._beside(found, sources, denied_weight)
        hits: dict[int, GeneHit] = {}
        if found.variants:
            fits, hits = best_hits(self.hpo, found.variants, found.sex)
            beside["variants"] = np.float32(GENE_EVIDENCE) * fits
        total = weighed[: self.hpo.ranked]
        for one in beside.values():
            total += one
        second = (
            second_look(self.profiles, self.linked, chains.terms, leading(total), redone) if found.present else None
        )
        if second:
            total[second.diseases] += WEIGHTS["likeness"] * second.own + WEIGHTS["likeness_orphanet"] * second.orphanet
        return Scores(total, evidence, sources, beside, second, hits)

    def orphanet_entry(self, scores: Scores, disease: int) -> int:
        """The linked Orphanet entry that speaks most for the findings, by its number; -1 where none is linked."""
        entries = self.linked.entries(disease)
        return int(entries[scores.sources[entries].argmax()]) if len(entries) else -1

    @cached_property
    def profiles(self) -> Profiles:
        """The annotations as vectors, for the second look."""
        return Profiles(self.hpo, self.background, self.shown)

    @cached_property
    def groups(self) -> list[str]:
        """[d] the series or gene that a disease shares with near twins, empty for one that stands alone."""
        return groups(self.hpo)

    def probabilities(self, scores: Scores, found: Findings) -> tuple[NDArray[np.float64], float]:
        """[d] calibrated probabilities, and what is left for a disease that is not among them."""
        top = int(scores.total.argmax())
        told = scores.total.astype(np.float64)
        told -= told[top]
        np.exp(told, out=told)
        raw = 1 / float(told.sum())
        best = calibrated(raw, len(found.present))
        told *= min(best, (1 - best) * raw / max(1e-12, 1 - raw))
        told[top] = best
        return told, float(max(0.0, 1 - told.sum()))

    def _redone(self, without: Collection[str]) -> dict[int, tuple[Ints, Floats]]:
        """The closures of the columns that would see a reference left out."""
        touched = {disease for reference in without for disease in self.hpo.citing.get(reference, ())}
        return {disease: closure_without(self.hpo, disease, without) for disease in sorted(touched)}

    def _evidence(self, found: Findings, alone: Floats, redone: Mapping[int, tuple[Ints, Floats]]) -> Evidence:
        """The rows of the findings and what they weigh; the columns of which a reference is left out written anew."""
        steps, narrow, count = self.table.take(found.present, axis=0), self.narrow, max(1, len(alone))
        if redone:
            narrow = narrow.copy()
            mean = float(self.breadth[: self.hpo.ranked].mean())
            for disease, (terms, share) in redone.items():
                narrow[disease] = np.log(mean / max(float(share.sum()), 1.0))
                logs = [match(self.hpo, self.background, term, terms, share)[0] for term in found.present]
                steps[:, disease] = steps_of(np.array(logs, dtype=np.float32))
        weights = (WEIGHTS["findings"] + WEIGHTS["findings_alone"] * alone) / count**0.5
        breadth = WEIGHTS["breadth"] * len(alone) + WEIGHTS["breadth_alone"] * float(alone.sum())
        return Evidence(steps, weights.astype(np.float32), narrow, breadth / count**0.5)

    def _beside(self, found: Findings, sources: Floats, denied_weight: float) -> dict[str, Floats]:
        """The parts that are not of the findings themselves; only those that are known of this patient."""
        gain = self.linked.gain(sources, self.hpo.ranked)
        gain *= np.float32(WEIGHTS["orphanet"] / max(1, len(found.present)) ** 0.5)
        parts = {"orphanet": gain, **self.known}
        if found.onset_years is not None:
            parts["onset"] = self.onset[age_number(found.onset_years)]
        if found.sex == "female":
            parts["sex"] = self.in_female
        if found.genes:
            listed = [bool(found.genes & set(genes)) for genes in self.hpo.genes[: self.hpo.ranked]]
            parts["genes"] = np.float32(GENE_EVIDENCE) * np.array(listed, dtype=np.float32)
        if self.prevalence is not None:
            parts["prevalence"] = self.prevalence
        if found.denied and denied_weight:
            parts["denied"] = np.float32(denied_weight) * self._denied(found.denied)
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


def _sums(evidence: Evidence) -> tuple[Floats, Floats]:
    """[c] what the findings and the breadth say of each column: plainly, as sources are compared; and as they weigh."""
    steps, weights = evidence.steps, evidence.weights
    count = len(steps)
    rows = np.empty((count + 1, steps.shape[1]), dtype=np.float32)
    rows[:count], rows[count] = steps, evidence.narrow
    each = np.empty((2, count + 1), dtype=np.float32)
    each[0, :count], each[0, count] = STEPS, BREADTH_IN_LINK * max(1, count)
    each[1, :count], each[1, count] = STEPS * weights, evidence.breadth
    sources, total = each @ rows
    total += np.float32(LOWEST * weights.sum())
    return sources, total


def calibrated(raw: float, count: int) -> float:
    """The chance that the first of the list is right, from its share of the softmax and the number of findings."""
    offset, slope, by_count = CALIBRATION
    odds = np.log(max(raw, 1e-9) / max(1 - raw, 1e-9))
    return float(1 / (1 + np.exp(-(offset + slope * odds + by_count * np.log(max(1, count))))))
