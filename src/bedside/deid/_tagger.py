"""A small trained tagger: names, institutions and places that only their surroundings give away.

A convolutional network over tokens (hashed features and word vectors, three layers with growing gaps: seven tokens to
either side), which also sees what the rules found. Run by numpy: no deep-learning library is loaded to read a note.
Fitted by `tools/tagger/fit.py` on invented notes; what it was fitted on, and its figures, are in docs/design/003.

Source: Strubell et al. 2017, "Fast and Accurate Entity Recognition with Iterated Dilated Convolutions".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import as_file, files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.deid._recogniser import Candidate
from bedside.deid._tag_tokens import Token, feature_rows, tokens, vector_words
from bedside.deid._zh_shapes import surnames
from bedside.types import IDENTITY_TYPES, Span

Array = NDArray[np.float32]
GAPS = (1, 2, 4)
"""How far apart the three tokens are that each layer looks at."""

THRESHOLD = 0.4
"""A token is identity when the probability of all kinds together is above this,"""

THRESHOLD_ALONE = 0.9
"""or above this in a text where no rule found anything: such texts mostly hold no identity at all."""

DOUBT = 0.15
"""A name that rules found is let go when the tagger, which sees their finding too, gives it no more than this."""

NAMED = ("NAME", "STAFF", "HOSPITAL", "ORG", "ADDRESS")
"""Kinds without a shape of their own. Of the others the tagger adds none to a text in which rules found nothing."""

_NUMBERED = ("ID", "PHONE", "ACCOUNT", "AGE_OVER_89")
_FIGURES = re.compile(
    r"[\d〇零一二三四五六七八九十百]|(?i:zero|one|two|three|four|five|six|seven|eight|nine|ninet|hundred)"
)
_BEYOND_DOUBT = 0.75
_BARE_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}")
_CHUNK = 4096
_MARGIN = sum(GAPS)
_KNOWN_TOKENS = 100_000
_EPSILON = 1e-5


@dataclass
class Tagger:
    """The weights, and the input vectors of tokens met before; kinds of identity are counted from 1, 0 is none."""

    weights: dict[str, Array]
    words: dict[str, int]
    met: dict[tuple[str, str, int], Array] = field(default_factory=dict)

    def probabilities(self, found: Sequence[Token], rules: NDArray[np.int64]) -> Array:
        """`found` tokens and what the rules say of each -> [tokens, k]."""
        w = self.weights
        own = np.array([self._vector(token.key) for token in found])
        hidden = np.maximum(own @ w["in.w"][: own.shape[1]] + self._said[rules], 0)
        for number, gap in enumerate(GAPS):
            kernel = w[f"conv{number}.w"]  # [3, h, h]: the token before, itself, the token after
            seen = self._neighbours(hidden, gap, number) @ kernel.reshape(-1, kernel.shape[2])
            seen += w[f"conv{number}.b"]
            hidden += np.maximum(seen, 0, out=seen)
        return _softmax(hidden @ w["out.w"] + w["out.b"])

    @cached_property
    def _said(self) -> Array:
        """What the first layer makes of each thing that rules can say of a token."""
        rules = self.weights["rules"]
        out: Array = rules @ self.weights["in.w"][-rules.shape[1] :] + self.weights["in.b"]
        return out

    def _neighbours(self, hidden: Array, gap: int, number: int) -> Array:
        """Each token's numbers, normed, between those of the tokens `gap` before and after; beyond the ends, zeros."""
        size = len(hidden)
        wide = np.zeros((size + 2 * gap, hidden.shape[1]), np.float32)
        own = wide[gap : gap + size]
        np.subtract(hidden, hidden.mean(1, keepdims=True), out=own)
        own /= np.sqrt(np.einsum("ij,ij->i", own, own) / own.shape[1] + _EPSILON)[:, None]
        own *= self.weights[f"norm{number}.w"]
        own += self.weights[f"norm{number}.b"]
        return np.concatenate([wide[:size], own, wide[2 * gap :]], 1)

    def _vector(self, key: tuple[str, str, int]) -> Array:
        known = self.met.get(key)
        if known is not None:
            return known
        w = self.weights
        own: Array = w["table"][feature_rows(key)].sum(0)
        for name, word in zip(("token", "word"), vector_words(key), strict=True):
            if word in self.words:
                own = own + w["vectors"][self.words[word]] @ w[f"{name}.w"]
        if len(self.met) >= _KNOWN_TOKENS:
            self.met.clear()
        self.met[key] = own
        return own


@cache
def load() -> Tagger:
    """The weights that come with the package."""
    from safetensors.numpy import load_file

    data = files("bedside.deid") / "data"
    with as_file(data / "tagger.safetensors") as path:
        stored = load_file(path)
    scales = {name: value for name, value in stored.items() if name.endswith(".scale")}
    weights = {
        name: value.astype(np.float32) * scales.get(f"{name}.scale", np.float32(1))
        for name, value in stored.items()
        if name not in scales
    }
    words = (data / "tagger_words.txt").read_text(encoding="utf-8").split("\n")
    return Tagger(weights, {word: row for row, word in enumerate(words)})


