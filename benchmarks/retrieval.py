"""The library's retrieval: questions in other words, with typos and in Chinese; Chinese queries; speed at size.

    python benchmarks/retrieval.py OUT.json [--part dev] [--only medquad cmedir speed] [--passages 1000000]
        [--vectors FILE] [--peers PYTHON]

MedQuAD: answers of at most 2,000 characters, each under the name of its topic. The question itself is not in the
library. It is asked as written; with `typos` (two letters changed); in a patient's words (`lay`); in Chinese by rule
where the topic is an HPO term with a name in `knowledge/data/hpo_zh.tsv` (`chinese`: the library's search uses that
list, so it knows the name); and by 185 Chinese questions written by hand (`chinese, natural`, retrieval_zh.tsv), which
are not of a list. Every document of the same question counts as right. cmedir: queries over all titles; titles that
were not judged for a query count as wrong. `bm25` is BM25 of the question's own terms. Intervals and tests: bootstrap
over topics (or queries), seed 0. `--vectors` keeps what was encoded; `--peers` is a Python with bm25s and faiss.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from _retrieval_figures import AGAINST, first_places, ndcg, precision, told
from _retrieval_questions import ways_of_asking
from _retrieval_speed import sentences, speed
from _retrieval_vectors import Kept
from bedside.library import About, Item, Library, add_items
from bedside.model.bm25 import BM25
from bedside.model.embedder import open_encoder

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"
MODES = ("bm25", "lexical", "dense", "hybrid")
LONGEST, TOP, QUESTIONS = 2000, 100, 200
PARTS = ("medquad", "cmedir", "speed")


def main() -> None:
    """Measure and write."""
    words = argparse.ArgumentParser()
    words.add_argument("out", type=Path)
    words.add_argument("--data", type=Path, default=DATA)
    words.add_argument("--part", default="dev", choices=("dev", "train"))
    words.add_argument("--only", nargs="+", default=PARTS, choices=PARTS)
    words.add_argument("--documents", type=int, default=2000)
    words.add_argument("--queries", type=int, default=2000)
    words.add_argument("--passages", type=int, default=1_000_000)
    words.add_argument("--vectors", type=Path)
    words.add_argument("--peers", default="")
    asked = words.parse_args()
    encoder = Kept(lambda: open_encoder("e5"), asked.vectors)
    medquad_rows = list(_read(asked.data / "medquad" / f"{asked.part}.jsonl"))
    report: dict[str, Any] = {"part": asked.part}
    for name, measure in (
        ("medquad", lambda: medquad(medquad_rows, encoder, asked.documents)),
        ("cmedir", lambda: cmedir(asked.data / "cmedir_zh" / f"{asked.part}.jsonl", encoder, asked.queries)),
        ("speed", lambda: _speed(asked.data / "medquad", medquad_rows, asked.passages, asked.peers)),
    ):
        if name in asked.only:
            start = time.process_time()
            report[name] = {**measure(), "cpu_s": round(time.process_time() - start, 1)}
            print(json.dumps({name: report[name]}, ensure_ascii=False, indent=1), flush=True)
            asked.out.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def medquad(rows: list[dict[str, Any]], encoder: Any, documents: int) -> dict[str, Any]:
    """Recall@5 and MRR of each way of asking and each mode."""
    rows = [row for row in rows if len(row["answer"]) <= LONGEST][:documents]
    items = [Item(id=row["id"], title=row["focus"], text=row["answer"]) for row in rows]
    right: dict[str, set[str]] = {}
    for row in rows:
        right.setdefault(row["question"].lower(), set()).add(row["id"])
    found: dict[str, Any] = {"documents": len(rows)}
    with tempfile.TemporaryDirectory() as place, _library(Path(place), items, encoder) as library:
        for way, asked in ways_of_asking(rows).items():
            topics = [row["focus"].lower() for row, _ in asked]
            gold = [right[row["question"].lower()] for row, _ in asked]
            ranked = {mode: _ranked(library, [question for _, question in asked], mode) for mode in MODES}
            figures = {mode: first_places(gold, some) for mode, some in ranked.items()}
            found[way] = told(figures, topics, ("recall@5", "mrr"))
    return found


def cmedir(path: Path, encoder: Any, queries: int) -> dict[str, Any]:
    """NDCG@10 and MAP of each mode, and of BM25 over one and two characters."""
    rows = list(_read(path))
    titles = list(dict.fromkeys(one["title"] for row in rows for one in row["documents"]))
    number = {title: str(place) for place, title in enumerate(titles)}
    rows = [row for row in rows if any(one["label"] > 0 for one in row["documents"])][:queries]
    grades = [{number[one["title"]]: one["label"] for one in row["documents"]} for row in rows]
    asked = [row["query"] for row in rows]
    items = [Item(id=number[title], title="", text=title) for title in titles]
    with tempfile.TemporaryDirectory() as place, _library(Path(place), items, encoder) as library:
        ranked = {mode: _ranked(library, asked, mode) for mode in MODES}
    scores = BM25(titles).scores(asked)
    plain = "bm25, 1+2 characters"
    ranked[plain] = [[str(at) for at in np.argsort(-one, kind="stable")[:TOP]] for one in scores]
    figures = {
        mode: [(ndcg(*both), precision(*both)) for both in zip(grades, some, strict=True)]
        for mode, some in ranked.items()
    }
    places = [str(place) for place in range(len(rows))]
    return {"titles": len(titles), **told(figures, places, ("ndcg@10", "map"), against=(*AGAINST, plain))}


def _speed(folder: Path, rows: list[dict[str, Any]], passages: int, peers: str) -> dict[str, Any]:
    answers = [row["answer"] for row in _read(folder / "train.jsonl")]
    return speed(sentences(answers), [row["question"] for row in rows[:QUESTIONS]], passages, peers)


def _library(folder: Path, items: Sequence[Item], encoder: Any) -> Library:
    add_items(folder, About(name="set", licence="see the set", version="1"), items, encoder=encoder)
    return Library(folder, encoder)


def _ranked(library: Library, questions: Sequence[str], mode: Any) -> list[list[str]]:
    """The documents found for each question."""
    if mode == "bm25":
        return _own_terms(library, questions)
    vectors = library.encode_questions(questions, mode)
    return [
        [one.item for one in library.documents(question, TOP, mode=mode, vector=vector)]
        for question, vector in zip(questions, vectors, strict=True)
    ]


def _own_terms(library: Library, questions: Sequence[str]) -> list[list[str]]:
    """The documents that BM25 finds for the terms of each question, and nothing else."""
    from bedside.library._index.lexical import search_segments
    from bedside.library._question.terms import key_of, terms_of

    item = {at: one.item for at, one in enumerate(library.passages(), 1)}
    start = np.zeros(len(item) + 1, np.float32)
    start[0] = -np.inf
    found = []
    for question in questions:
        terms = Counter(map(key_of, terms_of(question)))
        passages = search_segments(library._segments, start, terms, 4 * TOP)
        found.append(list(dict.fromkeys(item[no] for no, _ in passages))[:TOP])
    return found


def _read(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


if __name__ == "__main__":
    main()
