"""Each sentence of a text beside a chart: supported with the place it rests on, contradicted, or unsupported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bedside.cleaning.sentences import spans
from bedside.grounding._compare import Comparison, compare
from bedside.grounding._pair import Pair
from bedside.grounding._reading import Reading, read
from bedside.grounding._reading import Sentence as ChartSentence
from bedside.grounding.weigh import Verdict, verdict, weights
from bedside.phenotypes.context import Language
from bedside.types import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounded:
    """A sentence's verdict, how much doubt led to it (0 to 1), and the words of the chart it rests on or runs against.

    `evidence` is in code points of the chart, end exclusive; None where no words of the chart speak of it. `because`
    names what spoke against the sentence, as `feature:words`.
    """

    verdict: Verdict
    doubt: float
    evidence: Span | None = None
    because: tuple[str, ...] = field(default=(), repr=False)

    @property
    def supported(self) -> bool:
        """Whether it may be served."""
        return self.verdict == "supported"


class Ground:
    """A text that sentences are traced to, read once.

    >>> chart = Ground("BP 150/95. Denies chest pain. Metformin 1000 mg BID.")
    >>> said = ("She is hypertensive at 150/95 mmHg.", "She has chest pain.", "She takes metformin 1 g twice a day.")
    >>> [chart.ground(one).verdict for one in said]
    ['supported', 'contradicted', 'supported']
    """

    def __init__(self, text: str, lang: Language | None = None) -> None:
        self._lang = lang
        self._read: Reading = read(text, lang)

    def pair(self, sentence: str) -> Pair:
        """One sentence, read as a whole, beside this text."""
        return Pair(read(sentence, self._lang, whole=True), self._read)

    def ground(self, sentence: str) -> Grounded:
        """The verdict on one sentence."""
        comparison = compare(read(sentence, self._lang, whole=True), self._read)
        return Grounded(
            verdict=verdict(comparison),
            doubt=round(weights().doubt(comparison), 4) if comparison.claims else 0.0,
            evidence=_place(comparison),
            because=comparison.notes,
        )


def ground(chart_text: str, sentences: Sequence[str], lang: Language | None = None) -> list[Grounded]:
    """The verdict on each sentence, in order.

    >>> [one.verdict for one in ground("父亲患糖尿病。否认胸痛。", ["其父有糖尿病。", "患者有糖尿病。"])]
    ['supported', 'contradicted']
    """
    chart = Ground(chart_text, lang)
    return [chart.ground(one) for one in sentences]


def sentences_of(text: str) -> list[Span]:
    """The places of the sentences of a text, as `ground` wants them.

    >>> [(one.start, one.end) for one in sentences_of("No fever. 血压正常。")]
    [(0, 9), (10, 15)]
    """
    return [Span(start, end, "sentence") for start, end in spans(text)]


def _place(comparison: Comparison) -> Span | None:
    """The best sentence of the chart, with those next to it that hold the rest."""
    if not comparison.evidence:
        return None
    best = comparison.evidence[0]
    near = [
        one for one in comparison.evidence if abs(one.start - best.end) <= NEAR or abs(best.start - one.end) <= NEAR
    ]
    return _around([best, *near])


def _around(sentences: Sequence[ChartSentence]) -> Span:
    return Span(min(one.start for one in sentences), max(one.end for one in sentences), "evidence")


NEAR = 3
"""Characters between two sentences of the chart that stand next to each other."""
