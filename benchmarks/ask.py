"""Consultation on the whole of MedQuAD's dev part: is every sentence where it is cited from, and is silence kept?

    python benchmarks/ask.py OUT.json [--encoder e5 --documents 800]

`whole`: all dev answers are in the library, words alone. `half`: every second topic is in the library, so that the
others' questions have no answer there; with `--encoder`, of the first `--documents` rows only, words and vectors (the
encoding is the cost). Questions as written, with two letters wrong, in lay words; and questions of no medicine.

An answer is right if the first document it cites answers the same question (or kind of question) on the same topic;
beside it, the document of BM25's first passage. A sentence is right if a right document's text has it. Intervals:
bootstrap over topics, seed 0.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from _ask_sets import NOT_MEDICAL, Row, asked, items, library, rows, topics
from bedside.consult.check import contains
from bedside.consult.consultant import Consultant
from bedside.consult.sentences import squash
from bedside.evaluate.compare import p_value
from bedside.library import Library
from bedside.model.embedder import open_encoder

RESAMPLES = 2000


def main() -> None:
    """Measure and write."""
    words = argparse.ArgumentParser()
    words.add_argument("out", type=Path)
    words.add_argument("--encoder", default="")
    words.add_argument("--documents", type=int, default=800)
    words.add_argument("--audience", default="patient", choices=("patient", "clinician"))
    given = words.parse_args()
    every = rows("dev")
    report: dict[str, Any] = {"audience": given.audience}
    encoder = open_encoder(given.encoder) if given.encoder else None
    with tempfile.TemporaryDirectory() as scratch:
        if encoder is None:
            with library(Path(scratch) / "whole", list(items(every))) as opened:
                report["whole"] = measured(opened, every, every, given.audience)
                print(json.dumps(report["whole"], indent=1), flush=True)
        some = every[: given.documents]
        number = {topic: at for at, topic in enumerate(topics(some))}
        inside = [row for row in some if number[row["focus"]] % 2 == 0]
        outside = [row for row in some if number[row["focus"]] % 2]
        start = time.process_time()
        with library(Path(scratch) / "half", list(items(inside)), encoder) as opened:
            report["half"] = {"built_cpu_s": round(time.process_time() - start, 1)}
            report["half"] |= measured(opened, inside, inside, given.audience)
            report["half"]["topic not in the library"] = silent(opened, outside)
            consultant = Consultant(opened)
            kept = [consultant.ask(one).abstained for one in NOT_MEDICAL]
            report["half"]["not medical"] = f"{sum(kept)} of {len(kept)} unanswered"
        print(json.dumps(report["half"], indent=1, ensure_ascii=False), flush=True)
    given.out.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def measured(opened: Library, some: Sequence[Row], inside: Sequence[Row], audience: Any) -> dict[str, Any]:
    """Of questions whose answer is in the library."""
    gold: dict[tuple[str, str], set[str]] = {}
    texts = {row["id"]: squash(row["answer"]) for row in inside}
    for row in inside:
        gold.setdefault((row["focus"].lower(), row["type"]), set()).add(row["id"])
    consultant = Consultant(opened, audience)
    seen: dict[str, list[tuple[str, dict[str, float]]]] = {}
    held = total = dropped = 0
    start = time.perf_counter()
    for way, row, question in asked(some):
        right = gold[row["focus"].lower(), row["type"]]
        told = consultant.ask(question)
        first = opened.search(question, 1, mode="lexical")
        one = {"answered": float(not told.abstained), "bm25 first right": float(bool(first) and first[0].item in right)}
        if told.answer:
            one["first right"] = float(opened.get(told.answer[0].citations[0]).item in right)
            one["likeliest right"] = float(told.passages[0].passage.item in right)
            one["sentences right"] = float(
                np.mean([any(squash(said.sentence) in texts[id] for id in right) for said in told.answer])
            )
            one["bm25 right where answered"] = one["bm25 first right"]
            one["words"] = float(sum(len(said.sentence.split()) for said in told.answer))
        for said in told.answer:
            total += 1
            held += all(contains(opened.get(id).text, said.sentence) for id in said.citations)
        dropped += told.dropped
        seen.setdefault(way, []).append((row["focus"], one))
    took = (time.perf_counter() - start) / sum(map(len, seen.values()))
    figures = {way: _figures(some) for way, some in seen.items()}
    cited = f"{held} of {total} sentences are in every passage they cite; {dropped} were dropped by the check"
    return {"documents": len(inside), "cited": cited, "wall_ms_a_question": round(1000 * took, 1), **figures}


def silent(opened: Library, outside: Sequence[Row]) -> dict[str, Any]:
    """Of questions whose topic is not in the library: the share that is not answered."""
    consultant = Consultant(opened)
    seen: dict[str, list[tuple[str, dict[str, float]]]] = {}
    for way, row, question in asked(outside):
        kept = consultant.ask(question).abstained
        seen.setdefault(way, []).append((row["focus"], {"unanswered": float(kept)}))
    return {way: _figures(some) for way, some in seen.items()}


def _figures(some: Sequence[tuple[str, dict[str, float]]]) -> dict[str, Any]:
    """Means with intervals by topic; of those that have the figure."""
    number = {topic: at for at, topic in enumerate(dict.fromkeys(topic for topic, _ in some))}
    drawn = np.random.default_rng(0).multinomial(len(number), np.full(len(number), 1 / len(number)), RESAMPLES)
    names = list(dict.fromkeys(name for _, one in some for name in one))
    told: dict[str, Any] = {"questions": len(some)}
    for name in names:
        has = [(number[topic], one[name]) for topic, one in some if name in one]
        told[name] = _interval(np.array([at for at, _ in has]), np.array([value for _, value in has]), drawn)[0]
    both = [
        (number[topic], one["first right"] - one["bm25 first right"]) for topic, one in some if "first right" in one
    ]
    if both:
        said, means = _interval(np.array([at for at, _ in both]), np.array([gap for _, gap in both]), drawn)
        told["first right - bm25, where answered"] = f"{said} (p {p_value(means):.3f})"
    return told


def _interval(of: np.ndarray, values: np.ndarray, drawn: np.ndarray) -> tuple[str, np.ndarray]:
    weights = drawn[:, of].astype(float)
    means = (weights @ values) / np.maximum(weights.sum(axis=1), 1e-9)
    low, high = np.percentile(means, [2.5, 97.5])
    return f"{values.mean():.3f} [{low:.3f}, {high:.3f}]", means


if __name__ == "__main__":
    main()
