"""Fits the learnt reader of grounding and what it weighs beside the rules; seeds are fixed.

    python benchmarks/grounding_reader.py fit CASES.jsonl ...       writes grounding/data/reader.safetensors
    python benchmarks/grounding_reader.py beside CASES.jsonl ...    writes [beside] of grounding/data/weights.toml
    python benchmarks/grounding_reader.py areas CASES.jsonl ...     AUCs of reader, rules, both, and what leaks

`beside` finds what rules and reader weigh beside each other, by logistic regression on cases that neither was fitted
on, and the bias at which as much is kept as is found. The reader sees each sentence of the cases, those that
`_grounding_changes.py` makes of them, and true sentences of the charts that are most alike, which are false here.

Beside each AUC stands how often the false one of two twins (`twins` of a case: a true sentence and its change) is
doubted more. Three lines say what has nothing to do with the chart: `length`; `alone`, characters of the sentence
(_grounding_alone.py, on charts left out); `elsewhere`, the reader beside the chart of another case. A reader that reads
has .5 there. Same files, same seeds: the same weights, to rounding.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from _grounding_alone import alone
from _grounding_changes import Changes, Said, written
from _grounding_fitting import Item, trained
from bedside.grounding import Ground, _learnt
from bedside.grounding._claims import Reading
from bedside.grounding._compare import Comparison, compare
from bedside.grounding._reading import read
from bedside.grounding._states import States
from bedside.grounding.reader import Laid, Reader
from bedside.grounding.weigh import weights

GROUNDING = Path(__file__).resolve().parents[1] / "src/bedside/grounding"
SEED, MEMBERS = 0, 2
ANOTHER, NEAREST = 3, 8
"""Sentences of other charts that are read beside a chart, and from how many of the charts most like it."""


class Chart(NamedTuple):
    """A case with its chart as the rules and the encoder have it."""

    case: dict[str, Any]
    read: Reading
    laid: Laid


class Row(NamedTuple):
    """A sentence as rules and reader tell it, and the reader beside the chart of another case."""

    said: Said
    true: str | None
    case: str
    lang: str
    comparison: Comparison
    doubted: float | None
    elsewhere: float | None


def main() -> None:
    """Fit, weigh or print."""
    asked = argparse.ArgumentParser()
    asked.add_argument("what", choices=("fit", "beside", "areas"))
    asked.add_argument("cases", type=Path, nargs="+")
    given = asked.parse_args()
    {"fit": fit, "beside": beside, "areas": areas}[given.what](cases(given.cases))


def fit(given: Sequence[dict[str, Any]]) -> None:
    """Fit the networks and write them."""
    encoder = _learnt.states()
    charts = [opened(case, encoder) for case in given]
    states = torch.cat([chart.laid.states for chart in charts])
    scale = states.mean(0), states.std(0)
    fitted = items(charts, Reader(encoder, [], *scale), Changes(given, SEED))
    print(f"fitted on {len(fitted)} sentences of {len(charts)} cases, made ones among them", flush=True)
    data = _learnt.packed([trained(fitted, seed) for seed in range(MEMBERS)], *scale)
    (GROUNDING / _learnt.FILE).write_bytes(data)
    print(f"{len(data)} bytes; _learnt.SHA256 = {hashlib.sha256(data).hexdigest()!r}")


def beside(given: Sequence[dict[str, Any]]) -> None:
    """Find what rules and reader weigh beside each other, and write it."""
    rows = [row for row in read_both(given) if row.doubted is not None]
    both = np.array([[weights().score(row.comparison), row.doubted] for row in rows])
    wrong = np.array([row.said.wrong for row in rows])
    rules, reader = LogisticRegression().fit(both, wrong).coef_[0]
    score = both @ [rules, reader]
    cut = min(
        np.quantile(score, np.linspace(0, 1, 201)),
        key=lambda at: abs(_found(score, wrong, at) - _kept(score, wrong, at)),
    )
    bias = math.log(weights().bar / (1 - weights().bar)) - cut
    print(f"{len(rows)} sentences: found {_found(score, wrong, cut):.3f}, kept {_kept(score, wrong, cut):.3f}")
    path = GROUNDING / "data/weights.toml"
    rest = path.read_text(encoding="utf-8").partition("[beside]")[0]
    told = f"[beside]\nrules = {rules:.4f}\nreader = {reader:.4f}\nbias = {bias:.4f}\n"
    path.write_text(rest + told, encoding="utf-8")


def _found(score: Any, wrong: Any, cut: float) -> float:
    return float((score[wrong] > cut).mean())


def _kept(score: Any, wrong: Any, cut: float) -> float:
    return float((score[~wrong] <= cut).mean())


def areas(given: Sequence[dict[str, Any]]) -> None:
    """The areas under the curve and the order of twins; what claims nothing is left out, as it is served."""
    every = [row for row in read_both(given, strange=True) if row.doubted is not None]
    for lang in ("en", "zh"):
        rows = [row for row in every if row.lang == lang]
        wrong = [row.said.wrong for row in rows]
        if len(set(wrong)) < 2:
            continue
        told = {
            "rules": [weights().doubt(row.comparison) for row in rows],
            "reader": [row.doubted for row in rows],
            "both": [weights().doubt(row.comparison, row.doubted) for row in rows],
            "elsewhere": [row.elsewhere for row in rows],
            "alone": alone([row.said.text for row in rows], wrong, [row.case for row in rows]),
            "length": [-len(row.said.text) for row in rows],
        }
        for name, values in told.items():
            if None in values:  # a set of one chart: there is no other
                continue
            print(f"{lang} {name:9s} AUC {roc_auc_score(wrong, values):.3f}  twins {_ordered(rows, values)}")


def _ordered(rows: Sequence[Row], values: Sequence[Any]) -> str:
    """How often the false one of two twins is doubted more."""
    told = {(row.case, row.said.text): value for row, value in zip(rows, values, strict=True)}
    pairs = [(told[row.case, row.said.text], told.get((row.case, row.true))) for row in rows if row.true]
    known = [(false > true) + (false == true) / 2 for false, true in pairs if true is not None]
    return f"{np.mean(known):.3f} ({len(known)} pairs)" if known else "- (no pairs)"


def read_both(given: Sequence[dict[str, Any]], *, strange: bool = False) -> list[Row]:
    """Every sentence by the rules and the shipped reader; `strange`: by the reader beside another case's chart too."""
    reader, rows = _learnt.open_reader(), list[Row]()
    for at, case in enumerate(given):
        said, lang = written(case), case["lang"]
        here = Ground(case["chart_text"], lang, reader).compared(case["generated"])
        others = (one for one in [*given[at + 1 :], *given[:at]] if one["lang"] == lang) if strange else iter(())
        other = next(others, None)
        beside = Ground(other["chart_text"], lang, reader).compared(case["generated"]) if other else []
        there = [told for _, told in beside] or [None] * len(said)
        for one, (comparison, doubted), elsewhere in zip(said, here, there, strict=True):
            true = None if one.twin is None else said[one.twin].text
            rows.append(Row(one, true, case["id"], lang, comparison, doubted, elsewhere))
    return rows


