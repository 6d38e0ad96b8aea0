"""Figures of retrieval: first places, graded gain, means with intervals, and paired tests."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2
from typing import Any

import numpy as np

from bedside.evaluate.compare import p_value, sign_test

RESAMPLES = 2000
AGAINST = ("bm25", "lexical", "dense")
"""What the hybrid is compared with."""


def first_places(gold: Sequence[set[str]], ranked: Sequence[Sequence[str]]) -> list[tuple[float, float]]:
    """Of each question: whether a right document is among the first five, and 1 / the place of the first."""
    places = [
        next((at for at, id in enumerate(ids, 1) if id in right), 0) for right, ids in zip(gold, ranked, strict=True)
    ]
    return [(float(0 < place <= 5), 1 / place if place else 0.0) for place in places]


def ndcg(grades: dict[str, int], ranked: Sequence[str]) -> float:
    gained = sum(grades.get(id, 0) / log2(at + 1) for at, id in enumerate(ranked[:10], 1))
    best = sum(grade / log2(at + 1) for at, grade in enumerate(sorted(grades.values(), reverse=True)[:10], 1))
    return gained / best if best else 0.0


def precision(grades: dict[str, int], ranked: Sequence[str]) -> float:
    """Average precision; a title of any grade above 0 is right."""
    right, total = 0, 0.0
    for at, id in enumerate(ranked, 1):
        if grades.get(id, 0) > 0:
            right += 1
            total += right / at
    return total / sum(grade > 0 for grade in grades.values())


def told(
    figures: dict[str, list[tuple[float, float]]],
    groups: Sequence[str],
    names: tuple[str, str],
    against: Sequence[str] = AGAINST,
) -> dict[str, Any]:
    """Each mode's means with intervals, and hybrid against others on the same questions."""
    found: dict[str, Any] = {"questions": len(groups)}
    if not groups:
        return found
    number = {group: at for at, group in enumerate(dict.fromkeys(groups))}
    of = np.array([number[group] for group in groups])
    weights = np.random.default_rng(0).multinomial(len(number), np.full(len(number), 1 / len(number)), RESAMPLES)
    weights = np.vstack([np.ones(len(number), int), weights])[:, of].astype(float)
    weights /= weights.sum(axis=1, keepdims=True)
    arrays = {mode: np.array(values) for mode, values in figures.items()}
    for mode, values in arrays.items():
        means = weights @ values
        low, high = np.percentile(means[1:], [2.5, 97.5], axis=0)
        each = zip(names, means[0], low, high, strict=True)
        found[mode] = {name: f"{mean:.3f} [{least:.3f}, {most:.3f}]" for name, mean, least, most in each}
    for other in against:
        gaps = arrays["hybrid"] - arrays[other]
        drawn = weights @ gaps
        wins, losses = int((gaps[:, 0] > 0).sum()), int((gaps[:, 0] < 0).sum())
        found[f"hybrid - {other}"] = {
            name: f"{drawn[0, at]:+.3f} (p {p_value(drawn[:, at]):.3f})" for at, name in enumerate(names)
        }
        found[f"hybrid - {other}"] |= {"wins": wins, "losses": losses, "sign_test": round(sign_test(wins, losses), 4)}
    return found
