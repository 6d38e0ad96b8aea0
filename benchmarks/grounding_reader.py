"""Fits the learnt reader of grounding and what it weighs beside the rules; seeds are fixed.

    python benchmarks/grounding_reader.py fit CASES.jsonl ...       writes grounding/data/reader.safetensors
    python benchmarks/grounding_reader.py beside CASES.jsonl ...    writes [beside] of grounding/data/weights.toml
    python benchmarks/grounding_reader.py areas CASES.jsonl ...     AUCs of reader, rules, both, and length

`beside` finds what rules and reader weigh beside each other, by logistic regression on cases that neither was fitted
on, and the bias at which as much is kept as is found. The reader sees each sentence of the cases, and those that
`_grounding_changes.py` makes of them. What is false is short in most written cases: sentences are weighed so that in
each eighth of lengths (of a language) true and false count the same, and beside each AUC stands one of pairs of about
the same length (`LIKE`), of which length says nothing. Same files, same seeds: the same weights, to rounding.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from torch import Tensor

from _grounding_changes import Changes
from bedside.grounding import Ground, _learnt
from bedside.grounding._align import Aligner, together
from bedside.grounding._compare import Comparison, compare
from bedside.grounding._reading import Reading, read
from bedside.grounding._states import States
from bedside.grounding.reader import Laid, Reader
from bedside.grounding.weigh import weights

GROUNDING = Path(__file__).resolve().parents[1] / "src/bedside/grounding"
SEED, MEMBERS, EPOCHS, BATCH = 0, 3, 3, 32
WIDTH, DROPOUT, RATE, DECAY = 96, 0.4, 2e-3, 0.05
SURE = 0.97
"""What a true answer is fitted to: cases are not without faults."""
BANDS, MOST, LEAST = 8, 4.0, 0.05
"""Bands of length; the most a sentence may weigh, and the least share of a class that is made up for."""
LIKE = 0.2
"""Two sentences are about as long as each other where they differ by at most this share."""
EVEN = 0.5


class Chart(NamedTuple):
    """A case with its chart as the rules and the encoder have it."""

    case: dict[str, Any]
    read: Reading
    laid: Laid


class Item(NamedTuple):
    """A sentence and what of its chart is read with it; tables are states of tokens [t, h]."""

    said: Tensor
    chart: Tensor
    wrong: bool
    lang: str


class Row(NamedTuple):
    """A sentence as rules and reader tell it."""

    said: str
    wrong: bool
    lang: str
    comparison: Comparison
    doubted: float | None


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
    reader = Reader(encoder, [], *scale)
    changes = Changes(given, SEED)
    fitted: list[Item] = []
    for chart in charts:
        fitted += items(chart, [*told(chart.case), *changes.of(chart.case, chart.read)], reader)
    print(f"fitted on {len(fitted)} sentences of {len(charts)} cases, made ones among them", flush=True)
    data = _learnt.packed([trained(fitted, seed) for seed in range(MEMBERS)], *scale)
    (GROUNDING / _learnt.FILE).write_bytes(data)
    print(f"{len(data)} bytes; _learnt.SHA256 = {hashlib.sha256(data).hexdigest()!r}")


def beside(given: Sequence[dict[str, Any]]) -> None:
    """Find what rules and reader weigh beside each other, and write it."""
    rows = read_both(given)
    both = np.array([[weights().score(row.comparison), row.doubted] for row in rows])
    wrong = np.array([row.wrong for row in rows])
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
    """The areas under the curve, of all pairs and of pairs of like length."""
    rows = read_both(given)
    for lang in ("en", "zh"):
        own = [row for row in rows if row.lang == lang]
        wrong = np.array([row.wrong for row in own])
        if len(set(wrong)) < 2:
            continue
        said = {
            "reader": [row.doubted for row in own],
            "rules": [weights().doubt(row.comparison) for row in own],
            "both": [weights().doubt(row.comparison, row.doubted) for row in own],
            "length": [-len(row.said) for row in own],
        }
        lengths = np.array([len(row.said) for row in own])
        for name, values in said.items():
            area = roc_auc_score(wrong, values)
            print(f"{lang} {name:6s} AUC {area:.3f}  of like length {_like(np.array(values), wrong, lengths)}")


def read_both(given: Sequence[dict[str, Any]]) -> list[Row]:
    """Every sentence by the rules and the shipped reader; what claims nothing is left out, as it is served."""
    rows = []
    for case in given:
        chart = Ground(case["chart_text"], case["lang"], _learnt.open_reader())
        for (said, wrong), one in zip(told(case), chart.compared(case["generated"]), strict=True):
            rows.append(Row(said, wrong, case["lang"], *one))
    return [row for row in rows if row.doubted is not None]


def _like(values: Any, wrong: Any, lengths: Any) -> str:
    """How often the wrong one of two sentences of about the same length is doubted more."""
    one, other = (lengths[kind][:, None] if at == 0 else lengths[kind][None] for at, kind in enumerate((wrong, ~wrong)))
    near = abs(one - other) <= LIKE * np.maximum(one, other)
    more = values[wrong][:, None] - values[~wrong][None]
    return f"{((more > 0) + (more == 0) / 2)[near].mean():.3f} ({near.sum()} pairs)" if near.any() else "- (no pairs)"


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


def told(case: dict[str, Any]) -> list[tuple[str, bool]]:
    """The sentences of a case and whether each is wrong."""
    return [(said, not holds) for said, holds in zip(case["generated"], case["expected"], strict=True)]


def items(chart: Chart, sentences: Sequence[tuple[str, bool]], reader: Reader) -> Iterator[Item]:
    """Sentences as the networks are given them."""
    lang = chart.case["lang"]
    laid = Laid(reader.scaled(chart.laid.states), chart.laid.sentences)
    compared = [compare(read(one, lang, whole=True), chart.read) for one, _ in sentences]
    evidence = [[(one.start, one.end) for one in each.evidence] for each in compared]
    pairs = reader.pairs([one for one, _ in sentences], laid, evidence)
    for (_, wrong), (own, other) in zip(sentences, pairs, strict=True):
        yield Item(own, other, wrong, lang)


def trained(given: Sequence[Item], seed: int) -> Aligner:
    """One network, from one beginning."""
    torch.manual_seed(seed)
    drawn = random.Random(seed)
    network = Aligner(given[0].said.shape[1], WIDTH, DROPOUT)
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    weight = torch.tensor(without_length(given), dtype=torch.float32)
    wrong = torch.tensor([one.wrong for one in given], dtype=torch.float32)
    rounds = [batch for _ in range(EPOCHS) for batch in batches(given, drawn)]
    falling = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: 1 - step / (len(rounds) + 1))
    for batch in rounds:
        aim = wrong[batch] * (2 * SURE - 1) + 1 - SURE
        each = F.binary_cross_entropy_with_logits(said_by(network, [given[at] for at in batch]), aim, reduction="none")
        optimiser.zero_grad()
        (each * weight[batch]).mean().backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        falling.step()
    return network.eval()


def batches(given: Sequence[Item], drawn: random.Random) -> list[list[int]]:
    """All of them once, those of a batch about equally long."""
    order = list(range(len(given)))
    drawn.shuffle(order)
    wide = BATCH * 16
    shelves = [order[low : low + wide] for low in range(0, len(order), wide)]
    ranked = [at for shelf in shelves for at in sorted(shelf, key=lambda at: len(given[at].said))]
    found = [ranked[low : low + BATCH] for low in range(0, len(ranked), BATCH)]
    drawn.shuffle(found)
    return found


def said_by(network: Aligner, given: Sequence[Item]) -> Tensor:
    """What a network says of sentences."""
    table: Tensor = network(*together([one.said for one in given]), *together([one.chart for one in given]))
    return table


def without_length(given: Sequence[Item]) -> Any:
    """What each sentence weighs, so that in no band of lengths one class weighs more than the other."""
    weight = np.ones(len(given))
    wrong = np.array([one.wrong for one in given])
    for lang in ("en", "zh"):
        own = np.array([at for at, one in enumerate(given) if one.lang == lang])
        tokens = np.array([len(given[at].said) for at in own])
        band = np.digitize(tokens, np.quantile(tokens, np.linspace(0, 1, BANDS + 1)[1:-1]))
        for number in range(BANDS):
            here = own[band == number]
            for kind in (False, True):
                share = float((wrong[here] == kind).mean()) if len(here) else 1.0
                weight[here[wrong[here] == kind]] = min(MOST, EVEN / max(share, LEAST))
    return weight / weight.mean()


if __name__ == "__main__":
    main()
