"""A learnt reader beside the rules: what the embedded encoder makes of a sentence and of the chart nearest to it.

Rules know words; a paraphrase in words of its own is what they lose. Sentence and chart are taken through the lower
layers of the encoder, each by itself, the chart once; a small network (_align.py) then looks at each token of the
sentence beside the sentences of the chart that the rules found, and those whose tokens are nearest. It is fitted by
benchmarks/grounding_reader.py, for this one encoder, on sentences in both languages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import Tensor

    from bedside.grounding._align import Aligner
    from bedside.grounding._states import States

ENCODER = "e5"
"""The encoder that the reader is fitted for."""
BUDGET = 64
"""Tokens of the chart that are read with a sentence, about."""
LONGEST = 104
"""Tokens of the chart that are read with a sentence, at most: a long sentence is cut."""
WINDOW = 256
"""Tokens of a chart that are taken through the encoder together."""
MOST = 400
"""Tokens of a sentence that are read."""

Place = tuple[int, int]


class SentenceReader(Protocol):
    """Reads the sentences of an answer beside a chart."""

    def lay(self, chart: str, places: Sequence[Place]) -> Laid:
        """A chart with the places of its sentences, made ready once."""
        ...

    def read(self, sentences: Sequence[str], laid: Laid, evidence: Sequence[Sequence[Place]]) -> list[float]:
        """One number a sentence: the higher, the less the chart says so; `evidence` is what the rules found of each."""
        ...


@dataclass(frozen=True)
class Laid:
    """A chart as the encoder has it: the states of its tokens [t, h], and the tokens of each of its sentences."""

    states: Tensor = field(repr=False)
    sentences: dict[Place, list[int]] = field(repr=False)


class Reader:
    """Several networks of one kind, fitted from different beginnings; what they say is averaged."""

    def __init__(self, states: States, networks: Sequence[Aligner], mean: Tensor, deviation: Tensor) -> None:
        self.states, self.networks = states, networks
        self._mean, self._deviation = mean, deviation

    def lay(self, chart: str, places: Sequence[Place]) -> Laid:
        """A chart through the encoder, in windows of whole sentences."""
        import torch

        ids, spans = self.states.tokens(chart)
        sentences = {
            (low, high): [at for at, (start, end) in enumerate(spans) if low <= start < high and end > start]
            for low, high in places
        }
        cuts = windows(list(sentences.values()), len(ids))
        return Laid(self.scaled(torch.cat(self.states.of([ids[low:high] for low, high in cuts]))), sentences)

    def pairs(
        self, sentences: Sequence[str], laid: Laid, evidence: Sequence[Sequence[Place]]
    ) -> list[tuple[Tensor, Tensor]]:
        """The states of each sentence, and of what of the chart is read with it."""
        said = map(self.scaled, self.states.of([self.states.tokens(one)[0][:MOST] for one in sentences]))
        return [(one, laid.states[nearest(one, laid, found)]) for one, found in zip(said, evidence, strict=True)]

    def read(self, sentences: Sequence[str], laid: Laid, evidence: Sequence[Sequence[Place]]) -> list[float]:
        """Above 0 the reader doubts that the chart says so."""
        import torch

        from bedside.grounding._align import together

        said, chart = zip(*self.pairs(sentences, laid, evidence), strict=True)
        with torch.inference_mode():
            given = (*together(said), *together(chart))
            sums: list[float] = torch.stack([one(*given) for one in self.networks]).mean(0).tolist()
        return sums

    def scaled(self, states: Tensor) -> Tensor:
        """States of mean 0 and deviation 1."""
        return (states - self._mean) / self._deviation


def nearest(said: Tensor, laid: Laid, found: Sequence[Place]) -> list[int]:
    """The tokens of the chart's sentences that are read with a sentence: those found, then the nearest."""
    import torch.nn.functional as F

    likeness = F.normalize(said, dim=1) @ F.normalize(laid.states, dim=1).T
    best = {place: float(likeness[:, tokens].amax(1).mean()) for place, tokens in laid.sentences.items() if tokens}
    first = {place: number for number, place in enumerate(found)}
    ranked = sorted(best, key=lambda place: (first.get(place, len(first)), -best[place]))
    kept = sorted(within(BUDGET, [(place, len(laid.sentences[place])) for place in ranked]))
    return [token for place in kept for token in laid.sentences[place]][:LONGEST]


def within(budget: int, ranked: Sequence[tuple[Place, int]]) -> Iterator[Place]:
    """The places whose lengths fit in a budget, taken in order; the first one whatever its length.

    >>> list(within(10, [((0, 9), 6), ((10, 30), 8), ((31, 35), 4)]))
    [(0, 9), (31, 35)]
    """
    used = 0
    for place, length in ranked:
        if not used or used + length <= budget:
            used += length
            yield place


def windows(sentences: Sequence[Sequence[int]], tokens: int) -> list[Place]:
    """All tokens in stretches of at most WINDOW, which end with a sentence where one ends.

    >>> windows([range(0, 200), range(201, 300)], 301), windows([], 600)
    ([(0, 201), (201, 301)], [(0, 256), (256, 512), (512, 600)])
    """
    ends = [one[0] for one in sentences if one]
    cuts = [0]
    while tokens - cuts[-1] > WINDOW:
        cuts.append(max((end for end in ends if cuts[-1] < end <= cuts[-1] + WINDOW), default=cuts[-1] + WINDOW))
    return list(zip(cuts, [*cuts[1:], tokens], strict=True))


@cache
def default_reader() -> Reader | None:
    """The shipped reader; None where the encoder that it was fitted with is not installed."""
    from bedside import registry

    if not registry.load("backbones", ENCODER).installed():
        return None
    from bedside.grounding._learnt import open_reader

    return open_reader()
