"""A match as one HTML page that needs nothing else: a chart with its trials, or trials with the charts of a cohort."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bedside.evaluate.pages import fill
from bedside.files import whole_file
from bedside.lang import counted, tr
from bedside.trials.matching.cohort import Cohort, Side
from bedside.trials.matching.found import Rules
from bedside.trials.matching.match import ChartMatch
from bedside.trials.matching.telling import ago_said, eligibility_said, match_to_json, rule_said, verdict_of

HERE = Path(__file__).parent
SHOWN, QUESTIONS, LISTED = 50, 15, 8
"""Trials, questions and criteria on a page."""


def save_chart(path: Path, match: ChartMatch, rules: Rules) -> Path:
    """Write the page of one chart, whole or not at all; returns the path."""
    said = match_to_json(match)
    with whole_file(path) as file:
        file.write(
            fill(
                "chart.html",
                folder_of_template=HERE,
                patient=_patient(match),
                trials=said["trials"],
                questions=said["questions"],
                most=QUESTIONS,
                shown=SHOWN,
                **_words(rules),
            )
        )
    return path


def save_cohort(path: Path, cohort: Cohort, rules: Rules) -> Path:
    """Write the page of a cohort, a part a trial."""
    trials = [_side(id, side) for id, side in list(cohort.sides.items())[:SHOWN]]
    counts: dict[str, Any] = {"charts": cohort.charts, "failed": cohort.failed, "refused": cohort.refused}
    counts["repeated"] = cohort.repeated_said()
    with whole_file(path) as file:
        file.write(fill("cohort.html", folder_of_template=HERE, trials=trials, **counts, **_words(rules)))
    return path


def counts_said(counts: Mapping[str, int]) -> str:
    """How many criteria came to what, in words.

    >>> counts_said({"met": 3, "not_met": 0, "unknown": 2, "none_found": 1})
    '3 met, 0 not met, 2 unknown (of 1 nothing found)'
    """
    met, not_met, unknown, none = (counts[name] for name in ("met", "not_met", "unknown", "none_found"))
    en = f"{met} met, {not_met} not met, {unknown} unknown (of {none} nothing found)"
    return tr(en, f"符合 {met}，不符合 {not_met}，未知 {unknown}（其中 {none} 未见记录）")


def _words(rules: Rules) -> dict[str, Any]:
    return {
        "rule": rule_said(rules),
        "overall": eligibility_said,
        "verdict": verdict_of,
        "ago": ago_said,
        "counts_said": counts_said,
        "counted": counted,
    }


def _side(id: str, side: Side) -> dict[str, Any]:
    total = max(1, sum(side.counts.values()))
    best = [(chart, said) for chart, said in side.ranked() if said["eligibility"] != "not eligible"]
    return {
        "id": id,
        "title": side.title,
        "total": total,
        "counts": [(one, side.counts[one]) for one in ("eligible", "possibly", "not eligible")],
        "failing": side.failing.most_common(LISTED),
        "asks": side.questions.most_common(LISTED),
        "best": best,
    }


def _patient(match: ChartMatch) -> str:
    sex = {"male": tr("male", "男"), "female": tr("female", "女")}.get(match.sex, tr("sex unknown", "性别不详"))
    age = tr("age unknown", "年龄不详")
    if match.age:
        years = "90+" if match.age[0] >= 90 else f"{match.age[0]:.3g}"
        age = tr(f"{years} years", f"{years} 岁")
    return tr(", ", "，").join((match.patient, sex, age))
