"""Measures texts against the texts wanted: ROUGE and BERTScore, means over rows with intervals over patients.

    from bedside.evaluate.measures.texts import evaluate_texts
    evaluate_texts(wanted, written, patients).metrics["rougeL"]

ROUGE counts shared words (`model/rouge.py`); it knows nothing of whether a statement is true. A row without a text
counts as 0.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import numpy as np

from bedside.backbones._load import choose_backbone
from bedside.errors import DataError, UsageError
from bedside.evaluate.bootstrap import Array, Clusters, Ints, clusters_of, draws, tally
from bedside.evaluate.estimate import figure
from bedside.evaluate.measures.bertscore import bert_scores
from bedside.evaluate.metrics import Evaluation
from bedside.evaluate.subgroups import by_subgroup
from bedside.lang import tr
from bedside.model.rouge import rouge
from bedside.types import Figure, Undefined

METRICS = ("rougeL", "rouge1", "rouge2", "bertscore", "answered")
"""`answered` is the share of rows that got a text at all."""

RIGHT = 0.999


def evaluate_texts(
    wanted: Sequence[str],
    written: Sequence[str],
    patients: Sequence[Hashable] | None = None,
    *,
    seed: int = 0,
    subgroups: Mapping[str, Sequence[str]] | None = None,
    encoder: str = "auto",
) -> Evaluation:
    """Mean F of each figure; `encoder` is the one BERTScore matches by, and without any it is Undefined.

    >>> done = evaluate_texts(["no fever"] * 9, ["no fever"] * 9, encoder="echo")
    >>> done.metrics["rougeL"].value
    1.0
    """
    if not len(wanted):
        raise DataError("no rows to evaluate")
    rows = _rows(wanted, written, encoder)
    clusters = clusters_of(patients, len(wanted))
    overall = {name: _means(values, clusters, seed) for name, values in rows.items()}

    def of_group(chosen: Ints, own: Clusters) -> dict[str, Figure]:
        drawn = {name: _means(values[chosen], own, seed) for name, values in rows.items()}
        return _figures(drawn, len(chosen), own, seed)

    return Evaluation(
        head="generate",
        labels=(),
        n=len(wanted),
        n_patients=clusters.count,
        seed=seed,
        clustered=patients is not None,
        metrics=_figures(overall, len(wanted), clusters, seed),
        per_class={},
        subgroups=by_subgroup(subgroups or {}, clusters, of_group),
        resampled=overall,
        right=rows["rougeL"] > RIGHT,
        patient_of_row=clusters.of_row,
    )


def _rows(wanted: Sequence[str], written: Sequence[str], encoder: str) -> dict[str, Array]:
    """Each figure of each row [n]."""
    found = [rouge(one, two) for one, two in zip(wanted, written, strict=True)]
    rows = {name: np.array([one[name] for one in found]) for name in METRICS[:3]}
    try:
        name = choose_backbone(wanted) if encoder == "auto" else encoder
        rows["bertscore"] = bert_scores(wanted, written, name)
    except UsageError:  # no encoder is installed, which `_figures` tells
        pass
    return rows | {"answered": np.array([float(bool(one.strip())) for one in written])}


def _means(values: Array, clusters: Clusters, seed: int) -> Array:
    """The mean over rows in the data itself (first) and in each draw of patients [r]."""
    zeros = np.zeros(len(values), np.int64)
    sums, rows = (tally(zeros, 1, clusters.of_row, clusters.count, one) for one in (values, np.ones(len(values))))
    return np.concatenate([(sums @ draw)[0] / (rows @ draw)[0] for draw in draws(clusters.count, seed)])


def _figures(overall: Mapping[str, Array], n: int, clusters: Clusters, seed: int) -> dict[str, Figure]:
    found: dict[str, Figure] = {}
    for name in METRICS:
        if name in overall:
            found[name] = figure(overall[name], n=n, n_patients=clusters.count, seed=seed)
        else:
            why = tr("no embedded encoder is installed", "未安装内置编码器")
            found[name] = Undefined(reason=why, n=n, n_patients=clusters.count)
    return found
