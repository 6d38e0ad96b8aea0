"""Diagnosis: from what a chart says in words, to which chapter of ICD-10 does its first diagnosis belong?

The label is the chapter of the chart's first ICD-10 coded Condition: the principal diagnosis where charts list it
first, as the front sheet (病案首页) does. The text is everything said in words but the Conditions. A department, a
diagnosis or any other label of a site's own is fitted the same way, from its table, by `bedside fit`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bedside.phenotypes.chart import chart_text
from bedside.tasks._base import Task
from bedside.tasks._icd_chapters import CHAPTERS, chapter_of
from bedside.types import Chart, Code, Entry, Example

_ICD = re.compile(r"icd-?10|2\.16\.840\.1\.113883\.6\.(?:3|90)\b", re.IGNORECASE)


def build(charts: Iterable[Chart]) -> Iterator[Example]:
    """One example a chart that has words and a Condition coded in ICD-10; the others give none."""
    for chart in charts:
        chapter = _principal(chart.entries)
        text = chart_text(chart.entries)
        if chapter is None or not text:
            continue
        yield Example(
            id=chart.patient,
            patient=chart.patient,
            inputs={"text": text},
            target=chapter,
            subgroup={"sex": chart.sex, "age": _age_band(chart.age_years)},
        )


def _principal(entries: Iterable[Entry]) -> str | None:
    """The chapter of the first coded Condition in the chart's own order."""
    codes = (code for entry in entries if entry.kind == "Condition" for code in entry.codes)
    return next((chapter for code in codes if (chapter := _chapter(code))), None)


def _chapter(code: Code) -> str | None:
    return chapter_of(code.code) if _ICD.search(code.system) else None


def _age_band(age_years: float | None) -> str:
    if age_years is None:
        return "unknown"
    return "<18" if age_years < 18 else "18-64" if age_years < 65 else ">=65"


TASK = Task(
    name="diagnosis",
    question=(
        "From what the chart says, to which chapter of ICD-10 does the main diagnosis belong?",
        "根据病历内容，主要诊断属于 ICD-10 的哪一章？",
    ),
    intended_use=(
        "To stand beside the ranking of rare diseases as second engine: where a site's own patients like him ended.",
        "作为罕见病排序之外的第二个引擎：本机构类似患者最终的诊断归属。",
    ),
    not_for=(
        "Deciding a diagnosis or a code: the label is what was coded, with what coding gets wrong, and notes may name "
        "the diagnosis already.",
        "确定诊断或编码：标签来自既往编码，可能有误，且文书中可能已写明诊断。",
    ),
    head="classify",
    labels=tuple(CHAPTERS),
    features=(),
    metrics=("accuracy", "macro_f1", "auroc", "ece"),
    build=build,
)