def cases(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """The cases of files."""
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def opened(case: dict[str, Any], encoder: States) -> Chart:
    """A case as the rules and the encoder have it, its states not scaled yet."""
    chart = read(case["chart_text"], case["lang"])
    laid = Reader(encoder, [], torch.tensor(0.0), torch.tensor(1.0)).lay(
        chart.text, [(one.start, one.end) for one in chart.sentences]
    )
    return Chart(case, chart, laid)


def items(charts: Sequence[Chart], reader: Reader, changes: Changes) -> list[Item]:
    """Sentences as the networks are given them, what each tells alone beside it."""
    told = [changes.of(chart.case, chart.read) for chart in charts]
    for said, strange in zip(told, others(charts, told), strict=True):
        said += strange
    leaked = _alone(charts, told)
    found: list[Item] = []
    for chart, said in zip(charts, told, strict=True):
        laid = Laid(reader.scaled(chart.laid.states), chart.laid.sentences)
        compared = [compare(read(one.text, chart.case["lang"], whole=True), chart.read) for one in said]
        evidence = [[(one.start, one.end) for one in each.evidence] for each in compared]
        first = len(found)
        for one, states in zip(said, reader.pairs([one.text for one in said], laid, evidence), strict=True):
            twin = None if one.twin is None else first + one.twin
            found.append(Item(*states, one.wrong, one.kind, leaked[len(found)], twin))
    return found


def others(charts: Sequence[Chart], told: Sequence[Sequence[Said]]) -> list[list[Said]]:
    """For each chart, true sentences of charts of its language that are most like it."""
    drawn = random.Random(SEED)
    means = torch.stack([chart.laid.states.mean(0) for chart in charts])
    langs = [chart.case["lang"] for chart in charts]
    found = []
    for at in range(len(charts)):
        own = [other for other in range(len(charts)) if langs[other] == langs[at] and other != at]
        apart = F.normalize(means[own] - means.mean(0), dim=1) @ F.normalize(means[at] - means.mean(0), dim=0)
        near = [own[number] for number in apart.topk(min(NEAREST, len(own))).indices.tolist()]
        true = [one for other in near for one in told[other] if one.kind == "written" and not one.wrong]
        found.append([Said(one.text, True, "another") for one in drawn.sample(true, min(ANOTHER, len(true)))])
    return found


def _alone(charts: Sequence[Chart], told: Sequence[Sequence[Said]]) -> list[float]:
    """What each sentence tells without its chart, among those of its language and kind."""
    among: dict[tuple[str, str], list[tuple[int, Said, str]]] = defaultdict(list)
    for chart, said in zip(charts, told, strict=True):
        for one in said:
            place = sum(map(len, among.values()))
            among[chart.case["lang"], one.kind].append((place, one, chart.case["id"]))
    sums = [0.0] * sum(map(len, among.values()))
    for (_, kind), rows in among.items():
        if kind != "another":
            places, said, owners = zip(*rows, strict=True)
            leaked = alone([one.text for one in said], [one.wrong for one in said], owners)
            for place, value in zip(places, leaked, strict=True):
                sums[place] = float(value)
    return sums


if __name__ == "__main__":
    main()
