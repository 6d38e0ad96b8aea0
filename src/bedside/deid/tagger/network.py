"""The tagger's network, run by numpy over many texts at once: no deep-learning library is loaded to read a note.

A convolutional network over tokens (hashed features and word vectors, three layers with growing gaps: seven tokens to
either side), which also sees what the rules found.

Source: Strubell et al. 2017, "Fast and Accurate Entity Recognition with Iterated Dilated Convolutions".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import as_file, files
from itertools import chain, compress

import numpy as np
from numpy.typing import NDArray

from bedside.deid.tagger.tokens import Key, feature_rows, vector_words

Array = NDArray[np.float32]
Numbers = NDArray[np.int64]
Rows = NDArray[np.int32]
GAPS = (1, 2, 4)
"""How far apart the three tokens are that each layer looks at."""

_KNOWN_TOKENS = 1 << 15
_EPSILON = 1e-5


class _Numbers(dict[Key, int]):
    """Numbers tokens in the order in which they are met."""

    def __missing__(self, key: Key) -> int:
        number = self[key] = len(self)
        return number


class _Begun:
    """What the first layer makes of tokens met before: a row for each token with what the rules say of it.

    Row 0 stands for no token and is all zeros. Kept are a token's own numbers, and its part in those of the next token,
    of itself and of the token before.
    """

    def __init__(self, size: int, sayings: int) -> None:
        self.known = _Numbers()
        """Each token's number: of its line in `rows`, which has a place for each of the `sayings` of rules."""
        self.sayings = sayings
        self.rows: Rows = np.zeros(_KNOWN_TOKENS * sayings, np.int32)
        self.held = 0
        self.numbers, self.to_next, self.to_self, self.to_last = np.zeros((4, _KNOWN_TOKENS, size), np.float32)

    def clear(self) -> None:
        """Forget them all."""
        self.known.clear()
        self.rows[:] = self.held = 0


@dataclass
class Tagger:
    """The weights, and the row of each word's vector; kinds of identity are counted from 1, 0 is none."""

    weights: dict[str, Array]
    words: dict[str, int]

    def probabilities(self, texts: Sequence[Sequence[Key]], rules: Sequence[Sequence[int]]) -> Array:
        """Tokens of some texts and what the rules say of each -> [all tokens, k]; no text is seen from another.

        The texts lie end to end with empty places between them, as many as the widest gap.
        """
        sizes = [len(keys) for keys in texts]
        places = np.arange(sum(sizes)) + max(GAPS) * np.repeat(np.arange(1, len(sizes) + 1), sizes)
        held = sum(sizes) + max(GAPS) * (len(sizes) + 1)
        rows = self._met(list(chain.from_iterable(texts)), np.array(list(chain.from_iterable(rules)), np.int64))
        hidden = self._first(rows, places, held)
        for number in range(1, len(GAPS)):
            wide = np.zeros((held, hidden.shape[1]), np.float32)
            wide[places] = self._normed(hidden, number)
            hidden += self._seen(wide, places, number)
        return _softmax(self.weights["out.w"].T @ hidden.T + self.weights["out.b"][:, None]).T

    def _first(self, rows: Rows, places: Numbers, held: int) -> Array:
        """The first layer, from what is kept of each token: nothing is multiplied."""
        met = np.zeros(held, np.int64)
        met[places] = rows
        begun, gap = self._begun, GAPS[0]
        seen = begun.to_next.take(met[places - gap], 0)
        seen += begun.to_self.take(rows, 0)
        seen += begun.to_last.take(met[places + gap], 0)
        return self._added(seen, 0) + begun.numbers.take(rows, 0)

    def _seen(self, wide: Array, places: Numbers, number: int) -> Array:
        """What a layer makes of each token and of those `gap` before and after it; in empty places there are zeros."""
        kernel, gap = self.weights[f"conv{number}.w"], GAPS[number]  # [3, h, h]: the token before, itself, the next
        seen = wide.take(places[:, None] + (-gap, 0, gap), 0).reshape(len(places), -1)
        return self._added(seen @ kernel.reshape(-1, kernel.shape[2]), number)

    def _added(self, seen: Array, number: int) -> Array:
        seen += self.weights[f"conv{number}.b"]
        return np.maximum(seen, 0, out=seen)

    def _normed(self, hidden: Array, number: int) -> Array:
        """Each token's numbers with mean 0 and variance 1, then weighed."""
        size = hidden.shape[1]
        own: Array = hidden - (hidden @ np.full(size, 1 / size, np.float32))[:, None]
        own *= (1 / np.sqrt(np.einsum("ij,ij->i", own, own) / size + np.float32(_EPSILON)))[:, None]
        own *= self.weights[f"norm{number}.w"]
        own += self.weights[f"norm{number}.b"]
        return own

    @cached_property
    def _begun(self) -> _Begun:
        return _Begun(len(self.weights["conv0.b"]), len(self.weights["rules"]))

    @cached_property
    def _said(self) -> Array:
        """What the first layer makes of each thing that rules can say of a token."""
        rules = self.weights["rules"]
        out: Array = rules @ self.weights["in.w"][-rules.shape[1] :] + self.weights["in.b"]
        return out

    def _met(self, keys: Sequence[Key], rules: Numbers) -> Rows:
        """The rows of tokens and what the rules say of them; those of new ones are worked out first."""
        begun = self._begun
        if begun.held + len(keys) >= _KNOWN_TOKENS:
            begun.clear()
        numbers = np.array(list(map(begun.known.__getitem__, keys)), np.int64)
        wanted = numbers * begun.sayings + rules
        found = begun.rows.take(wanted)
        if not found.all():
            self._begin(keys, numbers, rules, found == 0)
            found = begun.rows.take(wanted)
        return found

    def _begin(self, keys: Sequence[Key], numbers: Numbers, rules: Numbers, is_new: NDArray[np.bool_]) -> None:
        w, begun = self.weights, self._begun
        lines, said = np.unique(np.stack((numbers, rules))[:, is_new], axis=1)
        key_of = dict(zip(numbers[is_new].tolist(), compress(keys, is_new.tolist()), strict=True))
        own = np.array([self._vector(key_of[line]) for line in lines.tolist()])
        hidden = np.maximum(own @ w["in.w"][: own.shape[1]] + self._said[said], 0)
        normed = self._normed(hidden, 0)
        place = np.arange(begun.held + 1, begun.held + 1 + len(lines))
        for part, kernel in zip((begun.to_next, begun.to_self, begun.to_last), w["conv0.w"], strict=True):
            part[place] = normed @ kernel
        begun.numbers[place] = hidden
        begun.rows[lines * begun.sayings + said] = place
        begun.held += len(lines)

    def _vector(self, key: Key) -> Array:
        w = self.weights
        own: Array = w["table"][feature_rows(key)].sum(0)
        for name, word in zip(("token", "word"), vector_words(key), strict=True):
            if word in self.words:
                own = own + w["vectors"][self.words[word]] @ w[f"{name}.w"]
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


def _softmax(logits: Array) -> Array:
    """Of each column: kinds in rows, for numpy is quick across rows and slow along short ones."""
    raised = np.exp(logits - logits.max(0))
    out: Array = raised / raised.sum(0)
    return out
