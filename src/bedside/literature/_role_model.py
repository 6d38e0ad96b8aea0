"""A linear model of sentence roles in English and weighted cues in Chinese, with how roles follow each other (Viterbi).

English weights were fitted by tools/train_roles.py on structured abstracts whose headings are the labels; the Chinese
cues and their weights are our own. Both read the whole abstract at once: the best path through the roles wins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import numpy as np

from bedside.literature._headings import ROLES
from bedside.literature._role_features import features, placed

Weights = Mapping[str, "np.ndarray"]
NEXT = "->"
"""Rows of the file that say how likely a role is after another (log probability)."""
_HAN = re.compile(r"[\u4e00-\u9fff]")


def judged(sentences: Sequence[str], weights: Weights | None = None) -> list[tuple[str, float]]:
    """The role of each sentence of an abstract without headings, and how sure that is (0 to 1).

    >>> said = ["为探讨阿司匹林的疗效。", "选取60例患者。", "两组差异有统计学意义。", "综上，值得推广。"]
    >>> [role for role, _ in judged(said)]
    ['objective', 'methods', 'results', 'conclusions']
    """
    if not sentences:
        return []
    weights = weights or english()
    scores = np.array([emission(said, number, len(sentences), weights) for number, said in enumerate(sentences)])
    return _best(scores, weights)


def emission(sentence: str, number: int, total: int, weights: Weights) -> np.ndarray:
    """Log probabilities of the roles of one sentence by itself."""
    score = np.zeros(len(ROLES))
    if len(_HAN.findall(sentence)) > len(sentence) / 5:
        names: list[str] = list(placed(number, total))
        for role, weight, cue in chinese():
            if cue.search(sentence):
                score[ROLES.index(role)] += weight
    else:
        names = list(dict.fromkeys(features(sentence, number, total)))
        names.append("@bias")
    for name in names:
        if (known := weights.get(name)) is not None:
            score = score + known
    return score - _logsum(score)


def _best(scores: np.ndarray, weights: Weights) -> list[tuple[str, float]]:
    """The best path by Viterbi, each step with its probability given the whole (forward-backward)."""
    step = np.array([weights[NEXT + role] for role in ROLES])
    start = weights[NEXT]
    best, back = scores[0] + start, []
    forward = [scores[0] + start]
    for score in scores[1:]:
        ways = best[:, None] + step
        back.append(ways.argmax(0))
        best = ways.max(0) + score
        forward.append(_logsum(forward[-1][:, None] + step, axis=0) + score)
    backward = [np.zeros(len(ROLES))]
    for score in scores[:0:-1]:
        backward.append(_logsum(step + (score + backward[-1])[None, :], axis=1))
    path = [int(best.argmax())]
    for links in reversed(back):
        path.append(int(links[path[-1]]))
    found = []
    for one, ahead, behind in zip(reversed(path), forward, reversed(backward), strict=True):
        chance = ahead + behind
        found.append((ROLES[one], float(np.exp(chance[one] - _logsum(chance)))))
    return found


def _logsum(values: np.ndarray, axis: int | None = None) -> np.ndarray:
    most = values.max(axis=axis, keepdims=True)
    total = np.log(np.exp(values - most).sum(axis=axis, keepdims=True)) + most
    return total.squeeze() if axis is None else np.squeeze(total, axis=axis)


@cache
def english() -> Weights:
    """The weights of data/roles_en.tsv: a feature a line, a weight a role."""
    lines = files("bedside.literature").joinpath("data/roles_en.tsv").read_text(encoding="utf-8").splitlines()
    cells = [line.split("\t") for line in lines if line.strip() and not line.startswith("#!")]
    return {name: np.array([float(one) for one in rest]) for name, *rest in cells}


@cache
def chinese() -> tuple[tuple[str, float, re.Pattern[str]], ...]:
    """The cues of data/roles_zh.tsv."""
    lines = files("bedside.literature").joinpath("data/roles_zh.tsv").read_text(encoding="utf-8").splitlines()
    cells = [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]
    return tuple((role, float(weight), re.compile(cue)) for role, weight, cue in cells)
