"""Reads phenotype.hpoa: which disease shows which finding, how often, from when, in whom, and who says so."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bedside.errors import FormatError
from bedside.lang import tr

COLUMNS = ("database_id", "disease_name", "qualifier", "hpo_id", "reference", "onset", "frequency", "sex", "aspect")
CATEGORIES = {
    "HP:0040280": (1.0, 1.0),
    "HP:0040281": (0.80, 0.99),
    "HP:0040282": (0.30, 0.79),
    "HP:0040283": (0.05, 0.29),
    "HP:0040284": (0.01, 0.04),
    "HP:0040285": (0.0, 0.0),
}
"""Obligate, very frequent, frequent, occasional, very rare, excluded: the shares each stands for (HPO, Frequency)."""
CATEGORY_PATIENTS = 20.0
PERCENT_PATIENTS = 50.0
"""How many patients a share without a denominator weighs like when sources are pooled."""
_COUNT = re.compile(r"(\d+)/(\d+)$")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%$")


@dataclass(frozen=True, slots=True)
class Row:
    """One line: `seen` of `of` patients (of 0: not said), `aspect` P phenotype, I inheritance, C course, M, H."""

    disease: str
    name: str
    term: str
    denied: bool
    seen: float
    of: float
    frequency: str
    references: tuple[str, ...]
    onset: str
    sex: str
    aspect: str


def frequency_of(text: str) -> tuple[float, float]:
    """How many of how many: `n/m` as it stands, a percentage or a category as a share of a notional number.

    >>> frequency_of("3/7"), frequency_of("HP:0040283"), frequency_of("")
    ((3.0, 7.0), (3.3999999999999995, 20.0), (0.0, 0.0))
    """
    if found := _COUNT.match(text):
        seen, of = float(found[1]), float(found[2])
        return (seen, of) if 0 < of >= seen else (0.0, 0.0)
    if found := _PERCENT.match(text):
        return min(float(found[1]), 100.0) / 100 * PERCENT_PATIENTS, PERCENT_PATIENTS
    if text in CATEGORIES:
        low, high = CATEGORIES[text]
        return (low + high) / 2 * CATEGORY_PATIENTS, CATEGORY_PATIENTS
    return 0.0, 0.0


def read_hpoa(path: Path) -> tuple[str, Iterator[Row]]:
    """The release's date and its rows; raises FormatError when a column is missing."""
    with path.open(encoding="utf-8", newline="") as lines:
        version, skip = "", 0
        for line in lines:
            if not line.startswith("#"):
                break
            skip += 1
            if line.startswith("#version:"):
                version = line.partition(":")[2].strip()
    head = line.rstrip("\r\n").split("\t")
    if missing := [name for name in COLUMNS if name not in head]:
        what = tr("columns are missing", "缺少列")
        raise FormatError(what, where=path.name, value=", ".join(missing), allowed=COLUMNS)
    return version, _rows(path, skip)


def _rows(path: Path, skip: int) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as lines:
        for _ in range(skip):
            next(lines)
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            seen, of = frequency_of(row["frequency"])
            yield Row(
                disease=row["database_id"],
                name=row["disease_name"],
                term=row["hpo_id"],
                denied=row["qualifier"] == "NOT" or row["frequency"] == "HP:0040285" or bool(of and not seen),
                seen=seen,
                of=of,
                frequency=row["frequency"],
                references=tuple(filter(None, row["reference"].split(";"))),
                onset=row["onset"],
                sex=row["sex"].upper(),
                aspect=row["aspect"],
            )
