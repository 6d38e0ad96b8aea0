"""A site's own labels as sets of the ranked diseases: a table of the user's, or ids that are the same.

A line is a label, a tab or a comma, and what it stands for: a disease (OMIM:148050), or a finding (HP:0001626) for all
diseases that show it or a kind of it. A label may have several lines. A label that is itself an OMIM id needs none; one
without any line is known to the local model alone.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from pathlib import Path

from bedside.errors import DataError
from bedside.knowledge._ranker import Ranker
from bedside.lang import tr

_DISEASE = re.compile(r"OMIM:\d{6}")
_FINDING = re.compile(r"HP:\d{7}")
HEADS = ("label", "标签")
LabelMap = dict[str, tuple[str, ...]]
"""Ids of diseases and findings by label, in the order of the table."""


def read_map(path: Path) -> LabelMap:
    """The table, checked line by line; raises DataError with every fault's line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise DataError(tr("not a table in UTF-8", "不是 UTF-8 表格"), where=path.name) from None
    found: dict[str, list[str]] = {}
    faults = []
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    separator = "\t" if any("\t" in line for line in lines) else ","
    for number, cells in enumerate(csv.reader(lines, delimiter=separator), 1):
        if number == 1 and cells[0].strip().lower() in HEADS:
            continue
        label, target = cells[0].strip(), cells[1].strip() if len(cells) > 1 else ""
        if not label or not (_DISEASE.fullmatch(target) or _FINDING.fullmatch(target)):
            faults.append(str(number))
        else:
            found.setdefault(label, []).append(target)
    if faults:
        what = tr(f"lines that cannot be read: {', '.join(faults[:10])}", f"无法读取的行：{'、'.join(faults[:10])}")
        raise DataError(what, where=path.name, allowed="LABEL<tab>OMIM:148050 | LABEL<tab>HP:0001626")
    return {label: tuple(dict.fromkeys(targets)) for label, targets in found.items()}


def diseases_of(labels: Iterable[str], table: LabelMap, ranker: Ranker) -> tuple[dict[str, list[int]], list[str]]:
    """The ranked diseases each label stands for, by number, and the ids that this release does not rank."""
    hpo = ranker.hpo
    found: dict[str, list[int]] = {}
    unknown: list[str] = []
    for label in labels:
        numbers: set[int] = set()
        for target in table.get(label) or ((label,) if _DISEASE.fullmatch(label) else ()):
            disease = hpo.disease_number.get(target, hpo.ranked)
            if target in hpo.number:
                numbers |= _showing(ranker, hpo.number[target])
            elif disease < hpo.ranked:
                numbers.add(disease)
            else:
                unknown.append(target)
        found[label] = sorted(numbers)
    return found, unknown


def _showing(ranker: Ranker, term: int) -> set[int]:
    """Diseases annotated with a finding or a kind of it."""
    start = ranker.shown["start"]
    owners = ranker.shown["disease"][int(start[term]) : int(start[term + 1])]
    return {int(one) for one in owners if one < ranker.hpo.ranked}
