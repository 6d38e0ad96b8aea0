"""How common each disease is, from the user's own table: a prior that stands as a bar beside the findings.

The HPO files hold no prevalence. A table has a disease (OMIM:... or ORPHA:..., which goes to the OMIM diseases linked
to it) and how common it is: a number, `3.5 %`, `1/40000`, `4 per 100000`, or a class as Orphanet writes it
(`1-9 / 100 000`, `<1 / 1 000 000`). The prior is log(prevalence / median of the table); a disease not in it gets 0.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bedside.errors import ColumnError, DataError
from bedside.knowledge.hpo import Hpo
from bedside.lang import tr

Floats = NDArray[np.float32]
DISEASE = ("disease_id", "disease", "id", "database_id", "疾病编号", "疾病")
PREVALENCE = ("prevalence", "point_prevalence", "val", "患病率")
ALLOWED = "0.0001 | 0.01 % | 1/40000 | 4 per 100000 | 1-9 / 100 000 | <1 / 1 000 000"
MOST = 8.0
"""No prior moves a disease by more than this (natural log): a factor of about 3,000."""
_RATIO = re.compile(r"([<>≤≥]?)([\d.]+)(?:-([\d.]+))?(?:/|per|in)([\d.]+)", re.IGNORECASE)
_NUMBER = re.compile(r"([\d.]+(?:e-?\d+)?)(%?)", re.IGNORECASE)


def share_of(text: str) -> float | None:
    """A prevalence as a share of people; None where it is not one. A range is its geometric mean.

    >>> share_of("1/40000"), share_of("0.01 %"), share_of("unknown")
    (2.5e-05, 0.0001, None)
    >>> f"{share_of('1-9 / 100 000'):.1e}"
    '3.0e-05'
    """
    tidy = re.sub(r"[\s,_']", "", text.replace("–", "-").replace("％", "%"))
    try:
        if found := _RATIO.fullmatch(tidy):
            low, of = float(found[2]), float(found[4])
            value = (low * float(found[3] or low)) ** 0.5 / of if of else 0.0
        elif found := _NUMBER.fullmatch(tidy):
            value = float(found[1]) / (100 if found[2] else 1)
        else:
            return None
    except ValueError:  # two points in one number
        return None
    return value if 0 < value <= 1 else None


def read_prevalence(path: Path, hpo: Hpo, links: list[list[int]]) -> Floats:
    """[d] the prior of each ranked disease; `links` are the Orphanet entries of each.

    Raises ColumnError when a column is missing, DataError for a prevalence that cannot be read or no known disease.
    """
    found: dict[int, float] = {}
    linked: dict[int, list[int]] = {}
    for disease, few in enumerate(links):
        for other in few:
            linked.setdefault(other, []).append(disease)
    for line, (id, text) in _rows(path):
        share = share_of(text)
        if share is None:
            what = tr("not a prevalence", "不是患病率")
            where = f"{path.name}, {tr(f'line {line}', f'第 {line} 行')}"
            raise DataError(what, where=where, value=text[:40], allowed=ALLOWED)
        number = hpo.disease_number.get(id.strip().upper().replace("ORPHANET:", "ORPHA:"), -1)
        if 0 <= number < hpo.ranked:
            found[number] = share
        for disease in linked.get(number, ()):
            found.setdefault(disease, share)
    if not found:
        what = tr("no disease of this table is among those ranked", "表中没有可排序的疾病")
        raise DataError(what, where=path.name, allowed="OMIM:000000 | ORPHA:000")
    prior = np.zeros(hpo.ranked, dtype=np.float32)
    logs = np.log(np.array(list(found.values())))
    prior[list(found)] = np.clip(logs - np.median(logs), -MOST, MOST)
    return prior


def _rows(path: Path) -> list[tuple[int, tuple[str, str]]]:
    """Line numbers with disease and prevalence; the delimiter is the tab if the first line has one."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            head = lines.readline()
            delimiter = "\t" if "\t" in head else ";" if ";" in head and "," not in head else ","
            names = [name.strip().lower() for name in next(csv.reader([head], delimiter=delimiter), [])]
            places = []
            for wanted in (DISEASE, PREVALENCE):
                if (place := next((names.index(name) for name in wanted if name in names), None)) is None:
                    raise ColumnError(
                        tr("a column is missing", "缺少一列"), where=path.name, value=wanted[0], allowed=wanted
                    )
                places.append(place)
            return [
                (number, (row[places[0]], row[places[1]]))
                for number, row in enumerate(csv.reader(lines, delimiter=delimiter), 2)
                if len(row) > max(places) and row[places[1]].strip()
            ]
    except UnicodeDecodeError:
        raise DataError(tr("not UTF-8 text", "不是 UTF-8 文本"), where=path.name) from None
    except OSError as fault:
        what = tr("the file cannot be read", "无法读取该文件")
        raise DataError(what, where=path.name, value=fault.strerror) from None
