"""Each sentence of a text beside a chart: supported with the place it rests on, contradicted, or unsupported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from bedside.cleaning.sentences import spans
from bedside.grounding._claims import Reading
from bedside.grounding._claims import Sentence as ChartSentence
from bedside.grounding._compare import Comparison, compare
from bedside.grounding._pair import Pair
from bedside.grounding._reading import read
from bedside.grounding.reader import Laid, SentenceReader
from bedside.grounding.weigh import Verdict, verdict, weights
from bedside.model.few_threads import on_few_threads
from bedside.phenotypes.context import Language
from bedside.types import Span

READER = "reader"
"""What the threads are called that a reader's networks run on: those of the ear must not wait for a long chart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounded:
    """A sentence's verdict, how much doubt led to it (0 to 1), and the words of the chart it rests on or runs against.

    `evidence` is in code points of the chart, end exclusive; None where no words of the chart speak of it. `because`
    names what spoke against the sentence, as `feature:words`, and `reader` where the learnt reader doubts it.
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
    """A text that sentences are traced to, read once; by rules alone, or with a learnt reader beside them.

    >>> chart = Ground("BP 150/95. Denies chest pain. Metformin 1000 mg BID.")
    >>> said = ("She is hypertensive at 150/95 mmHg.", "She has chest pain.", "She takes metformin 1 g twice a day.")
    >>> [chart.ground(one).verdict for one in said]
    ['supported', 'contradicted', 'supported']
    """

    def __init__(self, text: str, lang: Language | None = None, reader: SentenceReader | None = None) -> None:
        self._lang, self._reader = lang, reader
        self._read: Reading = read(text, lang)

    def pair(self, sentence: str) -> Pair:
        """One sentence, read as a whole, beside this text."""
        return Pair(read(sentence, self._lang, whole=True), self._read)

    def ground(self, sentence: str) -> Grounded:
        """The verdict on one sentence."""
        return self.ground_all([sentence])[0]

    def ground_all(self, sentences: Sequence[str]) -> list[Grounded]:
        """The verdict on each sentence, in order; a reader reads them in one batch, which takes less time."""
        return [_grounded(*one) for one in self.compared(sentences)]

    def compared(self, sentences: Sequence[str]) -> list[tuple[Comparison, float | None]]:
        """What the rules find in each sentence, and what the reader makes of it where there is one to ask."""
        found = [compare(read(one, self._lang, whole=True), self._read) for one in sentences]
        asked = [at for at, one in enumerate(found) if one.claims]
        if self._reader is None or not asked or not self._read.sentences:
            return [(one, None) for one in found]
        evidence = [[(one.start, one.end) for one in found[at].evidence] for at in asked]
        sums = on_few_threads(self._reader.read, of=READER)([sentences[at] for at in asked], self._laid, evidence)
        told = dict(zip(asked, sums, strict=True))
        return [(one, told.get(at)) for at, one in enumerate(found)]

    @cached_property
    def _laid(self) -> Laid:
        assert self._reader is not None
        places = [(one.start, one.end) for one in self._read.sentences]
        return on_few_threads(self._reader.lay, of=READER)(self._read.text, places)


def ground(
    chart_text: str, sentences: Sequence[str], lang: Language | None = None, reader: SentenceReader | None = None
) -> list[Grounded]:
    """The verdict on each sentence, in order; `reader` is `default_reader()`, or None for the rules alone.

    >>> [one.verdict for one in ground("父亲患糖尿病。否认胸痛。", ["其父有糖尿病。", "患者有糖尿病。"])]
    ['supported', 'contradicted']
    """
    return Ground(chart_text, lang, reader).ground_all(sentences)


def sentences_of(text: str) -> list[Span]:
    """The places of the sentences of a text, as `ground` wants them.

    >>> [(one.start, one.end) for one in sentences_of("No fever. 血压正常。")]
    [(0, 9), (10, 15)]
    """
    return [Span(start, end, "sentence") for start, end in spans(text)]


def _grounded(one: Comparison, doubted: float | None) -> Grounded:
    return Grounded(
        verdict=verdict(one, doubted),
        doubt=round(weights().doubt(one, doubted), 4) if one.claims else 0.0,
        evidence=_place(one),
        because=one.notes if doubted is None or doubted <= 0 else (*one.notes, "reader"),
    )


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
