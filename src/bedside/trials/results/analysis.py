"""Analyses a table of results: studies are pooled, patients of arms compared, subgroups set side by side."""

from __future__ import annotations

from collections.abc import Iterable

from bedside.errors import DataError, UsageError
from bedside.lang import tr
from bedside.trials.results.columns import column_map, kind_of, needed
from bedside.trials.results.patients import compare_arms
from bedside.trials.results.plan import Analysis, Plan, Row
from bedside.trials.results.studies import pool_studies

__all__ = ["Analysis", "Plan", "analyse"]


def analyse(rows: Iterable[Row], plan: Plan) -> Analysis:
    """Analyse (place, row) pairs of one table.

    A table of studies (counts, means, or effects with limits) is pooled; one of patients (time, event and arm, or
    outcome and arm) is compared. Raises UsageError where the columns tell none of these.
    """
    table = list(rows)
    if not table:
        raise DataError(tr("no rows", "没有数据行"))
    columns = column_map(table[0][1], dict(plan.columns))
    kind = kind_of(columns)
    if not kind:
        raise UsageError(
            tr("the columns are not those of results", "列名不是可分析的结果"),
            value=", ".join(map(str, table[0][1])),
            allowed=needed(),
            next="--column events_treated=MY_COLUMN ...",
        )
    if kind in ("times", "outcomes"):
        return compare_arms(table, columns, kind, plan)
    return pool_studies(table, columns, kind, plan)
