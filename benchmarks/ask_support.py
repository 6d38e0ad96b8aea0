"""Fits how likely a passage is to answer a question, and from which chance on to answer; prints `data/support.toml`.

    python benchmarks/ask_support.py [--topics 300] [--encoder e5] [--work DIR]

MedQuAD's train part only. Half of the topics are in the library, half are not; of those in it, one answer in five is
left out too. Titles are the question, the topic, a number or nothing, by lot. Questions are as written, mistyped, or in
lay words.
The weights are fitted on the topics of even number, the threshold is chosen on those of odd number, where the trade-off
is told. A passage is right if its document answers the same question on the same topic.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from _ask_sets import NOT_MEDICAL, asked, items, library, rows, topics
from bedside.consult.consultant import Consultant
from bedside.consult.weigh import NAMES
from bedside.model.embedder import open_encoder

WRONGLY = 0.05
"""The share of questions without an answer in the library that may be answered: the threshold is set by it."""
RIDGE = 1.0


def main() -> None:
    """Fit and print."""
    words = argparse.ArgumentParser()
    words.add_argument("--topics", type=int, default=300)
    words.add_argument("--longest", type=int, default=6000)
    words.add_argument("--encoder", default="")
    words.add_argument("--work", type=Path, default=None)
    given = words.parse_args()
    encoder = open_encoder(given.encoder) if given.encoder else None
    every = [row for row in rows("train") if len(row["answer"]) <= given.longest]
    dice = random.Random(0)
    chosen = dice.sample(topics(every), given.topics)
    number = {topic: at for at, topic in enumerate(chosen)}
    some = [row for row in every if row["focus"] in number]
    inside = [row for row in some if number[row["focus"]] % 4 < 2 and dice.random() < 0.8]
    there = {(row["focus"], row["type"]) for row in inside}
    gold = {row["id"]: (row["focus"], row["type"]) for row in inside}
    with tempfile.TemporaryDirectory() as scratch:
        folder = (given.work or Path(scratch)) / f"support-{given.encoder or 'words'}-{given.topics}"
        with library(folder, list(items(inside, dice)), encoder) as opened:
            consultant = Consultant(opened)
            questions = [
                (number[row["focus"]] % 2, way, question, (row["focus"], row["type"]))
                for way, row, question in asked(some)
            ]
            questions += [(at % 2, "not medical", question, None) for at, question in enumerate(NOT_MEDICAL)]
            told = [(*one, _candidates(consultant, one[2])) for one in questions]
    fit = [one for one in told if one[0] == 0]
    held = [one for one in told if one[0] == 1]
    features = np.array([row for *_, found in fit for row, _ in found])
    labels = np.array([float(one[3] is not None and gold.get(item) == one[3]) for one in fit for _, item in one[4]])
    weights = _logistic(features, labels)
    best, right, answerable, ways = [], [], [], []
    for _, way, _, wanted, found in held:
        chances = [1 / (1 + np.exp(-row @ weights)) for row, _ in found] or [0.0]
        top = int(np.argmax(chances))
        best.append(chances[top])
        right.append(bool(found) and gold.get(found[top][1]) == wanted)
        answerable.append(wanted in there)
        ways.append(way if wanted is None or wanted in there else "topic out" if _out(wanted, there) else "answer out")
    chances, hit, can = np.array(best), np.array(right), np.array(answerable)
    bar = float(np.quantile(chances[~can], 1 - WRONGLY))
    print(f"# {len(fit)} questions to fit, {len(held)} to choose; {len(inside)} documents; {RIDGE=}, {WRONGLY=}")
    for at in sorted({0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, round(bar, 3)}):
        shares = {way: np.mean(chances[np.array(ways) == way] >= at) for way in dict.fromkeys(ways)}
        first = hit[can & (chances >= at)]
        said = ", ".join(f"{way} {share:.3f}" for way, share in shares.items())
        print(f"# at {at:.3f} answered: {said}; of those answered that can be, right {first.mean():.3f}")
    names = NAMES[: len(weights)]
    print(f"[{'vectors' if encoder else 'words'}]\nthreshold = {bar:.3f}")
    said = ", ".join(f"{name} = {weight:.3f}" for name, weight in zip(names, weights, strict=True))
    print(f"weights = {{ {said} }}")


def _candidates(consultant: Consultant, question: str) -> list[tuple[np.ndarray, str]]:
    told = consultant.weighed(question)
    return [(np.array(one.features), one.passage.item) for one in told]


def _out(wanted: Any, there: set[tuple[str, str]]) -> bool:
    return all(wanted[0] != focus for focus, _ in there)


def _logistic(features: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Ridge-penalised weights by Newton's method; the bias, the first column, is free."""
    weights = np.zeros(features.shape[1])
    penalty = np.diag([0.0, *[RIDGE] * (features.shape[1] - 1)])
    for _ in range(50):
        chances = 1 / (1 + np.exp(-features @ weights))
        slope = features.T @ (labels - chances) - penalty @ weights
        curve = (features * (chances * (1 - chances))[:, None]).T @ features + penalty
        step = np.linalg.solve(curve, slope)
        weights += step
        if np.abs(step).max() < 1e-6:
            break
    return weights


if __name__ == "__main__":
    main()
