"""The served models, seen at work: each answer is timed, counted, traced, and kept for the watch without its text."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import replace

from bedside.cleaning.language import language_of
from bedside.clinic.watch.answers import Answered
from bedside.model.given import Given
from bedside.server.clinic.metrics import ClinicMetrics
from bedside.server.service import Advise, Served
from bedside.spans import span
from bedside.types import Abstained, Advice, Decision, Failed, NothingToSay, Prediction

REQUEST: ContextVar[str] = ContextVar("request", default="")
"""The id of the request that is being answered; "" outside of any."""
KINDS: dict[type, str] = {Advice: "answered", Abstained: "abstained", NothingToSay: "nothing", Failed: "failed"}
Keep = Callable[[Answered, float], None]


class Observed(Mapping[str, Served]):
    """The same models; `keep` is given each answer and its time."""

    def __init__(self, models: Mapping[str, Served], metrics: ClinicMetrics, keep: Keep) -> None:
        self._models, self._metrics, self._keep = models, metrics, keep

    def __getitem__(self, name: str) -> Served:
        served = self._models[name]
        return replace(served, advise=self._seen(name, served))

    def __iter__(self) -> Iterator[str]:
        return iter(self._models)

    def __len__(self) -> int:
        return len(self._models)

    def _seen(self, name: str, served: Served) -> Advise:
        def advise(texts: Sequence[str], given: Sequence[Given], removed: Sequence[Counter[str]]) -> Sequence[Decision]:
            begun = time.perf_counter()
            try:
                with span("model") as note:
                    decisions = served.advise(texts, given, removed)
                    note(findings=len(decisions))
            except BaseException:
                self._metrics.answer(name, "failed", time.perf_counter() - begun)
                raise
            self._count(name, served.id, texts, decisions, (time.perf_counter() - begun) / max(len(texts), 1))
            return decisions

        return advise

    def _count(
        self, name: str, version: str, texts: Sequence[str], decisions: Sequence[Decision], seconds: float
    ) -> None:
        request, now = REQUEST.get(), time.time()
        for at, (text, decision) in enumerate(zip(texts, decisions, strict=True)):
            kind = KINDS[type(decision)]
            self._metrics.answer(name, kind, seconds)
            if request:
                label, probabilities = stated(decision)
                answered = Answered(
                    id=answer_id(request, at, len(texts)),
                    model=name,
                    version=version,
                    kind=kind,
                    label=label,
                    probabilities=probabilities,
                    characters=len(text),
                    language=language_of(text),
                )
                self._keep(answered, now)


def answer_id(request: str, at: int, of: int) -> str:
    """What an answer is called when its outcome is told: the request's id, and which text of several.

    >>> answer_id("r1", 0, 1), answer_id("r1", 1, 3)
    ('r1', 'r1/1')
    """
    return request if of == 1 else f"{request}/{at}"


def stated(decision: Decision) -> tuple[str, Mapping[str, float]]:
    """The label and the probabilities of an answer; those of a kind that has no labels, or was withheld, are not kept.

    >>> stated(Advice(prediction=Prediction(label=("a", "b"), probabilities={"a": 0.9, "b": 0.8})))
    ('a b', {'a': 0.9, 'b': 0.8})
    """
    if not isinstance(decision, Advice) or not isinstance(decision.prediction, Prediction):
        return "", {}
    label = decision.prediction.label
    return (label if isinstance(label, str) else " ".join(label)), decision.prediction.probabilities
