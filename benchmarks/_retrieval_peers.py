"""bm25s and faiss on the passages that the speed of retrieval is measured on; runs in their own environment.

    python benchmarks/_retrieval_peers.py FOLDER

FOLDER holds `tokens.npy` and `starts.npy` (terms of some passages by number, repeated `repeats` times), `asked.npy`
and `asked_starts.npy` (questions), and `about.json`. Needs numpy, and whichever of bm25s and faiss is there.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

SIZE, TOPICS, WANTED = 384, 2000, 100


class Drawn:
    """Vectors of a few topics with noise and a common part, the same for the same seed."""

    def __init__(self) -> None:
        self._draw = np.random.default_rng(0)
        self._common, self._topics = self._draw.normal(size=SIZE) * 2, self._draw.normal(size=(TOPICS, SIZE))

    def take(self, count: int) -> np.ndarray:
        """[count, SIZE], of length 1."""
        drawn = self._common + self._topics[self._draw.integers(0, TOPICS, count)]
        drawn += self._draw.normal(size=(count, SIZE)) * 0.8
        return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


def timed(search: Callable[[Any], Any], questions: Sequence[Any]) -> dict[str, float]:
    """CPU and wall milliseconds a question, the first left out."""
    cpu, wall = [], []
    for question in questions:
        one, other = time.process_time(), time.perf_counter()
        search(question)
        cpu.append(time.process_time() - one)
        wall.append(time.perf_counter() - other)
    told = {"cpu": cpu[1:], "wall": wall[1:]}
    return {
        f"{name}_p{at}_ms": round(1000 * float(np.percentile(took, at)), 2)
        for name, took in told.items()
        for at in (50, 99)
    }


def peak_mb() -> int:
    """The most memory this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    """Measure what can be imported, and print a line of JSON."""
    folder = Path(sys.argv[1])
    about = json.loads((folder / "about.json").read_text())
    found = {}
    for name, measure in (("faiss", vectors), ("bm25s", words)):
        try:
            found |= measure(folder, about)
        except ImportError:
            found[name] = "not installed"
    print(json.dumps(found))


def words(folder: Path, about: dict[str, Any]) -> dict[str, Any]:
    """bm25s over all passages at once, as it has no way to add."""
    import bm25s

    tokens, starts = np.load(folder / "tokens.npy"), np.load(folder / "starts.npy")
    passages = [one.tolist() for one in _cut(tokens, starts)] * about["repeats"]
    vocabulary = {str(number): number for number in range(about["terms"])}
    start = time.process_time()
    index = bm25s.BM25(k1=1.2, b=0.75)
    index.index((passages, vocabulary), show_progress=False)
    built = time.process_time() - start
    asked = [[one.tolist()] for one in _cut(np.load(folder / "asked.npy"), np.load(folder / "asked_starts.npy"))]

    def search(one: list[list[int]]) -> Any:
        return index.retrieve(one, k=WANTED, show_progress=False, n_threads=0)

    figures = timed(search, asked)
    return {"bm25s": {"passages_a_cpu_s": round(len(passages) / built), **figures, "peak_mb": peak_mb()}}


def vectors(folder: Path, about: dict[str, Any]) -> dict[str, Any]:
    """faiss: all inner products; and lists of 8-bit vectors, 16 of 1,024 looked through."""
    import faiss

    faiss.omp_set_num_threads(1)
    drawn, size = Drawn(), about["passages"]
    drawn.take(512)
    kinds = {"faiss, all": "Flat", "faiss, 16 of 1024 lists": "IVF1024,SQ8"}
    indexes = {name: faiss.index_factory(SIZE, kind, faiss.METRIC_INNER_PRODUCT) for name, kind in kinds.items()}
    took = dict.fromkeys(kinds, 0.0)
    for at in range(0, size, 20_000):
        some = drawn.take(min(20_000, size - at))
        for name, index in indexes.items():
            start = time.process_time()
            if not index.is_trained:
                index.train(some)
            index.add(some)
            took[name] += time.process_time() - start
    asked = drawn.take(50)
    found = {}
    for name, index in indexes.items():
        if name != "faiss, all":
            index.nprobe = 16
        figures = timed(lambda one, index=index: index.search(one[None], WANTED), asked)
        found[name] = {"passages_a_cpu_s": round(size / took[name]), **figures}
    true = indexes["faiss, all"].search(asked, WANTED)[1]
    np.save(folder / "nearest.npy", true)
    some = indexes["faiss, 16 of 1024 lists"].search(asked, WANTED)[1]
    found["faiss, 16 of 1024 lists"]["of_true_100"] = round(_shared(true, some), 3)
    found["faiss, 16 of 1024 lists"]["peak_mb_of_both"] = peak_mb()
    return found


def _shared(one: np.ndarray, two: np.ndarray) -> float:
    """Which share of the rows of one is in two, question by question."""
    return float(np.mean([len(np.intersect1d(*pair)) / len(pair[0]) for pair in zip(one, two, strict=True)]))


def _cut(flat: np.ndarray, starts: np.ndarray) -> Iterator[np.ndarray]:
    return (flat[first:last] for first, last in pairwise(starts))


if __name__ == "__main__":
    main()
