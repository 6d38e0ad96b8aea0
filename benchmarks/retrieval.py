"""The library's retrieval: questions in other words, with typos and in Chinese; Chinese queries; speed at size.

    python benchmarks/retrieval.py OUT.json [--documents 600] [--queries 200] [--made-up 100000]

Samples, so that it takes minutes: documents of MedQuAD's dev part of at most 2,000 characters, asked for by their own
question changed by rule (`typos`: two letters changed; `lay`: the template in a patient's words; `chinese`: the topic's
Chinese name in a Chinese template, where the topic is an HPO term with a Chinese name in `knowledge/data/hpo_zh.tsv`).
Every document of the same question counts as right. Then queries of cmedir's dev part over all their titles; titles
that were not judged for a query count as wrong. Intervals and tests: bootstrap over topics (or queries), seed 0.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from math import log2
from pathlib import Path
from typing import Any

import numpy as np

from bedside.evaluate.compare import p_value, sign_test
from bedside.library import About, Item, Library, add_items
from bedside.model.bm25 import BM25
from bedside.model.embedder import open_encoder

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"
MODES = ("lexical", "dense", "hybrid")
LONGEST, RESAMPLES, TOP = 2000, 2000, 100
LAY = (
    ("What are the symptoms of", "how would I know if I had", "{}有哪些症状？"),
    ("What are the treatments for", "what can the doctor give me against", "{}怎么治疗？"),
    ("What is (are)", "can you explain in plain words", "{}是什么病？"),
    ("What causes", "why do people get", "{}是什么原因引起的？"),
    ("Is", "can my children get from me", "{}会遗传吗？"),
    ("How many people are affected by", "how rare is", "{}的发病率是多少？"),
    ("What are the genetic changes related to", "which gene is wrong in", "{}与哪些基因有关？"),
    ("How to diagnose", "which tests show that I have", "{}如何诊断？"),
    ("How to prevent", "how can I avoid getting", "{}如何预防？"),
    ("Who is at risk for", "who tends to get", "哪些人容易得{}？"),
    ("What is the outlook for", "how does it go on with", "{}的预后如何？"),
)
"""The templates of MedQuAD's questions, in a patient's words and in Chinese."""


def main() -> None:
    """Measure and write."""
    words = argparse.ArgumentParser()
    words.add_argument("out", type=Path)
    words.add_argument("--data", type=Path, default=DATA)
    words.add_argument("--documents", type=int, default=600)
    words.add_argument("--queries", type=int, default=200)
    words.add_argument("--made-up", type=int, default=100_000)
    asked = words.parse_args()
    encoder = open_encoder("e5")
    report: dict[str, Any] = {}
    for name, measure in (
        ("medquad", lambda: medquad(asked.data / "medquad", encoder, asked.documents)),
        ("cmedir", lambda: cmedir(asked.data / "cmedir_zh", encoder, asked.queries)),
        ("made_up", lambda: made_up(asked.data / "medquad", asked.made_up)),
    ):
        start = time.process_time()
        report[name] = {**measure(), "cpu_s": round(time.process_time() - start, 1)}
        print(json.dumps({name: report[name]}, ensure_ascii=False, indent=1), flush=True)
        asked.out.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def medquad(folder: Path, encoder: Any, documents: int) -> dict[str, Any]:
    """Recall@5 and MRR of each way of asking and each mode."""
    rows = [row for row in _read(folder / "dev.jsonl") if len(row["answer"]) <= LONGEST]
    random.Random(0).shuffle(rows)
    rows = rows[:documents]
    items = [Item(id=row["id"], title=row["question"], text=row["answer"]) for row in rows]
    right: dict[str, set[str]] = {}
    for row in rows:
        right.setdefault(row["question"].lower(), set()).add(row["id"])
    found: dict[str, Any] = {"documents": len(rows)}
    with tempfile.TemporaryDirectory() as place, _library(Path(place), items, encoder) as library:
        for way, asked in _asked(rows).items():
            topics = [row["focus"] for row, _ in asked]
            gold = [right[row["question"].lower()] for row, _ in asked]
            ranked = {mode: _ranked(library, [question for _, question in asked], mode) for mode in MODES}
            figures = {mode: _first_places(gold, some) for mode, some in ranked.items()}
            found[way] = _told(figures, topics, ("recall@5", "mrr"))
    return found


def _asked(rows: Sequence[dict[str, Any]]) -> dict[str, list[tuple[dict[str, Any], str]]]:
    """The questions, in each way of asking that fits a row."""
    dice, chinese = random.Random(1), _chinese_names()
    ways: dict[str, list[tuple[dict[str, Any], str]]] = {"as written": [], "typos": [], "lay": [], "chinese": []}
    for row in rows:
        ways["as written"].append((row, row["question"]))
        ways["typos"].append((row, _mistyped(row["question"], dice)))
        template = next((one for one in LAY if row["question"].startswith(one[0])), None)
        if template:
            ways["lay"].append((row, f"{template[1]} {row['focus'].lower()}"))
            if name := chinese.get(row["focus"].lower().split(" (")[0]):
                ways["chinese"].append((row, template[2].format(name)))
    return ways


def _mistyped(question: str, dice: random.Random) -> str:
    """Two letters of the longer words swapped with the next, left out or doubled."""
    for _ in range(2):
        places = [
            place
            for word in re.finditer(r"[A-Za-z]{5,}", question)
            for place in range(word.start() + 1, word.end() - 1)
        ]
        if not places:
            return question
        at = dice.choice(places)
        change = dice.choice(("swap", "drop", "double"))
        middle = {
            "swap": question[at + 1] + question[at],
            "drop": question[at + 1],
            "double": question[at] + question[at : at + 2],
        }
        question = question[:at] + middle[change] + question[at + 2 :]
    return question


def _chinese_names() -> dict[str, str]:
    """English names of HPO terms with a Chinese one; none where HPO is not installed."""
    from importlib.resources import files

    from bedside.errors import BedsideError
    from bedside.knowledge.hpo import open_hpo

    try:
        hpo = open_hpo()
    except BedsideError:
        return {}
    found = {}
    lines = files("bedside.knowledge").joinpath("data/hpo_zh.tsv").read_text(encoding="utf-8").splitlines()
    for id, name, *_ in (line.split("\t") for line in lines if line.startswith("HP:")):
        if id in hpo.number:
            term = hpo.number[id]
            exact = [text for text, scope, _ in hpo.synonyms(term) if scope == "EXACT"]
            found.update({text.lower(): name for text in (*exact, hpo.names[term])})
    return found


def cmedir(folder: Path, encoder: Any, queries: int) -> dict[str, Any]:
    """NDCG@10 and MAP of each mode, and of BM25 over one and two characters."""
    rows = list(_read(folder / "dev.jsonl"))
    titles = list(dict.fromkeys(one["title"] for row in rows for one in row["documents"]))
    number = {title: str(place) for place, title in enumerate(titles)}
    random.Random(0).shuffle(rows)
    rows = [row for row in rows if any(one["label"] > 0 for one in row["documents"])][:queries]
    grades = [{number[one["title"]]: one["label"] for one in row["documents"]} for row in rows]
    asked = [row["query"] for row in rows]
    items = [Item(id=number[title], title="", text=title) for title in titles]
    with tempfile.TemporaryDirectory() as place, _library(Path(place), items, encoder) as library:
        ranked = {mode: _ranked(library, asked, mode) for mode in MODES}
    scores = BM25(titles).scores(asked)
    ranked["bm25, 1+2 characters"] = [[str(at) for at in np.argsort(-one, kind="stable")[:TOP]] for one in scores]
    figures = {
        mode: [(_ndcg(*both), _precision(*both)) for both in zip(grades, some, strict=True)]
        for mode, some in ranked.items()
    }
    told = _told(
        figures,
        [str(place) for place in range(len(rows))],
        ("ndcg@10", "map"),
        against=("lexical", "dense", "bm25, 1+2 characters"),
    )
    return {"titles": len(titles), **told}


def made_up(folder: Path, size: int) -> dict[str, Any]:
    """Words and vectors at size: passages of five sentences drawn from MedQuAD, vectors of a few topics with noise."""
    from bedside.library._dense import Vectors
    from bedside.library._lexical import build_segment, search_segments
    from bedside.library._terms import key_of, terms_of

    dice, draw = random.Random(0), np.random.default_rng(0)
    said = [
        part
        for row in _read(folder / "train.jsonl")
        for part in re.split(r"(?<=\.)\s+", row["answer"])
        if 20 < len(part) < 400
    ]
    said = dice.sample(sorted(set(said)), 20_000)
    keys = [np.array([key_of(term) for term in terms_of(part)], np.uint64).tolist() for part in said]
    start = time.process_time()
    segments = []
    for at in range(0, size, 50_000):
        some = range(at, min(at + 50_000, size))
        segments.append(build_segment((no + 1, [key for _ in range(5) for key in dice.choice(keys)]) for no in some))
    built = time.process_time() - start
    barred = np.zeros(size + 1, np.float32)
    barred[0] = -np.inf
    questions = [row["question"] for row in _read(folder / "dev.jsonl")][:200]
    terms = [[key_of(term) for term in terms_of(question)] for question in questions]
    lexical = _timed(lambda one: search_segments(segments, barred, one, 100), terms)
    common, topics = draw.normal(size=384) * 2, draw.normal(size=(2000, 384))

    def vectors(count: int) -> Any:
        drawn = common + topics[draw.integers(0, 2000, count)] + draw.normal(size=(count, 384)) * 0.8
        return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)

    with tempfile.TemporaryDirectory() as place:
        kept = Vectors(Path(place), 384, vectors(512).mean(axis=0))
        for at in range(0, size, 20_000):
            kept.append(vectors(min(20_000, size - at)), at)
        kept.open(size)
        asked = vectors(50)
        dense = _timed(lambda one: kept.search(one, barred, 100), asked)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {
        "passages": size,
        "words_built_a_cpu_s": round(size / built),
        "lexical": lexical,
        "dense": dense,
        "peak_mb": peak,
    }


def _timed(search: Any, questions: Sequence[Any]) -> dict[str, float]:
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


def _library(folder: Path, items: Sequence[Item], encoder: Any) -> Library:
    add_items(folder, About(name="set", licence="see the set", version="1"), items, encoder=encoder)
    return Library(folder, encoder)


def _ranked(library: Library, questions: Sequence[str], mode: Any) -> list[list[str]]:
    """The documents found for each question."""
    vectors = library.encode_questions(questions, mode)
    return [
        [one.item for one in library.documents(question, TOP, mode=mode, vector=vector)]
        for question, vector in zip(questions, vectors, strict=True)
    ]


def _first_places(gold: Sequence[set[str]], ranked: Sequence[Sequence[str]]) -> list[tuple[float, float]]:
    """Of each question: whether a right document is among the first five, and 1 / the place of the first."""
    places = [
        next((at for at, id in enumerate(ids, 1) if id in right), 0) for right, ids in zip(gold, ranked, strict=True)
    ]
    return [(float(0 < place <= 5), 1 / place if place else 0.0) for place in places]


def _ndcg(grades: dict[str, int], ranked: Sequence[str]) -> float:
    gained = sum(grades.get(id, 0) / log2(at + 1) for at, id in enumerate(ranked[:10], 1))
    best = sum(grade / log2(at + 1) for at, grade in enumerate(sorted(grades.values(), reverse=True)[:10], 1))
    return gained / best if best else 0.0


def _precision(grades: dict[str, int], ranked: Sequence[str]) -> float:
    """Average precision; a title of any grade above 0 is right."""
    right, total = 0, 0.0
    for at, id in enumerate(ranked, 1):
        if grades.get(id, 0) > 0:
            right += 1
            total += right / at
    return total / sum(grade > 0 for grade in grades.values())


def _told(
    figures: dict[str, list[tuple[float, float]]],
    groups: Sequence[str],
    names: tuple[str, str],
    against: Sequence[str] = ("lexical", "dense"),
) -> dict[str, Any]:
    """Each mode's means with intervals, and hybrid against others on the same questions."""
    told: dict[str, Any] = {"questions": len(groups)}
    if not groups:
        return told
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
        told[mode] = {name: f"{mean:.3f} [{least:.3f}, {most:.3f}]" for name, mean, least, most in each}
    for other in against:
        gaps = arrays["hybrid"] - arrays[other]
        drawn = weights @ gaps
        wins, losses = int((gaps[:, 0] > 0).sum()), int((gaps[:, 0] < 0).sum())
        told[f"hybrid - {other}"] = {
            name: f"{drawn[0, at]:+.3f} (p {p_value(drawn[:, at]):.3f})" for at, name in enumerate(names)
        }
        told[f"hybrid - {other}"] |= {"wins": wins, "losses": losses, "sign_test": round(sign_test(wins, losses), 4)}
    return told


def _read(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


if __name__ == "__main__":
    main()
