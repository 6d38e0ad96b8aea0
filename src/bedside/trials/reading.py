"""Files of trials of any kind, one trial at a time: ClinicalTrials.gov JSON, ChiCTR text, tables, and our own JSONL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from bedside.errors import FormatError
from bedside.formats._base import Problem
from bedside.formats._files.bytes import head
from bedside.formats._tables import cell_text, read_rows
from bedside.lang import tr
from bedside.trials.clinicaltrials_gov import of_study, years
from bedside.trials.criterion import Criterion
from bedside.trials.trial import Trial, trial_from_json

COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("id", "nct_id", "nctid", "trial", "trial_id", "registration", "编号", "注册号", "试验编号"),
    "title": ("title", "brief_title", "name", "标题", "题目", "研究名称", "试验名称"),
    "status": ("status", "overall_status", "状态", "招募状态"),
    "phase": ("phase", "phases", "分期", "试验分期"),
    "conditions": ("conditions", "condition", "diseases", "disease", "疾病", "研究疾病", "适应症"),
    "sex": ("sex", "gender", "性别"),
    "min_age": ("min_age", "minimum_age", "age_min", "最小年龄", "年龄下限"),
    "max_age": ("max_age", "maximum_age", "age_max", "最大年龄", "年龄上限"),
    "healthy": ("healthy", "healthy_volunteers", "健康受试者"),
    "eligibility": ("eligibility", "criteria", "eligibility_criteria", "text", "入排标准", "纳排标准", "标准"),
    "inclusion": ("inclusion", "inclusion_criteria", "入选标准", "纳入标准"),
    "exclusion": ("exclusion", "exclusion_criteria", "排除标准"),
    "version": ("version", "updated", "last_update", "date", "更新日期", "版本"),
    "url": ("url", "link", "网址", "链接"),
}
"""What a column of a table may be called; case does not matter."""
SHAPES = "ClinicalTrials.gov JSON (v2) | CSV, XLSX or JSONL with id and eligibility | ChiCTR text | .zip | .gz"
PEEKED_LINES = 400
_SEXES = {"male": "male", "m": "male", "男": "male", "female": "female", "f": "female", "女": "female"}
_YES = frozenset(["true", "yes", "y", "1", "是", "accepts healthy volunteers"])


def read(path: Path) -> Iterator[Trial | Problem]:
    """The trials of one file that is no archive, their criteria unread; FormatError when nothing in it is a trial."""
    start = head(path).lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise FormatError(tr("an empty file", "空文件"), where=path.name)
    if start[:1] not in b"{[" and (chictr := _chictr(path)) is not None:
        yield from chictr
        return
    problems: list[Problem] = []
    for place, row in read_rows(path, on_problem=problems.append):
        yield from problems
        problems.clear()
        yield from _of_row(row, place)
    yield from problems


def parsed(trial: Trial) -> Trial:
    """The trial with the criteria of its text, where they have not been read yet."""
    if trial.criteria or not trial.eligibility.strip():
        return trial
    return replace(trial, criteria=_criteria_of(trial))


def _criteria_of(trial: Trial) -> tuple[Criterion, ...]:
    from bedside.trials.criteria import criteria_of, reader

    return tuple(criteria_of(trial.eligibility, trial=trial.id, with_=reader()))


def _chictr(path: Path) -> Iterator[Trial] | None:
    """The trials of a ChiCTR page or text; None for a file that is none."""
    from bedside.formats._files.lines import text_lines
    from bedside.trials.chictr import is_chictr, read_chictr

    start = "".join(line for _, line in islice(text_lines(path, None, lambda _: None), PEEKED_LINES))
    if not is_chictr(start):
        return None
    return (
        Trial(
            id=one.id,
            title=one.title,
            status=one.status,
            phase=one.phase,
            conditions=tuple(part.strip() for part in re.split(r"[;|；、\n]", one.condition) if part.strip()),
            sex=one.sex,
            min_age=one.min_age,
            max_age=one.max_age,
            eligibility=one.eligibility,
            source="ChiCTR",
        )
        for one in read_chictr(path)
    )


def _of_row(row: Mapping[str, Any], place: str) -> Iterator[Trial | Problem]:
    """A row may be a page of studies, a study, a trial that was imported, or a row of a table."""
    studies = row.get("studies")
    if isinstance(studies, list):
        for number, study in enumerate(studies, 1):
            where = f"{place}: studies[{number - 1}]"
            yield of_study(study) or Problem(
                where, tr("a study without its NCT number; left out", "研究缺少 NCT 编号；未使用")
            )
        return
    if row.get("protocolSection"):
        yield of_study(row) or Problem(
            place, tr("a study without its NCT number; left out", "研究缺少 NCT 编号；未使用")
        )
        return
    if isinstance(row.get("criteria"), list):
        try:
            yield trial_from_json(dict(row))
        except FormatError as fault:
            yield Problem(place, fault.what)
        return
    yield _of_table(row, place)


def _of_table(row: Mapping[str, Any], place: str) -> Trial | Problem:
    said = {role: _cell(row, names) for role, names in COLUMNS.items()}
    if not said["id"]:
        return Problem(place, tr("a row without an id; left out", "该行没有编号；未使用"))
    text = said["eligibility"]
    if said["inclusion"] or said["exclusion"]:
        zh = bool(re.search(r"[\u4e00-\u9fff]", said["inclusion"] + said["exclusion"]))
        heads = ("入选标准：", "排除标准：") if zh else ("Inclusion Criteria:", "Exclusion Criteria:")
        parts = zip(heads, (said["inclusion"], said["exclusion"]), strict=True)
        text = "\n\n".join([*filter(None, [text]), *(f"{name}\n{body}" for name, body in parts if body)])
    if not text and not (said["min_age"] or said["max_age"]):
        return Problem(place, tr("a trial without eligibility text; left out", "试验没有入排标准文本；未使用"))
    return Trial(
        id=said["id"],
        title=said["title"],
        status=said["status"],
        phase=said["phase"],
        conditions=tuple(part.strip() for part in re.split(r"[;|；、\n]", said["conditions"]) if part.strip()),
        sex=_SEXES.get(said["sex"].lower(), "any"),
        min_age=years(said["min_age"]),
        max_age=years(said["max_age"]),
        healthy=said["healthy"].lower() in _YES if said["healthy"] else None,
        eligibility=text,
        version=said["version"],
        url=said["url"],
        source="table",
    )


def _cell(row: Mapping[str, Any], names: tuple[str, ...]) -> str:
    known = {str(name).strip().lower(): name for name in row if name}
    for name in names:
        if name in known:
            value = row[known[name]]
            if isinstance(value, list):
                return "; ".join(map(str, value))
            return cell_text(value).strip()
    return ""
