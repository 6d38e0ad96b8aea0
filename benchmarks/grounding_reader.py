"""Fits the learnt reader of grounding and what it weighs beside the rules; seeds are fixed.

    python benchmarks/grounding_reader.py CASES.jsonl ... --beside CASES.jsonl ...

Writes grounding/data/reader.safetensors, fitted on CASES, and [beside] of weights.toml: what rules and reader weigh
beside each other, by logistic regression on the cases of `--beside`, on which AUCs are printed too. The reader sees
each sentence of the cases, and those that `_grounding_changes.py` makes of them. What is false is short in written
cases: sentences are weighed so that in each eighth of lengths (of a language) true and false count the same, and
beside each AUC stands one of pairs of about the same length (`LIKE`), of which length says nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
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
from bedside.grounding import _learnt
from bedside.grounding._align import Aligner, together
from bedside.grounding._compare import Comparison, compare
from bedside.grounding._reading import Reading, read
from bedside.grounding._states import States
from bedside.grounding.reader import Laid, Reader
from bedside.grounding.weigh import weights

GROUNDING = Path(__file__).resolve().parents[1] / "src/bedside/grounding"
SEED, MEMBERS, EPOCHS, BATCH = 0, 5, 3, 32
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
    letters: int
    comparison: Comparison


def main() -> None:
    """Fit, print how the held cases are told, and write."""
    asked = argparse.ArgumentParser()
    asked.add_argument("cases", type=Path, nargs="+")
    asked.add_argument("--beside", type=Path, nargs="+", required=True)
    given = asked.parse_args()
    encoder = _learnt.states()
    charts, held = ([opened(case, encoder) for case in cases(paths)] for paths in (given.cases, given.beside))
    states = torch.cat([chart.laid.states for chart in charts])
    scale = states.mean(0), states.std(0)
    blank = Reader(encoder, [], *scale)
    changes = Changes([chart.case for chart in charts], SEED)
    fitted, unseen = [], []
    for chart in charts:
        fitted += items(chart, [*told(chart.case), *changes.of(chart.case, chart.read)], blank)
    for chart in held:
        unseen += items(chart, told(chart.case), blank)
    print(f"fitted on {len(fitted)} sentences of {len(charts)} cases, made ones among them", flush=True)
    networks: list[Aligner] = []
    for seed in range(MEMBERS):
        networks.append(trained(fitted, seed))
        areas(f"reader of {seed + 1}", sums(networks, unseen), unseen)
    areas("rules", rules(unseen), unseen)
    areas("length", [-one.letters for one in unseen], unseen)
    data = _learnt.packed(networks, *scale)
    (GROUNDING / _learnt.FILE).write_bytes(data)
    print(f"{len(data)} bytes; SHA256 = {hashlib.sha256(data).hexdigest()!r}")
    beside(unseen, sums(networks, unseen))


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
    for (one, wrong), (own, other), comparison in zip(sentences, pairs, compared, strict=True):
        yield Item(own, other, wrong, lang, len(one), comparison)


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


def sums(networks: Sequence[Aligner], given: Sequence[Item]) -> list[float]:
    """What networks say of sentences on average."""
    with torch.inference_mode():
        parts = [given[low : low + 64] for low in range(0, len(given), 64)]
        return [at for part in parts for at in torch.stack([said_by(one, part) for one in networks]).mean(0).tolist()]


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


def rules(given: Sequence[Item]) -> list[float]:
    """What the rules say against sentences."""
    return [weights().score(one.comparison) for one in given]


def areas(name: str, said: Sequence[float], given: Sequence[Item]) -> None:
    """The areas under the curve, of all pairs and of pairs of like length."""
    for lang in ("en", "zh"):
        own = [(told, one) for told, one in zip(said, given, strict=True) if one.lang == lang]
        wrong, values = [one.wrong for _, one in own], [told for told, _ in own]
        if len(set(wrong)) == 2:
            print(
                f"{name:12s} {lang}  AUC {roc_auc_score(wrong, values):.3f}  of like length {_like(own):.3f}",
                flush=True,
            )


def _like(own: Sequence[tuple[float, Item]]) -> float:
    """How often the wrong one of two sentences of about the same length is doubted more."""
    pairs = [
        float(one > other) + EVEN * float(one == other)
        for one, item in own
        for other, against in own
        if item.wrong
        and not against.wrong
        and abs(item.letters - against.letters) <= LIKE * max(item.letters, against.letters)
    ]
    return float(np.mean(pairs)) if pairs else EVEN


def beside(given: Sequence[Item], said: Sequence[float]) -> None:
    """Find what rules and reader weigh beside each other, and write it with the bias that makes found and kept even."""
    both = np.column_stack([rules(given), said])
    wrong = np.array([one.wrong for one in given])
    fitted = LogisticRegression(C=1.0).fit(both, wrong)
    score = both @ fitted.coef_[0]
    areas("both", score.tolist(), given)
    cut = min(
        np.quantile(score, np.linspace(0, 1, 201)),
        key=lambda at: abs((score[wrong] > at).mean() - (score[~wrong] <= at).mean()),
    )
    bar = weights().bar
    bias = float(np.log(bar / (1 - bar)) - cut)
    print(f"held: found {(score[wrong] > cut).mean():.3f}, kept {(score[~wrong] <= cut).mean():.3f}")
    text = (GROUNDING / "data/weights.toml").read_text(encoding="utf-8").partition("[beside]")[0]
    lines = [
        "[beside]",
        f"rules = {fitted.coef_[0][0]:.4f}",
        f"reader = {fitted.coef_[0][1]:.4f}",
        f"bias = {bias:.4f}",
    ]
    (GROUNDING / "data/weights.toml").write_text(text + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
