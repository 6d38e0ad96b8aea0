"""Whether doubt keeps its word on three real sets: coverage of sets, risk when only the surest are answered, strangers.

    python benchmarks/conformal.py [--splits 200] [--seed 0] [--only nodules]

Each set is fitted once (frozen encoder, `bedside fit` by its defaults otherwise); what was not learnt from is then
split by patient again and again, one half to calibrate, the other to measure, as new patients would. The mean over
splits is what is promised; the spread is what one calibration of that size may be off. "Pure" sets may be empty; served
ones always hold the likeliest label, which is why they hold more than was promised where the model is that good.
Strangers: ordinary texts of the same set, and texts of another kind, of either language.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from bedside.commands._call import call
from bedside.commands._quickstart.steps import readings_file
from bedside.config import Abstain, Recipe
from bedside.evaluate.conformal import risk_curve
from bedside.model.conformal import cut_at, cuts_of, misfit, possible
from bedside.model.doubt import calibrated_sets
from bedside.model.folder import Model
from bedside.model.forms.labels import marks
from bedside.train.fit import fit

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"
LEVELS = (0.8, 0.9, 0.95)
UNLIKE = 0.02
ROWS = 1800
"""Rows taken of a set that has more: enough to measure a share within a point or two."""
SHARES = (1.0, 0.8, 0.6, 0.4)
Row = dict[str, Any]

FOREIGN = {
    "zh news": "股市今日小幅上涨，分析人士认为投资者对新的贸易政策持乐观态度，科技板块领涨，成交量放大。",
    "zh recipe": "五花肉切块焯水，锅中放冰糖炒出糖色，下肉块翻炒，加生抽、料酒和八角，小火炖一小时，大火收汁即可。",
    "en news": "Shares rose on Monday after the central bank left interest rates unchanged and banks rallied.",
    "en recipe": "Whisk the eggs with sugar, fold in flour and melted butter, pour into a tin and bake for an hour.",
}


@dataclass(frozen=True)
class Pool:
    """Rows that were not learnt from: probabilities, marks, vectors, and whose each row is."""

    chances: np.ndarray
    truth: np.ndarray
    vectors: np.ndarray
    patients: np.ndarray


def main() -> None:
    """Print the figures of each set."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--splits", type=int, default=200)
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--only", choices=["nodules", "abstracts", "departments"])
    said = asked.parse_args()
    torch.set_num_threads(1)
    for rows in (nodules, abstracts, departments):
        if said.only not in (None, rows.__name__):
            continue
        with tempfile.TemporaryDirectory() as folder:
            model, pool = fitted(rows(Path(folder)), Path(folder), rows.__name__, said.seed)
            told(rows.__name__, model, pool, said.splits, said.seed)


def nodules(folder: Path) -> list[Row]:
    """The quickstart's readings of lung nodules: several rows a patient."""
    raw, charts, rows = (folder / name for name in ("raw.jsonl", "charts.jsonl", "rows.jsonl"))
    for verb in (("import", readings_file(), "-o", raw), ("deidentify", raw, "-o", charts, "--quick")):
        call(*map(str, verb), "--json")
    call("examples", "nodule", str(charts), "-o", str(rows), "--json")
    return _lines(rows)


def abstracts(folder: Path) -> list[Row]:
    """English abstracts of five conditions; each stands for itself."""
    rows = [one for part in ("train", "dev") for one in _lines(_part("medical_abstracts", part))]
    return [{**one, "patient": one["id"]} for one in random.Random(0).sample(rows, ROWS)]


def departments(folder: Path) -> list[Row]:
    """Chinese patients' questions and the department that answered."""
    rows = [one for part in ("train", "dev") for one in _lines(_part("toyhom_im_dialogue_zh", part))]
    kept = random.Random(0).sample(rows, ROWS)
    return [
        {"id": one["id"], "patient": one["id"], "text": f"{one['title']} {one['question']}", "label": one["department"]}
        for one in kept
    ]


def fitted(rows: list[Row], folder: Path, name: str, seed: int) -> tuple[Model, Pool]:
    """A model learnt from two fifths of the patients, and what it says of the rest."""
    patients = sorted({row["patient"] for row in rows})
    random.Random(seed).shuffle(patients)
    learnt = set(patients[: 2 * len(patients) // 5])
    train = folder / "train.jsonl"
    own = [row for row in rows if row["patient"] in learnt]
    train.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in own), encoding="utf-8")
    data = {"train": train, "patient": "patient", "id": "id", "identity": "absent", "identity_reason": "published"}
    backbone = "e5" if name == "departments" else "minilm"
    how = {"head": "classify", "adapt": "frozen", "backbone": backbone, "seed": seed, "max_tokens": 128}
    model = fit(Recipe.from_dict({"data": data, "fit": how}), out=folder / "model")
    rest = [row for row in rows if row["patient"] not in learnt and str(row["label"]) in model.labels]
    encoded = model.encode([row["text"] for row in rest])
    logits, vectors = model.engine.logits_and_vectors(encoded.ids, model.settings["hidden_size"])
    chances = model.calibration.probabilities(np.asarray(logits, np.float64), model.head)
    truth = marks([(str(row["label"]),) for row in rest], model.labels)
    return model, Pool(chances, truth, vectors, np.array([row["patient"] for row in rest]))


