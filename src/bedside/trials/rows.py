"""Rows of a file as criteria to be read: a row may be one criterion, an eligibility text, or a trial of a registry."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bedside.errors import ColumnError
from bedside.formats._tables import cell_text, column_text, read_rows
from bedside.lang import tr
from bedside.trials.chictr import ChictrTrial, is_chictr, read_chictr
from bedside.trials.criteria.splitting import split
from bedside.trials.criterion import Side

TEXTS = (
    "text",
    "criterion",
    "eligibility",
    "eligibility_criteria",
    "eligibilitycriteria",
    "criteria",
    "文本",
    "标准",
    "入排标准",
    "纳排标准",
    "内容",
)
IDS = ("id", "nct_id", "nctid", "trial", "trial_id", "编号", "注册号", "试验编号")
SIDES = ("side", "type", "kind", "criterion_type", "类别", "类型", "入选排除")
INCLUSIONS = ("inclusion", "inclusion_criteria", "入选标准", "纳入标准")
EXCLUSIONS = ("exclusion", "exclusion_criteria", "排除标准")
_EXCLUDE = re.compile(r"exclu|排除|\be\b", re.IGNORECASE)
_INCLUDE = re.compile(r"inclu|入选|纳入|入组|\bi\b", re.IGNORECASE)
_AGE = re.compile(r"(\d+(?:\.\d+)?)\s*(years?|months?|weeks?|days?|岁|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Given:
    """A criterion as it came: `start` is its first code point in the row's text; `problem` says why there is none."""

    id: str
    text: str = ""
    side: Side = "include"
    trial: str = ""
    start: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """How rows are read: the column of the text, the side of what says none, each row whole as one criterion."""

    text: str | None = None
    side: Side = "include"
    whole: bool = False


def given_of(path: Path, how: Reading) -> Iterator[Given]:
    """The criteria of a file in order.

    A row that is one criterion keeps its id; one that holds several gives `ID#1`, `ID#2`, ...
    Raises ColumnError where no column holds a text.
    """
    if path.suffix.lower() in (".txt", ".htm", ".html"):
        yield from _of_page(path, how)
        return
    for place, row in read_rows(path):
        studies = row.get("studies")
        for one in studies if isinstance(studies, list) else [row]:
            if isinstance(one, dict):
                yield from _of_row(one, place, path, how)


def _of_row(row: Mapping[str, Any], place: str, path: Path, how: Reading) -> Iterator[Given]:
    if isinstance(row.get("protocolSection"), dict):
        yield from _of_study(row["protocolSection"], place, how)
        return
    id = _cell(row, IDS) or place
    lists: list[tuple[str, Side]] = [(_cell(row, INCLUSIONS), "include"), (_cell(row, EXCLUSIONS), "exclude")]
    if how.text is None and any(text for text, _ in lists):
        yield from _listed(id, lists)
        return
    text = column_text(row, how.text) if how.text else _cell(row, TEXTS)
    if not text.strip():
        if how.text is None and _column(row, TEXTS) is None:
            what = tr("no column of the text", "没有文本列")
            raise ColumnError(what, where=path.name, allowed=[str(one) for one in row], next="--text COLUMN")
        yield Given(id, problem=tr("no text in this row", "此行没有文本"))
        return
    side = _side(_cell(row, SIDES)) or how.side
    yield from _of_text(id, text, side, whole=how.whole)


def _of_text(id: str, text: str, side: Side, *, whole: bool = False, trial: str = "") -> Iterator[Given]:
    parts = [] if whole else split(text, side)
    if len(parts) < 2 and not trial:
        yield Given(id, text, parts[0].side if parts else side)
        return
    for number, part in enumerate(parts, 1):
        yield Given(f"{id}#{number}", text[part.start : part.end], part.side, trial or id, part.start)


def _listed(id: str, lists: list[tuple[str, Side]]) -> Iterator[Given]:
    number = 0
    for text, side in lists:
        for part in split(text, side) if text.strip() else ():
            number += 1
            yield Given(f"{id}#{number}", text[part.start : part.end], part.side, id, part.start)


def _of_study(section: Mapping[str, Any], place: str, how: Reading) -> Iterator[Given]:
    """A study of ClinicalTrials.gov (API v2): its fields of age and sex, and its text."""
    about, who = section.get("identificationModule") or {}, section.get("eligibilityModule") or {}
    id = str(about.get("nctId") or place)
    yield from _limits(id, who.get("minimumAge"), who.get("maximumAge"), str(who.get("sex") or ""))
    text = str(who.get("eligibilityCriteria") or "")
    if text.strip():
        yield from _of_text(id, text, "include", trial=id)
    else:
        yield Given(id, trial=id, problem=tr("a study without eligibility text", "研究没有入排标准文本"))


def _limits(id: str, low: Any, high: Any, sex: str) -> Iterator[Given]:
    """The registry's own fields in words, so that they are read as all else is."""
    least, most = _age(low), _age(high)
    if least or most:
        text = f"Age {least} to {most}" if least and most else f"Age ≥ {least}" if least else f"Age ≤ {most}"
        yield Given(f"{id}#age", text, "include", id)
    if sex.lower() in ("male", "female"):
        yield Given(f"{id}#sex", f"Sex: {sex.lower()}", "include", id)


def _age(said: Any) -> str:
    match = _AGE.search(str(said if said is not None else ""))
    return f"{float(match[1]):g} {(match[2] or 'years').lower().replace('岁', 'years')}" if match else ""


def _of_page(path: Path, how: Reading) -> Iterator[Given]:
    """A registry page, or a plain eligibility text."""
    from bedside.formats._files.lines import text_lines

    text = "".join(line for _, line in text_lines(path, None, lambda _: None))
    if is_chictr(text):
        for trial in read_chictr(path):
            yield from of_chictr(trial)
    else:
        yield from _of_text(path.stem, text, how.side, whole=how.whole)


def of_chictr(trial: ChictrTrial) -> Iterator[Given]:
    """The criteria of a registry page, with its fields of age and sex."""
    yield from _limits(trial.id, trial.min_age, trial.max_age, trial.sex)
    yield from _listed(trial.id, [(trial.inclusion, "include"), (trial.exclusion, "exclude")])


def _side(said: str) -> Side | None:
    if _EXCLUDE.search(said):
        return "exclude"
    return "include" if _INCLUDE.search(said) else None


def _column(row: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    known = {str(name).strip().lower(): name for name in row if name}
    return next((known[name] for name in names if name in known), None)


def _cell(row: Mapping[str, Any], names: tuple[str, ...]) -> str:
    name = _column(row, names)
    return cell_text(row[name]) if name is not None else ""
