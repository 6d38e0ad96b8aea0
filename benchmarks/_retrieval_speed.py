"""The speed of words, vectors and both at a million made-up passages, beside bm25s and faiss where they are."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from _retrieval_peers import SIZE, WANTED, Drawn, peak_mb, timed

ONCE = 100_000
"""Passages made up; the others are these again, with other vectors."""
SENTENCES = 20_000


def speed(said: list[str], questions: list[str], passages: int, peers: str) -> dict[str, Any]:
    """Build rate, memory and latency; `peers` is a Python that has bm25s and faiss, which may be this one."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        told = _own(folder, said, questions, passages)
        done = subprocess.run(
            [peers or sys.executable, str(Path(__file__).with_name("_retrieval_peers.py")), place],
            capture_output=True,
            text=True,
            check=False,
        )
        told["peers"] = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else done.stderr[-300:]
        if (folder / "nearest.npy").is_file():
            true = np.load(folder / "nearest.npy")
            own = np.load(folder / "own.npy")
            both = [len(np.intersect1d(*pair)) / WANTED for pair in zip(true, own, strict=True)]
            told["vectors"]["of_true_100"] = round(float(np.mean(both)), 3)
        _ratios(told)
    return told


def _ratios(told: dict[str, Any]) -> None:
    """Peers' processor time a question over ours."""
    if isinstance(told["peers"], dict):
        for name, figures in told["peers"].items():
            own = told["words" if name == "bm25s" else "vectors"]
            if isinstance(figures, dict):
                figures["times_our_p50"] = round(figures["cpu_p50_ms"] / own["cpu_p50_ms"], 2)
                figures["times_our_p99"] = round(figures["cpu_p99_ms"] / own["cpu_p99_ms"], 2)


def _own(folder: Path, said: list[str], questions: list[str], passages: int) -> dict[str, Any]:
    from bedside.library._index.dense import Vectors
    from bedside.library._index.fuse import FITTED, fuse
    from bedside.library._index.lexical import search_terms, shares, weigh
    from bedside.library._question.question import terms_asked
    from bedside.library._question.synonyms import open_synonyms
    from bedside.library._question.terms import key_of, terms_of

    segments, rate = _words(folder, said, questions, passages)
    after_words = peak_mb()
    drawn = Drawn()
    kept = Vectors(folder, SIZE, drawn.take(512).mean(axis=0))
    start = time.process_time()
    for at in range(0, passages, 20_000):
        some = drawn.take(min(20_000, passages - at))
        kept.append(range(at + 1, at + 1 + len(some)), some)
    stored = time.process_time() - start
    kept.open(passages)
    asked = drawn.take(50)
    barred = np.zeros(passages + 1, np.float32)
    barred[0] = -np.inf
    synonyms = open_synonyms()

    def words(question: str) -> Any:
        terms = weigh(segments, terms_asked(question, segments, synonyms), passages)
        return terms, search_terms(terms, barred, WANTED)

    def plain(question: str) -> Any:
        return search_terms(
            weigh(segments, dict.fromkeys(map(key_of, terms_of(question)), 1), passages), barred, WANTED
        )

    def hybrid(pair: tuple[str, np.ndarray]) -> Any:
        question, vector = pair
        terms, found = words(question)
        near = kept.search(vector, barred, WANTED)
        numbers = np.unique(np.array([no for no, _ in (*found, *near)], np.uint32))
        nearest = np.array([cosine for _, cosine in near])
        return fuse(numbers, shares(terms, numbers), kept.cosines(vector, numbers), nearest, FITTED["e5"])

    words(questions[0])
    np.save(folder / "own.npy", [[no - 1 for no, _ in kept.search(one, barred, WANTED)] for one in asked])
    pairs = [(question, asked[at % len(asked)]) for at, question in enumerate(questions)]
    return {
        "passages": passages,
        "words_built_a_cpu_s": rate,
        "vectors_stored_a_cpu_s": round(passages / stored),
        "words, own terms only": timed(plain, questions),
        "words": timed(words, questions),
        "vectors": timed(lambda one: kept.search(one, barred, WANTED), asked),
        "hybrid": timed(hybrid, pairs),
        "peak_mb_words": after_words,
        "peak_mb": peak_mb(),
    }


def _words(folder: Path, said: list[str], questions: list[str], passages: int) -> tuple[list[Any], int]:
    """Segments of made-up passages and how many a second were indexed; their terms for the peers into the folder."""
    from bedside.library._index.lexical import build_segment, open_segment, save_segment
    from bedside.library._index.vocabulary import vocabulary_of
    from bedside.library._question.terms import key_of, terms_of

    dice = random.Random(0)
    terms = [terms_of(part) for part in dice.sample(sorted(set(said)), min(SENTENCES, len(set(said))))]
    number = {term: at for at, term in enumerate(dict.fromkeys(term for part in terms for term in part))}
    once = min(ONCE, passages)
    drawn = [[at for _ in range(5) for at in dice.choice(terms)] for _ in range(once)]
    start = time.process_time()
    keys = {term: key_of(term) for term in number}
    one = build_segment(
        ((no, [keys[term] for term in passage]) for no, passage in enumerate(drawn, 1)), vocabulary_of(number)
    )
    rate = round(once / (time.process_time() - start))
    segments = []
    for at in range(0, passages, once):
        place = folder / f"segment{at}"
        place.mkdir()
        save_segment(replace(one, numbers=one.numbers + np.uint32(at)), place)
        segments.append(open_segment(place))
    _flat(folder, "tokens", "starts", [[number[term] for term in passage] for passage in drawn])
    asked = [[number[term] for term in terms_of(question) if term in number] for question in questions]
    _flat(folder, "asked", "asked_starts", asked)
    about = {"passages": passages, "repeats": passages // once, "terms": len(number)}
    (folder / "about.json").write_text(json.dumps(about))
    return segments, rate


def _flat(folder: Path, tokens: str, starts: str, rows: list[list[int]]) -> None:
    np.save(folder / f"{tokens}.npy", np.array([one for row in rows for one in row], np.int32))
    np.save(folder / f"{starts}.npy", np.cumsum([0, *map(len, rows)]))


def sentences(answers: list[str]) -> list[str]:
    """Sentences to make passages up from."""
    parts = (part for answer in answers for part in re.split(r"(?<=\.)\s+", answer))
    return [part for part in parts if 20 < len(part) < 400]