def told(name: str, model: Model, pool: Pool, splits: int, seed: int) -> None:
    """Everything of one set."""
    n, patients = len(pool.truth), len(set(pool.patients))
    right = pool.truth[np.arange(n), pool.chances.argmax(1)]
    print(f"\n{name}: {n} rows of {patients} patients not learnt from, {splits} splits, accuracy {right.mean():.3f}")
    dice = np.random.default_rng(seed)
    halves = [_half(pool.patients, dice) for _ in range(splits)]
    for care in (Abstain(), Abstain(sets="aps"), Abstain(by_class=True)):
        for level in LEVELS:
            way = care.model_copy(update={"coverage": level})
            figures = np.array([coverage(pool, half, model.head, way) for half in halves])
            pure, served, size, single = figures.T
            kind = care.sets + (" by class" if care.by_class else "")
            held = f"pure {pure.mean():.3f} [{_spread(pure)}], served {served.mean():.3f}"
            print(f"  {kind:12} promised {level:.2f}: {held}, labels {size.mean():.2f}, one label {single.mean():.2f}")
    points = np.array(risk_curve(~right, pool.chances.max(1)))
    risks = np.interp(SHARES, points[:, 0], points[:, 1])
    at = ", ".join(f"{share:.0%}: {risk:.3f}" for share, risk in zip(SHARES, risks, strict=True))
    print(f"  risk when the surest are answered: {at}; area {points[:, 1].mean():.3f}")
    assert model.doubt is not None
    assert model.doubt.familiar is not None
    far = model.doubt.familiar.distance(pool.vectors)
    alarms = [_alarms(far, pool.patients, half) for half in halves]
    print(f"  ordinary texts called strange, promised {UNLIKE}: {np.mean(alarms):.3f} [{_spread(np.array(alarms))}]")
    cut = cut_at(cuts_of(far, pool.patients), 1 - UNLIKE)
    for kind, text in FOREIGN.items():
        encoded = model.encode([text])
        vectors = model.engine.logits_and_vectors(encoded.ids, model.settings["hidden_size"])[1]
        seen = "unreadable" if encoded.unread else f"{model.doubt.familiar.distance(vectors)[0]:.2f}"
        print(f"    {kind:10} distance {seen} (strange from {cut:.2f})")
    sys.stdout.flush()


def coverage(pool: Pool, half: np.ndarray, head: str, care: Abstain) -> tuple[float, float, float, float]:
    """Coverage of pure sets and of those served, labels a set, and sets of one label; each patient counts once."""
    doubt = calibrated_sets(pool.chances[half], pool.truth[half], pool.patients[half].tolist(), head, care)
    rest = ~half
    fits = misfit(pool.chances[rest], doubt.method)
    pure = possible(fits, doubt.cuts, care.coverage)
    served = doubt.sets(pool.chances[rest], care)
    truth, owners = pool.truth[rest], pool.patients[rest]
    columns = ((pure & truth).any(1), (served & truth).any(1), served.sum(1), served.sum(1) == 1)
    return tuple(_by_patient(column, owners) for column in columns)  # type: ignore[return-value]


def _half(patients: np.ndarray, dice: np.random.Generator) -> np.ndarray:
    """Which rows are of a half of the patients drawn by chance."""
    names, owner = np.unique(patients, return_inverse=True)
    return dice.permutation(len(names))[owner] < len(names) // 2


def _alarms(far: np.ndarray, patients: np.ndarray, half: np.ndarray) -> float:
    cut = cut_at(cuts_of(far[half], patients[half].tolist()), 1 - UNLIKE)
    return _by_patient(far[~half] > cut, patients[~half])


def _by_patient(values: np.ndarray, patients: np.ndarray) -> float:
    _, owner = np.unique(patients, return_inverse=True)
    return float((np.bincount(owner, values) / np.bincount(owner)).mean())


def _spread(values: np.ndarray) -> str:
    low, high = np.quantile(values, [0.025, 0.975])
    return f"{low:.3f}, {high:.3f}"


def _part(name: str, part: str) -> Path:
    return DATA / name / f"{part}.jsonl"


def _lines(path: Path) -> list[Row]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


if __name__ == "__main__":
    main()
