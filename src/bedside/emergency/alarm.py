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
ENCODER = "e5"
"""The encoder whose vectors the weights are for."""


class Encoder(Protocol):
    """Texts to vectors of length 1 [n, size]; `name` tells whose they are."""

    @property
    def name(self) -> str: ...

    def questions(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


@dataclass(frozen=True, slots=True)
class Ear:
    """The weights of a vector, and the sum above which its sentence tells of an emergency."""

    weights: NDArray[np.float32]
    threshold: float


def heard(text: str, encoder: Encoder) -> tuple[Span, ...]:
    """The sentences of a text that tell of an emergency; none by an encoder that nothing was fitted for."""
    if encoder.name != ENCODER:
        return ()
    spans = [span for span in sentences_in(text) if is_told_now(text[slice(*span)])]
    if not spans:
        return ()
    ear = _ear()
    sums = encoder.questions([text[slice(*span)].strip() for span in spans]) @ ear.weights
    return tuple(span for span, told in zip(spans, sums, strict=True) if told > ear.threshold)


@cache
def _ear() -> Ear:
    told = json.loads(files("bedside.emergency").joinpath("data/alarm.json").read_text(encoding="utf-8"))
    return Ear(np.array(told["weights"], np.float32), told["threshold"])
