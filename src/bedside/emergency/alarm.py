"""The ear for emergencies told in other words than the red flags know: a linear reading of a sentence's vector.

Wordings know what they were written for; a sentence of somebody's own ("my chest is in a vice and my shirt is soaked")
may hold none of them. Where an encoder of meanings is at hand, each sentence that may be about somebody's present
trouble is read by it too. Fitted by benchmarks/emergency_alarm.py, measured by benchmarks/emergencies.py.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bedside.emergency.asking import is_told_now, sentences_in

Span = tuple[int, int]


class Encoder(Protocol):
    """Texts to vectors of length 1 [n, size]; `name` tells whose they are."""

    @property
    def name(self) -> str: ...

    def questions(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


@dataclass(frozen=True, slots=True)
class Ear:
    """The weights for the vectors of one encoder, and the sum above which a sentence tells of an emergency."""

    encoder: str
    weights: NDArray[np.float32]
    threshold: float


def heard(text: str, encoder: Encoder) -> tuple[Span, ...]:
    """The sentences of a text that tell of an emergency; none by an encoder that nothing was fitted for."""
    ear = _ear()
    if encoder.name != ear.encoder:
        return ()
    spans = [span for span in sentences_in(text) if is_told_now(text[slice(*span)])]
    if not spans:
        return ()
    sums = encoder.questions([text[slice(*span)].strip() for span in spans]) @ ear.weights
    return tuple(span for span, told in zip(spans, sums, strict=True) if told > ear.threshold)


@cache
def _ear() -> Ear:
    told = json.loads(files("bedside.emergency").joinpath("data/alarm.json").read_text(encoding="utf-8"))
    return Ear(told["encoder"], np.array(told["weights"], np.float32), told["threshold"])
