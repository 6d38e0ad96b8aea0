"""The ear for emergencies told in other words than the red flags know: by a sentence's parts and by its meaning.

Wordings know what they were written for; somebody's own words ("my chest is in a vice and my shirt is soaked") may hold
none of them. What may be about somebody's present trouble is weighed by its words and runs of characters, by what it
says around the trouble ("seen in A&E", "since lunch": _circumstances.py) and, where an encoder of meanings is at hand,
by how near its vector is to sentences of our own; orders, doses and plans never are (advice.py). Fitted by
benchmarks/emergency_alarm.py, measured by benchmarks/emergencies.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bedside.emergency._circumstances import circumstances
from bedside.emergency._elsewhere import is_elsewhere
from bedside.emergency._long import LONG, SURER, fresh_parts, units
from bedside.emergency._parts import parts
from bedside.emergency.advice import is_advice
from bedside.emergency.asking import is_told_now, sentences_in

Span = tuple[int, int]
Floats = NDArray[np.float32]
ENCODER = "e5"
"""The encoder whose vectors the weights are for."""
BRIEF = 20
"""Words, or pairs of Chinese characters, of a message that says too little around its trouble to be weighed by that."""
_WORD = re.compile(r"[a-z]{3}|[\u4e00-\u9fff]", re.IGNORECASE)
"""Without one a sentence is the number of a list, or a title."""


class Encoder(Protocol):
    """Texts to vectors of length 1 [n, size]; `name` tells whose they are."""

    @property
    def name(self) -> str: ...

    def questions(self, texts: Sequence[str]) -> Floats: ...


@dataclass(frozen=True, slots=True)
class Weighing:
    """What parts and circumstances weigh, and the sums above which a sentence or message is an emergency.

    `threshold` is of a sentence, `brief` and `whole` are of short and longer messages; above `perhaps` one may be.
    """

    of: Mapping[str, float]
    around: Mapping[str, float]
    threshold: float
    brief: float
    whole: float
    perhaps: float

    def sum(self, sentence: str) -> float:
        """The weight of a text; the words of a long one weigh no more than those of a short one."""
        known = [self.of[part] for part in parts(sentence) if part in self.of]
        around = sum(self.around.get(one, 0.0) * times for one, times in circumstances(sentence).items())
        return around + (sum(known) / len(known) ** 0.5 if known else 0.0)


@dataclass(frozen=True, slots=True)
class Ear:
    """Parts weighed alone and beside meaning; sentences of ours as vectors [n, size] with what likeness to each weighs.

    Likeness is exp(-sharpness * squared distance) of vectors from the `middle` of ours. A sentence whose words weigh
    less than `hopeless` is not encoded.
    """

    alone: Weighing
    beside: Weighing
    ours: Floats
    likeness: Floats
    middle: Floats
    sharpness: float
    hopeless: float
    signs: frozenset[str]

    def sums(self, sentences: Sequence[str], vectors: Floats) -> Floats:
        """The weights of sentences with their vectors, one a row."""
        near = np.exp(-2 * self.sharpness * (1 - centred(vectors, self.middle) @ self.ours.T)) @ self.likeness
        return near + np.array([self.beside.sum(one) for one in sentences], np.float32)


def heard(text: str, encoder: Encoder | None, *, message: bool = False) -> tuple[Span, ...]:
    """The sentences of a text that tell of an emergency; by their words alone without the encoder it was fitted for.

    A `message` is somebody's own telling: it is weighed as a whole, with what it says besides, and heard as a whole. Of
    a long one the part that tells of what is new is weighed by itself too: other talk would outweigh it.
    """
    told = {span: text[slice(*span)].strip() for span in listened_to(text)}
    if not told:
        return ()
    if message:
        fresh = fresh_parts(text, told) if units(text) > LONG else []
        by, (weight, *of_parts) = _weighed([text, *fresh], encoder)
        whole = weight > (by.brief if is_brief(text) else by.whole)
        return tuple(told) if whole or max(of_parts, default=0.0) > by.threshold + SURER else ()
    by, weights = _weighed(list(told.values()), encoder)
    return tuple(span for span, weight in zip(told, weights, strict=True) if weight > by.threshold)


def heard_perhaps(text: str, encoder: Encoder | None) -> bool:
    """Whether a message, though no emergency is heard in it, is too near to one to say nothing of when to call."""
    if not listened_to(text):
        return False
    by, (weight,) = _weighed([text], encoder)
    return weight > by.perhaps


def is_brief(text: str) -> bool:
    """Whether a message has fewer than `BRIEF` words, or pairs of Chinese characters.

    >>> is_brief("Her lips went blue."), is_brief("她嘴唇突然发紫。" * 6)
    (True, False)
    """
    return units(text) < BRIEF


def _weighed(texts: Sequence[str], encoder: Encoder | None) -> tuple[Weighing, list[float]]:
    """What texts weigh, and by which scale: without the encoder that the ear was fitted for by their words alone."""
    if encoder is None or encoder.name != ENCODER:
        return ear().alone, [ear().alone.sum(one) for one in texts]
    return ear().beside, [float(one) for one in ear().sums(texts, encoder.questions(texts))]


def centred(vectors: Floats, middle: Floats) -> Floats:
    """Vectors seen from the middle, of length 1: an encoder's vectors all point one way, which says nothing.

    >>> centred(np.array([[3.0, 1.0]], np.float32), np.array([0.0, 1.0], np.float32)).tolist()
    [[1.0, 0.0]]
    """
    moved = vectors - middle
    return moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)


def listened_to(text: str) -> list[Span]:
    """The sentences that may be about somebody's trouble now: what the encoder is asked about, in one batch.

    >>> text = "Ibuprofen 200 mg every six hours. Her lips went blue. What is croup?"
    >>> [text[start:end].strip() for start, end in listened_to(text)]
    ['Her lips went blue.']
    """
    told = (span for span in sentences_in(text) if _may_tell(text[slice(*span)].strip()))
    return [span for span in told if not is_elsewhere(text[: span[1]], text[slice(*span)])]


def _may_tell(sentence: str) -> bool:
    if not _WORD.search(sentence) or not is_told_now(sentence) or is_advice(sentence, ear().signs):
        return False
    return ear().alone.sum(sentence) > ear().hopeless


@cache
def ear() -> Ear:
    """The fitted ear: data/alarm.json has the parts, data/alarm.safetensors our sentences as vectors of bytes."""
    from safetensors.numpy import load

    data = files("bedside.emergency").joinpath("data")
    told = json.loads(data.joinpath("alarm.json").read_text(encoding="utf-8"))
    arrays = load(data.joinpath("alarm.safetensors").read_bytes())
    ours = arrays["ours"].astype(np.float32)
    return Ear(
        Weighing(**told["alone"]),
        Weighing(**told["beside"]),
        ours / np.linalg.norm(ours, axis=1, keepdims=True),
        arrays["likeness"],
        arrays["middle"],
        told["sharpness"],
        told["hopeless"],
        frozenset(told["signs"]),
    )
