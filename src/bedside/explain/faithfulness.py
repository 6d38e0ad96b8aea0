"""Whether an explanation can be trusted: with its top words left out, does the answer fall faster than by chance?

The label's probability, or the value of a score, is followed while more and more words are left out, most important
first (the deletion curve), and beside it in 20 random orders. The smaller the area under the curve, the more the words
named matter to the model.

Source: Petsiuk, Das & Saenko 2018 (deletion); DeYoung et al. 2020, "ERASER" (comprehensiveness).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.explain.aim import aim_of
from bedside.explain.attribute import Explanation
from bedside.explain.words import Word, both_without
from bedside.lang import tr

Array = NDArray[np.float64]

SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8)
ORDERS = 20
MIN_WORDS = 5
"""Shorter texts have too few orders to tell an explanation from chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Faithfulness:
    """The two curves over `shares` of words left out, and the gap between their areas with its interval.

    `gap` is random minus explained: above 0, the words named matter. [low, high] holds 95 % of the random orders.
    `trusted` is None where the text is too short to tell.
    """

    shares: tuple[float, ...]
    curve: tuple[float, ...]
    random_curve: tuple[float, ...]
    gap: float
    low: float
    high: float
    orders: int
    seed: int
    trusted: bool | None

    def __str__(self) -> str:
        """One plain sentence."""
        size = f"{self.gap:+.3f} [{self.low:+.3f}, {self.high:+.3f}]"
        if self.trusted is None:
            return tr("Too short a text to check this explanation.", "文本过短，无法检验该解释。")
        if self.trusted:
            return tr(
                f"You can trust this explanation: without its top words the answer falls faster than chance ({size}).",
                f"该解释可信：去掉其关键词后，答案的概率比随机去词下降更快（{size}）。",
            )
        return tr(
            f"Do not trust this explanation: without its top words the answer falls no faster than chance ({size}).",
            f"请勿信任该解释：去掉其关键词的影响与随机去词无异（{size}）。",
        )


def check(
    model: Any,
    explanation: Explanation,
    *,
    seed: int = 0,
    advance: Callable[[int], None] = lambda _: None,
) -> Faithfulness:
    """Compare the explanation's order with random ones; `advance` is told of each order done."""
    words = explanation.words
    aim = explanation.aim or aim_of(model, explanation.texts, explanation.label)

    def curve(order: list[int]) -> Array:
        texts = explanation.texts
        left = [both_without(texts, [words[i] for i in order[: _cut(share, words)]], aim.how) for share in SHARES]
        figures = aim.figures(model, left)
        advance(1)
        return figures

    rng = np.random.default_rng(seed)
    ours = curve(sorted(range(len(words)), key=lambda i: -words[i].score))
    random = np.array([curve(rng.permutation(len(words)).tolist()) for _ in range(ORDERS)])
    gaps = area(random) - area(ours[None])
    low, high = (float(q) for q in np.quantile(gaps, [0.025, 0.975]))
    return Faithfulness(
        shares=SHARES,
        curve=tuple(map(float, ours)),
        random_curve=tuple(map(float, random.mean(axis=0))),
        gap=float(gaps.mean()),
        low=low,
        high=high,
        orders=ORDERS,
        seed=seed,
        trusted=None if len(words) < MIN_WORDS else low > 0,
    )


def area(curves: Array) -> Array:
    """The area under each of the curves [orders, shares], as a mean probability, or value.

    >>> area(np.ones((1, len(SHARES)))).round(6).tolist()
    [1.0]
    """
    under: Array = np.asarray(np.trapezoid(curves, SHARES, axis=1)) / SHARES[-1]
    return under


def _cut(share: float, words: tuple[Word, ...]) -> int:
    """How many words are left out; any share above 0 leaves out one at least."""
    return 0 if share == 0 else max(1, round(share * len(words)))
