"""Measures one fitted model on a tuning part for `benchmarks/methods.py`, with the resamples that paired tests need.

    python benchmarks/_methods_measure.py MODEL DEV.jsonl OUT.npz [--rivals]

Prints one JSON object: figures by name. `--rivals` measures the baselines on the model's training part as well.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from bedside.commands._evaluate.measuring import answers_of, read_table, rows_of
from bedside.config import DataRecipe
from bedside.evaluate.baselines import baselines
from bedside.evaluate.metrics import Evaluation
from bedside.model.folder import open_model

COLUMNS = ("text", "text_b", "entities", "label", "patient", "identity", "identity_reason")


def main(folder: str, dev: str, out: str, *more: str) -> None:
    model = open_model(Path(folder))
    kept = {name: value for name in COLUMNS if (value := model.recipe["data"].get(name))}
    table = read_table(Path(dev), DataRecipe(train=Path(dev), **kept), head=model.head)
    answers, _ = answers_of(model, table.rows)
    done = answers.measure(table.targets, table.patients, seed=0)
    found: dict[str, Any] = {"figures": told(done), "n": done.n}
    np.savez_compressed(out, patients=done.patient_of_row, **done.resampled)
    if "--rivals" in more:
        train = Path(model.recipe["data"]["train"])
        part = read_table(train, DataRecipe(train=train, **kept), head=model.head)
        rivals = baselines(rows_of(part, ()), rows_of(table, ()), labels=model.labels, head=model.head, seed=0)
        found["rivals"] = {name: told(one) for name, one in rivals.items() if isinstance(one, Evaluation)}
        for name, one in rivals.items():
            if isinstance(one, Evaluation):
                np.savez_compressed(f"{out}.{name}.npz", patients=one.patient_of_row, **one.resampled)
    print(json.dumps(found))


def told(done: Evaluation) -> dict[str, Any]:
    return {name: asdict(figure) for name, figure in done.metrics.items()}


if __name__ == "__main__":
    main(*sys.argv[1:])