@cache
def _threads() -> Any:
    """Matrices as small as these cost twice the processor time when several threads share them."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


@dataclass(frozen=True, slots=True)
class Review:
    """What the tagger makes of a text: what it takes for identity, and the rules' spans that it is sure are none."""

    found: list[Candidate]
    doubted: list[Span]


def review(text: str, spans: Sequence[Span]) -> Review:
    """Read a text in which rules found `spans` (sorted, without overlaps)."""
    found = tokens(text)
    if not found:
        return Review([], [])
    rules = rule_numbers(found, spans)
    with _threads().limit(limits=1, user_api="blas"):
        chances = np.concatenate([_chances(found, rules, start) for start in range(0, len(found), _CHUNK)])
    sure = 1 - chances[:, 0]
    places = np.flatnonzero(sure > (THRESHOLD if spans else THRESHOLD_ALONE))
    runs = _runs(text, found, sure, chances[:, 1:].argmax(1), places.tolist())
    within_words = {token.start for token in found if len(token.key[1]) > 1}
    runs = [
        run
        for run in runs
        if plausible(text[run.start : run.end], run)
        and (spans or run.type in NAMED)
        and not (run.end - run.start == 1 and run.start in within_words)
    ]
    return Review(runs, _doubted(text, found, sure, spans))


def _chances(found: Sequence[Token], rules: NDArray[np.int64], start: int) -> Array:
    """One piece of a long text, read with what stands before and after it."""
    low, high = max(0, start - _MARGIN), min(len(found), start + _CHUNK + _MARGIN)
    return load().probabilities(found[low:high], rules[low:high])[start - low :][:_CHUNK]


def _doubted(text: str, found: Sequence[Token], sure: Array, spans: Sequence[Span]) -> list[Span]:
    """Names, and dates as short as a score (5/7), that rest on a rule alone; other shapes are what rules know best."""
    doubted, at = [], 0
    for span in spans:
        while at < len(found) and found[at].end <= span.start:
            at += 1
        stop = at
        while stop < len(found) and found[stop].start < span.end:
            stop += 1
        doubtful = span.type in NAMED or _BARE_DATE.fullmatch(text, span.start, span.end)
        if doubtful and float(sure[at:stop].max(initial=0)) < DOUBT:
            doubted.append(span)
    return doubted


def rule_numbers(found: Sequence[Token], spans: Sequence[Span]) -> NDArray[np.int64]:
    """For each token 0, or twice the number of the kind of the span it lies in, plus one unless it begins it."""
    numbers = np.zeros(len(found), np.int64)
    at = 0
    for place, token in enumerate(found):
        while at < len(spans) and spans[at].end <= token.start:
            at += 1
        if at < len(spans) and spans[at].start < token.end:
            kind = IDENTITY_TYPES.index(spans[at].type) + 1
            numbers[place] = 2 * kind + (token.start > spans[at].start)
    return numbers


def plausible(shown: str, run: Candidate) -> bool:
    """Whether a stretch can be of its kind at all: numbers have figures, and one sign alone is at most a surname.

    >>> plausible("2290", Candidate(0, 4, "PHONE", 0.5, "")), plausible("passcode", Candidate(0, 8, "PHONE", 0.5, ""))
    (True, False)
    """
    if run.type in _NUMBERED and not _FIGURES.search(shown):
        return False
    if run.type in ("DATE", "ID") and len(shown) <= 2 and shown.isdecimal():
        return False
    if len(shown) > 1:
        return True
    if run.type not in ("NAME", "STAFF"):
        return False
    return run.score > _BEYOND_DOUBT or (shown in surnames() if shown > "\u3400" else shown.isupper())


def _runs(
    text: str, found: Sequence[Token], sure: Array, kinds: NDArray[np.int64], places: list[int]
) -> list[Candidate]:
    """Neighbouring tokens of one kind on one line as one candidate; its score is that of its surest token."""
    candidates: list[Candidate] = []
    last = -2
    for place in places:
        token, kind = found[place], IDENTITY_TYPES[kinds[place]]
        score = round(0.85 * float(sure[place]), 3)
        before = candidates[-1] if candidates else None
        if before and last == place - 1 and before.type == kind and "\n" not in text[before.end : token.start]:
            candidates[-1] = Candidate(before.start, token.end, kind, max(score, before.score), "tagger")
        else:
            candidates.append(Candidate(token.start, token.end, kind, score, "tagger"))
        last = place
    return candidates


def _softmax(logits: Array) -> Array:
    raised = np.exp(logits - logits.max(1, keepdims=True))
    out: Array = raised / raised.sum(1, keepdims=True)
    return out
