"""Which columns `bedside deidentify` reads: those the user named, and the patient's known by its header."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice
from typing import Any

from bedside.commands._deidentify.notes import TEXT_NAMES, Job, is_chart
from bedside.errors import ColumnError
from bedside.formats._tables.columns import ROLES
from bedside.lang import tr

LOOKED_AT = 64
"""Rows whose columns are looked at: one row of JSONL need not have them all."""

PATIENT_NAMES = tuple(
    dict.fromkeys(
        name.replace("_", "")
        for name in (
            *ROLES["patient"].split(),
            *("patient_no", "patient_number", "medical_record_number", "record_number", "chart_number"),
            *("病历号", "病历编号", "病人", "病人标识", "住院号码"),
        )
    )
)
"""Headers taken for the patient's when the user says nothing, without case, spaces and underscores; best first."""

Row = tuple[str, dict[str, Any]]


def settled(job: Job, rows: Iterable[Row]) -> tuple[Job, Iterator[Row]]:
    """The job with its patient column found, when the user named none, and the rows, none of them lost.

    A patient column found by its header is used but not written to the output; charts name their patient.
    Raises `ColumnError` when a column the user named is in none of the first rows, or when none of them has a text.
    """
    rows = iter(rows)
    first = list(islice(rows, LOOKED_AT))
    notes = [row for _, row in first if not is_chart(row)]
    names = list(dict.fromkeys(name for row in notes for name in row if name)) if notes else ["patient"]
    if notes:
        _check(job, names)
    if job.patient is None:
        job = replace(job, patient=_patient_column(names), patient_shown=False)
    return job, chain(first, rows)


def _check(job: Job, names: list[str]) -> None:
    for flag, column in (("--text", job.text), ("--id", job.id), ("--patient", job.patient)):
        parts = column.split("+") if column and column not in names and flag == "--text" else [column]
        if missing := [part.strip() for part in parts if part and part.strip() not in names]:
            what = tr("no such column", "没有这一列")
            raise ColumnError(what, where=flag, value=", ".join(missing), allowed=names)
    if job.text is None and not set(TEXT_NAMES) & set(names):
        raise ColumnError(tr("no column with the text", "没有文本列"), allowed=names, next="--text COLUMN")


def _patient_column(names: list[str]) -> str | None:
    plain = {re.sub(r"[\s_\-./]+", "", name).lower(): name for name in reversed(names)}
    return next((plain[word] for word in PATIENT_NAMES if word in plain), None)
