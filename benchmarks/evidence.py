"""PubMedQA (yes, no, maybe; abstract given, its conclusion left out): majority beside TF-IDF of the results, by folds.

    python benchmarks/evidence.py [--data DIR]

Five folds over the training part, three orders of rows; accuracy, macro-F1 and a sign test on the same questions.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline

from bedside.evaluate.compare import sign_test

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"
SEEDS, FOLDS, INVERSE_RIDGE = (0, 1, 2), 5, 3.0


def main() -> None:
    """Measure and print."""
    words = argparse.ArgumentParser()
    words.add_argument("--data", type=Path, default=DATA)
    path = words.parse_args().data / "pubmedqa" / "train.jsonl"
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    texts, answers = [results_of(row) for row in rows], np.array([row["answer"] for row in rows])
    names, counts = np.unique(answers, return_counts=True)
    usual = np.full(len(answers), names[counts.argmax()])
    print(f"majority: n {len(answers)}, {_figures(answers, usual)}")
    for seed in SEEDS:
        model = make_pipeline(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2),
            LogisticRegression(C=INVERSE_RIDGE, max_iter=500),
        )
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
        said = cross_val_predict(model, texts, answers, cv=folds)
        wins = int(((said == answers) & (usual != answers)).sum())
        losses = int(((said != answers) & (usual == answers)).sum())
        p = sign_test(wins, losses)
        print(f"TF-IDF, order {seed}: {_figures(answers, said)}, against majority {wins}:{losses}, p {p:.4f}")


def results_of(row: dict[str, Any]) -> str:
    """The paragraphs headed as results, or the last where none is."""
    pairs = zip(row["contexts"], row["sections"], strict=False)
    return " ".join(text for text, name in pairs if "RESULT" in name.upper()) or row["contexts"][-1]


def _figures(answers: np.ndarray, said: np.ndarray) -> str:
    return f"accuracy {(answers == said).mean():.3f}, macro-F1 {f1_score(answers, said, average='macro'):.3f}"


if __name__ == "__main__":
    main()
