"""PubMedQA (yes, no, maybe; abstract given, its conclusion left out): majority, TF-IDF of the results, and `fit.cues`.

    python benchmarks/evidence.py [--data DIR]

Five folds over the training part, ten orders of rows; accuracy, macro-F1 and a sign test on the same questions. TF-IDF
is told by the headings which paragraphs are results; `cues` reads question and contexts as `bedside fit` gets them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline

from bedside.backbones._load import load_backbone
from bedside.evaluate.compare import sign_test
from bedside.formats._tables import column_text
from bedside.model.contents import LONGEST
from bedside.model.engines.cues import Reader
from bedside.model.inputs import encode_pairs
from bedside.train.cued import LEAST, regressed

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"
SEEDS, FOLDS, INVERSE_RIDGE = range(10), 5, 3.0
LIMIT = 0.05

Fold = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Rows to learn from and rows to answer -> answers."""


def main() -> None:
    """Measure and print."""
    words = argparse.ArgumentParser()
    words.add_argument("--data", type=Path, default=DATA)
    path = words.parse_args().data / "pubmedqa" / "train.jsonl"
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    answers = np.array([row["answer"] for row in rows])
    names, counts = np.unique(answers, return_counts=True)
    usual = np.full(len(answers), names[counts.argmax()])
    print(f"majority: n {len(answers)}, {_figures(answers, usual)}")
    for name, fold in (("TF-IDF", by_tfidf(rows, answers)), ("cues", by_cues(rows, answers))):
        measured(name, fold, answers, usual)


def measured(name: str, fold: Fold, answers: np.ndarray, usual: np.ndarray) -> None:
    """Each order of rows, and in how many it is above majority."""
    firm = []
    for seed in SEEDS:
        said = np.empty_like(answers)
        for learn, ask in StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(answers, answers):
            said[ask] = fold(learn, ask)
        wins = int(((said == answers) & (usual != answers)).sum())
        losses = int(((said != answers) & (usual == answers)).sum())
        firm.append(sign_test(wins, losses))
        print(f"{name}, order {seed}: {_figures(answers, said)}, against majority {wins}:{losses}, p {firm[-1]:.4f}")
    print(
        f"{name}: p < {LIMIT} in {sum(p < LIMIT for p in firm)} of {len(firm)} orders, median p {np.median(firm):.4f}"
    )


def by_tfidf(rows: list[dict[str, Any]], answers: np.ndarray) -> Fold:
    """Logistic regression on the words of the results."""
    texts = np.array([results_of(row) for row in rows], object)

    def fold(learn: np.ndarray, ask: np.ndarray) -> np.ndarray:
        model = make_pipeline(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2),
            LogisticRegression(C=INVERSE_RIDGE, max_iter=500),
        )
        return np.asarray(model.fit(texts[learn], answers[learn]).predict(texts[ask]))

    return fold


def by_cues(rows: list[dict[str, Any]], answers: np.ndarray) -> Fold:
    """What `bedside fit --set cues=true` fits."""
    tokenizer = load_backbone("minilm").tokenizer
    seconds = [column_text(row, "contexts") for row in rows]
    ids = encode_pairs(tokenizer, [row["question"] for row in rows], seconds, prefix="", max_tokens=LONGEST).ids
    names = np.unique(answers)

    def fold(learn: np.ndarray, ask: np.ndarray) -> np.ndarray:
        known = [ids[row] for row in learn]
        reader = Reader.of(tokenizer, known, [str(row) for row in learn], LEAST)
        weight, bias = regressed(reader, known, np.searchsorted(names, answers[learn]))
        return names[(reader.features([ids[row] for row in ask]) @ weight.T + bias).argmax(1)]

    return fold


def results_of(row: dict[str, Any]) -> str:
    """The paragraphs headed as results, or the last where none is."""
    pairs = zip(row["contexts"], row["sections"], strict=False)
    return " ".join(text for text, name in pairs if "RESULT" in name.upper()) or row["contexts"][-1]


def _figures(answers: np.ndarray, said: np.ndarray) -> str:
    return f"accuracy {(answers == said).mean():.3f}, macro-F1 {f1_score(answers, said, average='macro'):.3f}"


if __name__ == "__main__":
    main()
