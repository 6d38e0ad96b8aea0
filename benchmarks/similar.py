"""Similar charts beside a bag of codes: of the first five found, the share with the same disease.

    python benchmarks/similar.py

Published cases (`phenopackets_rare_disease`, `more.jsonl`) as charts of HPO findings and sex, the disease hidden: 3,000
in the index, 300 asked, charts of the same publication barred. Weights were chosen on other questions. Intervals:
bootstrap over publications, seed 0. Needs the data sets beside the repository (`../shared/data`).
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bedside.consult._similar.index import ChartIndex
from bedside.consult._similar.search import search
from bedside.types import Chart, Code, DeidReport, Entry

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "phenopackets_rare_disease" / "more.jsonl"
INDEXED, ASKED, FOUND, SEED, RESAMPLES = 3000, 300, 5, 7, 1000
Row = dict[str, Any]


def main() -> None:
    """Print a line a way of finding."""
    cases, asked = _cases()
    disease = {row["id"]: row["disease"]["id"] for row in cases}
    others = [[one for one in cases if one["pmid"] != row["pmid"]] for row in asked]
    ours = _ours(cases, asked, others, disease)
    bag, chance = [], []
    for row, rest in zip(asked, others, strict=True):
        same = np.array([disease[one["id"]] == disease[row["id"]] for one in rest])
        likeness = np.array([_cosine(_codes(row), _codes(one)) for one in rest])
        bag.append(float(same[np.argsort(-likeness, kind="stable")[:FOUND]].mean()))
        chance.append(float(same.mean()))
    papers = [row["pmid"] for row in asked]
    print(f"{len(asked)} questions, {len(set(papers))} publications, {len({disease[r['id']] for r in asked})} diseases")
    differ = [one - other for one, other in zip(ours, bag, strict=True)]
    for name, values in (("random", chance), ("bag of codes", bag), ("similar", ours), ("similar - bag", differ)):
        value, low, high = _interval(values, papers)
        print(f"{name:14} {value:.3f} [{low:.3f}, {high:.3f}]")


def _cases() -> tuple[list[Row], list[Row]]:
    """Each case once; those are asked whose disease another publication has too."""
    rows = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    draw = random.Random(SEED)
    rows = [row for row in rows if row["present"]]
    draw.shuffle(rows)
    cases = list({row["id"]: row for row in reversed(rows)}.values())[::-1][:INDEXED]
    papers = defaultdict(set)
    for row in cases:
        papers[row["disease"]["id"]].add(row["pmid"])
    asked = [row for row in cases if papers[row["disease"]["id"]] - {row["pmid"]}]
    draw.shuffle(asked)
    return cases, asked[:ASKED]


def _ours(cases: Sequence[Row], asked: Sequence[Row], others: Sequence[list[Row]], disease: dict[str, str]) -> Any:
    with tempfile.TemporaryDirectory() as folder, ChartIndex(folder) as index:
        index.add(map(_chart, cases))
        number = {id: n for n, id in index.charts()}
        name = {n: id for id, n in number.items()}
        started, found = time.perf_counter(), []
        for row, rest in zip(asked, others, strict=True):
            hits = search(index, _chart(row), FOUND, allowed={number[one["id"]] for one in rest})
            found.append(float(np.mean([disease[name[hit.chart]] == disease[row["id"]] for hit in hits])))
    print(f"{(time.perf_counter() - started) / len(asked):.3f} s a question among {len(cases)} charts")
    return found


def _chart(row: Row) -> Chart:
    entries = tuple(
        Entry(id=str(n), kind="Condition", text=one["label"], codes=(Code("hp", one["id"], one["label"]),))
        for n, one in enumerate(row["present"])
    )
    sex = row["sex"] if row["sex"] in ("male", "female") else "unknown"
    return Chart(patient=row["id"], sex=sex, age_years=None, entries=entries, deid=DeidReport("none", "1"))


def _codes(row: Row) -> set[str]:
    return {one["id"] for one in row["present"]}


def _cosine(one: set[str], other: set[str]) -> float:
    return float(len(one & other) / (len(one) * len(other)) ** 0.5)


def _interval(values: Sequence[float], groups: Sequence[str]) -> tuple[float, float, float]:
    rows = defaultdict(list)
    for value, group in zip(values, groups, strict=True):
        rows[group].append(value)
    sums = np.array([(sum(rows[group]), len(rows[group])) for group in sorted(rows)])
    drawn = sums[np.random.default_rng(0).integers(0, len(sums), (RESAMPLES, len(sums)))].sum(1)
    low, high = np.percentile(drawn[:, 0] / drawn[:, 1], [2.5, 97.5])
    return float(np.mean(values)), float(low), float(high)


if __name__ == "__main__":
    main()
