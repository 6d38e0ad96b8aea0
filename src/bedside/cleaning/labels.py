"""Audits labels: missing, contradictory (same text, another label), rare, and probably wrong.

"Probably wrong" is confident learning on out-of-fold predictions of TF-IDF and logistic regression: a row is suspected
when another label is at least as likely for it as that label usually is for its own rows.
Source: Northcutt, Jiang and Chuang 2021, "Confident Learning: Estimating Uncertainty in Dataset Labels".
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.lang import tr

RARE = 10
"""A label with fewer rows than this can neither be learned nor measured well."""
FOLDS = 5
LEAST_ROWS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A row whose label is doubted: its position, the label given, the likelier one, and both probabilities."""

    row: int
    given: str
    likelier: str
    p_given: float
    p_likelier: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelAudit:
    """Positions of rows, never text. Without `noise_checked` there was too little to learn from, and why is said."""

    n: int
    counts: dict[str, int]
    missing: tuple[int, ...]
    contradictory: tuple[tuple[int, ...], ...]
    rare: tuple[str, ...]
    suspects: tuple[Suspect, ...]
    noise_checked: bool
    not_checked_because: str = ""


def audit_labels(
    texts: Sequence[str], labels: Sequence[str], patients: Sequence[str] | None = None, *, seed: int = 0
) -> LabelAudit:
    """Audit the labels; an empty label is missing. With `patients`, no patient is predicted from his own rows."""
    counts = Counter(label for label in labels if label)
    rows = [row for row, label in enumerate(labels) if label and counts[label] >= RARE and texts[row].strip()]
    kept = sorted({labels[row] for row in rows})
    reason = ""
    if len(kept) < 2 or len(rows) < LEAST_ROWS:
        reason = tr(
            f"fewer than 2 labels with {RARE} rows, or fewer than {LEAST_ROWS} rows",
            f"不足 2 个标签各有 {RARE} 行，或总行数少于 {LEAST_ROWS}",
        )
    elif patients is not None and len({patients[row] for row in rows}) < FOLDS:
        reason = tr(f"fewer than {FOLDS} patients", f"患者少于 {FOLDS} 名")
    suspects: list[Suspect] = []
    if not reason:
        groups = [patients[row] if patients is not None else str(row) for row in rows]
        given = np.array([kept.index(labels[row]) for row in rows])
        chances = _out_of_fold([texts[row] for row in rows], given, groups, len(kept), seed)
        suspects = _suspects(rows, given, chances, kept)
    return LabelAudit(
        n=len(labels),
        counts=dict(counts.most_common()),
        missing=tuple(row for row, label in enumerate(labels) if not label),
        contradictory=tuple(_contradictory(texts, labels)),
        rare=tuple(sorted(label for label, count in counts.items() if count < RARE)),
        suspects=tuple(suspects),
        noise_checked=not reason,
        not_checked_because=reason,
    )


def _contradictory(texts: Sequence[str], labels: Sequence[str]) -> list[tuple[int, ...]]:
    """Rows of one text (white space and case aside) that carry different labels."""
    same: dict[str, list[int]] = defaultdict(list)
    for row, text in enumerate(texts):
        if labels[row]:
            same[" ".join(text.lower().split())].append(row)
    return [tuple(rows) for rows in same.values() if len({labels[row] for row in rows}) > 1]


def _out_of_fold(
    texts: list[str], given: NDArray[Any], groups: list[str], labels: int, seed: int
) -> NDArray[np.float64]:
    """[rows, labels] probabilities, each row predicted by a model that has not seen its patient."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedGroupKFold
    from sklearn.pipeline import make_pipeline

    chances = np.zeros((len(texts), labels))
    words = np.array(texts, dtype=object)
    for train, test in StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed).split(words, given, groups):
        vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 3), max_features=50_000, sublinear_tf=True)
        model = make_pipeline(vectors, LogisticRegression(C=10, max_iter=300, class_weight="balanced"))
        model.fit(words[train], given[train])
        chances[np.ix_(test, model.classes_)] = model.predict_proba(words[test])
    return chances


def _suspects(rows: list[int], given: NDArray[Any], chances: NDArray[np.float64], names: list[str]) -> list[Suspect]:
    usual = np.array([chances[given == label, label].mean() for label in range(len(names))])
    likelier = chances.argmax(1)
    own = chances[np.arange(len(rows)), given]
    best = chances.max(1)
    doubted = np.flatnonzero((likelier != given) & (best >= usual[likelier]))
    found = [
        Suspect(
            row=rows[place],
            given=names[given[place]],
            likelier=names[likelier[place]],
            p_given=float(own[place]),
            p_likelier=float(best[place]),
        )
        for place in doubted
    ]
    return sorted(found, key=lambda suspect: suspect.p_given - suspect.p_likelier)
