"""The ear for emergencies told in other words than the red flags know: a linear reading of a sentence's vector.

Wordings know what they were written for; a sentence of somebody's own ("my chest is in a vice and my shirt is soaked")
may hold none of them. Where an encoder of meanings is at hand, each sentence that may be about somebody's present
trouble is read by it too; orders, doses and plans never are (advice.py). Fitted by
benchmarks/emergency_alarm.py, measured by benchmarks/emergencies.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bedside.emergency.advice import is_advice
from bedside.emergency.asking import is_told_now, sentences_in

Span = tuple[int, int]
ENCODER = "e5"
"""The encoder whose vectors the weights are for."""
_WORD = re.compile(r"[a-z]{3}|[\u4e00-\u9fff]", re.IGNORECASE)
"""Without one a sentence is the number of a list, or a title."""


class Encoder(Protocol):
    """Texts to vectors of length 1 [n, size]; `name` tells whose they are."""

    @property
    def name(self) -> str: ...

    def questions(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


@dataclass(frozen=True, slots=True)
class Ear:
    """The weights of a vector, the sum above which its sentence tells of an emergency, and words that tell of some."""

    weights: NDArray[np.float32]
    threshold: float
    signs: frozenset[str]


def heard(text: str, encoder: Encoder) -> tuple[Span, ...]:
    """The sentences of a text that tell of an emergency; none by an encoder that nothing was fitted for."""
    if encoder.name != ENCODER:
        return ()
    spans = listened_to(text)
    if not spans:
        return ()
    ear = _ear()
    sums = encoder.questions([text[slice(*span)].strip() for span in spans]) @ ear.weights
    return tuple(span for span, told in zip(spans, sums, strict=True) if told > ear.threshold)


def listened_to(text: str) -> list[Span]:
    """The sentences that may be about somebody's trouble now: what the encoder is asked about, in one batch.

    >>> text = "Ibuprofen 200 mg every six hours. Her lips went blue. What is croup?"
    >>> [text[start:end].strip() for start, end in listened_to(text)]
    ['Her lips went blue.']
    """
    return [span for span in sentences_in(text) if _may_tell(text[slice(*span)])]


def _may_tell(sentence: str) -> bool:
    return bool(_WORD.search(sentence)) and is_told_now(sentence) and not is_advice(sentence, _ear().signs)


@cache
def _ear() -> Ear:
    told = json.loads(files("bedside.emergency").joinpath("data/alarm.json").read_text(encoding="utf-8"))
    return Ear(np.array(told["weights"], np.float32), told["threshold"], frozenset(told["signs"]))
