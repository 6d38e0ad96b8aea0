"""The second engine: a model fitted on the site's own charts, asked for the same case by the one road of `advise`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bedside.errors import UsageError
from bedside.lang import tr
from bedside.tasks._diagnosis.aside import LocalAnswer
from bedside.tasks._diagnosis.case import DiagnosisCase

if TYPE_CHECKING:
    from bedside.knowledge.hpo import Hpo
    from bedside.model.folder import Model
    from bedside.types import Decision

HEADS = ("classify", "multilabel")


@dataclass(frozen=True, slots=True)
class Local:
    """An opened model; `name` is its folder's."""

    model: Model
    name: str

    def answers(self, cases: Sequence[DiagnosisCase], hpo: Hpo) -> list[LocalAnswer]:
        """An answer a case; one without a text is read by the names of its findings, and says so."""
        from bedside.advise import advise

        texts = [case.text or words_of(case, hpo) for case in cases]
        decisions = advise(self.model, texts)
        told = [_answer(decision, bool(case.text)) for decision, case in zip(decisions, cases, strict=True)]
        return [replace(one, name=self.name) for one in told]


def open_local(folder: Path) -> Local:
    """Open a model that gives labels to one text; raises UsageError for any other, ModelError for a broken one."""
    from bedside.model.folder import open_model

    model = open_model(folder)
    if model.head not in HEADS:
        what = tr("this model gives no labels to a text", "该模型不输出文本标签")
        raise UsageError(what, where="--model", value=model.head, allowed=HEADS, next="bedside fit --head classify")
    return Local(model, folder.resolve().name)


def words_of(case: DiagnosisCase, hpo: Hpo) -> str:
    """The findings of a case as words."""
    return "; ".join(hpo.names[term] for term in case.findings.present)


def _answer(decision: Decision, has_text: bool) -> LocalAnswer:
    from bedside.types import Abstained, Advice, Failed, Prediction

    if isinstance(decision, Advice) and isinstance(decision.prediction, Prediction):
        told = sorted(decision.prediction.probabilities.items(), key=lambda pair: -pair[1])
        unread = (
            ()
            if has_text
            else (tr("it read the findings' names: this case has no text", "该例没有文本，模型读取的是表型名称"),)
        )
        return LocalAnswer(tuple((label, float(chance)) for label, chance in told), (*decision.limits, *unread))
    if isinstance(decision, Abstained):
        return LocalAnswer(abstained=decision.reason)
    if isinstance(decision, Failed):
        return LocalAnswer(failed=decision.error_id)
    return LocalAnswer(abstained=tr("nothing to say", "无可告知"))
