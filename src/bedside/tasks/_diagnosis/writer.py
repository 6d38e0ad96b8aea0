"""Who is asked for a list of diseases: questions go out by the road of `advise`, what comes back is read and linked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bedside.knowledge._ranker import Findings, Ranker
from bedside.lang import tr
from bedside.phenotypes.called import Called
from bedside.tasks._diagnosis.prompt import prompt_of
from bedside.tasks._diagnosis.written import WrittenAnswer, read_written
from bedside.tasks._disease_links import DiseaseLinks
from bedside.types import Abstained, Advice, Decision, Failed, Written

Ask = Callable[[Sequence[str]], Sequence[Decision]]
"""Questions to decisions: identity removed, what was written guarded, no exception."""


@dataclass(frozen=True, slots=True)
class Writer:
    """A writer, opened; `key` tells it from any other, for a weight that was fitted for it."""

    name: str
    key: str
    ask: Ask
    links: DiseaseLinks
    ranker: Ranker

    def answers(self, cases: Sequence[Findings]) -> list[WrittenAnswer]:
        """An answer a case, also where the writer failed, refused or was held back by a guard."""
        called = Called(self.ranker.hpo)
        return [self._read(one) for one in self.ask([prompt_of(one, called) for one in cases])]

    def _read(self, decision: Decision) -> WrittenAnswer:
        if isinstance(decision, Advice) and isinstance(decision.prediction, Written):
            said = decision.prediction
            return read_written(said.text, self.links, self.ranker, by=self.name, broken_off=not said.whole)
        if isinstance(decision, Failed):
            return WrittenAnswer(by=self.name, failed=decision.error_id)
        reason = decision.reason if isinstance(decision, Abstained) else tr("nothing to say", "无可告知")
        return WrittenAnswer(by=self.name, abstained=reason)
