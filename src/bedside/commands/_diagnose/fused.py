"""Applies a fitted fusion to a case: the two engines' chances over the site's labels as one, and over diseases."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bedside.errors import DataError
from bedside.lang import tr
from bedside.tasks._diagnosis.aside import SHOWN, FusedAnswer, FusedLabel, LocalAnswer
from bedside.tasks._diagnosis.case import DiagnosisCase
from bedside.tasks._fusion import Floats, fuse, local_chances, projected

if TYPE_CHECKING:
    from bedside.knowledge._ranker import Ranker
    from bedside.tasks._fusion_file import Stack


@dataclass(frozen=True, slots=True)
class Fused:
    """A fusion, opened for a release: `diseases` of each label by number."""

    stack: Stack
    diseases: list[list[int]]
    ranker: Ranker

    def answer(self, case: DiagnosisCase, local: LocalAnswer, *, denied: float = 0.0) -> FusedAnswer:
        """Labels with chances and the diseases behind them; why not, where the model is silent."""
        if not local.chances:
            return FusedAnswer(abstained=tr("the local model gave no answer", "本地模型没有结果"))
        chances = knowledge_chances(self.ranker, case, denied)
        mixed = self.chances(chances, local)
        order = np.argsort(-mixed, kind="stable")[:SHOWN]
        labels = tuple(self._label(int(n), float(mixed[n]), chances) for n in order)
        return FusedAnswer(labels, share=self.stack.weights.share, cases=self.stack.cases)

    def chances(self, knowledge: Floats, local: LocalAnswer) -> Floats:
        """[c] the fused chances of the labels."""
        unmapped = np.array([not numbers for numbers in self.diseases])
        own = local_chances(dict(local.chances), self.stack.labels)
        return fuse(self.stack.weights, own, projected(knowledge, self.diseases), unmapped)

    def _label(self, number: int, chance: float, knowledge: Floats) -> FusedLabel:
        """One label, and the diseases it stands for that the knowledge finds likeliest."""
        hpo, numbers = self.ranker.hpo, self.diseases[number]
        total = float(knowledge[numbers].sum()) if numbers else 0.0
        best = sorted(numbers, key=lambda one: -float(knowledge[one]))[:3] if total > 0 else []
        behind = ((hpo.diseases[one], hpo.titles[one], chance * float(knowledge[one]) / total) for one in best)
        return FusedLabel(self.stack.labels[number], chance, tuple(behind))


def knowledge_chances(ranker: Ranker, case: DiagnosisCase, denied: float = 0.0) -> Floats:
    """[d] the calibrated chances of the ranked diseases."""
    scores = ranker.score(case.findings, without=case.without, denied_weight=denied)
    return np.asarray(ranker.probabilities(scores, case.findings)[0], dtype=np.float64)


def open_fused(folder: Path, model: Path, ranker: Ranker) -> Fused:
    """Open a fusion for the model and the release it was fitted with; raises DataError for others."""
    from bedside.tasks._fusion_file import read_stack
    from bedside.tasks._label_map import diseases_of

    stack = read_stack(folder)
    if stack.model != model_key(model):
        what = tr("this fusion was fitted with another model", "该融合是用另一个模型拟合的")
        raise DataError(what, where=str(folder), value=str(model), next="bedside stack --help")
    if stack.release != ranker.hpo.key:
        what = tr("this fusion was fitted with another release of the ontology", "该融合是用另一个本体版本拟合的")
        raise DataError(what, where=str(folder), value=ranker.hpo.release, next="bedside stack --help")
    diseases, _ = diseases_of(stack.labels, stack.map, ranker)
    return Fused(stack, [diseases[label] for label in stack.labels], ranker)


def model_key(folder: Path) -> str:
    """What tells a model from any other: the hash of its manifest."""
    from bedside.model.manifest import NAME
    from bedside.receipt import file_sha256

    return file_sha256(folder / NAME)
