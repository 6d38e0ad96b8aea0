"""Fits a fusion and measures it on patients it was not fitted on, beside each engine alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bedside.commands._io import plain
from bedside.commands._stack.cases import Labelled
from bedside.errors import DataError
from bedside.evaluate.fused import differences, measure_engines
from bedside.lang import counted, tr
from bedside.tasks._fusion import cross_fitted, fit, needed
from bedside.tasks._fusion_file import Stack
from bedside.types import Figure

ENGINES = ("local", "knowledge", "fused")


@dataclass(frozen=True, slots=True)
class Fitted:
    """The fusion of all cases, the figures of each engine, and the fused one's differences from each."""

    stack: Stack
    figures: dict[str, dict[str, Figure]]
    against: dict[str, dict[str, dict[str, Any]]]


def fit_stack(cases: Labelled, seed: int) -> Fitted:
    """Cross-fit by patient, measure, then fit on all; raises DataError when the cases are too few for either."""
    _check_enough(cases)
    known = cases.truth >= 0
    parts = (cases.local, cases.knowledge, cases.unmapped)
    chances = {"local": cases.local, "knowledge": cases.knowledge}
    chances["fused"] = cross_fitted(*parts, cases.truth, cases.patients, seed)
    figures, resampled = measure_engines(chances, cases.truth, cases.patients, seed=seed)
    sizes = {"n": len(cases.truth), "n_patients": len(set(cases.patients)), "seed": seed}
    against = {other: differences(resampled, "fused", other, **sizes) for other in ("local", "knowledge")}
    weights = fit(cases.local[known], cases.knowledge[known], cases.unmapped, cases.truth[known])
    stack = Stack(
        labels=cases.labels,
        weights=weights,
        map=cases.map,
        model=cases.model,
        release=cases.release,
        cases=int(known.sum()),
        patients=sizes["n_patients"],
        seed=seed,
        figures=plain({"figures": figures, "fused_minus": against}),
    )
    return Fitted(stack, figures, against)


def told(fitted: Fitted) -> dict[str, Any]:
    """Plain JSON."""
    weights = fitted.stack.weights
    return {
        "labels": list(fitted.stack.labels),
        "cases": fitted.stack.cases,
        "patients": fitted.stack.patients,
        "weight_local": weights.share,
        "temperature": weights.temperature,
        "unmapped": weights.unmapped,
        "figures": fitted.figures,
        "fused_minus": fitted.against,
        "seed": fitted.stack.seed,
    }


def _check_enough(cases: Labelled) -> None:
    known = cases.truth >= 0
    there = len({name for name, sure in zip(cases.patients, known, strict=True) if sure})
    least = needed(cases.unmapped)
    if there < least:
        what = tr(
            f"too few labelled patients: {there}; a fusion takes at least {least}, ten a fitted number in each fold",
            f"带标签的患者太少：{there}；融合至少需要 {least} 人（每折中每个拟合参数 10 例）",
        )
        raise DataError(
            what, next=tr("use `--model` alone: both are shown side by side", "可仅用 `--model`：两者并列显示")
        )
    if len(set(cases.truth[known].tolist())) < 2:
        what = tr("all cases have the same label", "所有病例标签相同")
        raise DataError(what, allowed=tr("two labels or more", "至少两个标签"))
    if cases.outside:
        share = cases.outside / len(known)
        if share > 0.5:
            what = tr(
                f"{counted(cases.outside, 'case')} of {len(known)} have a label that neither engine knows",
                f"{len(known)} 例中有 {cases.outside} 例的标签两个引擎都不认识",
            )
            raise DataError(what, next="--map labels.tsv")
