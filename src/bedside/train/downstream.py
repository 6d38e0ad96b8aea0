"""What continued pretraining is worth to a task: one small recipe, fitted from the backbone as it was and as it became.

Both sides see the same rows, split by patient into three parts (learnt from, selected by, measured on), and the same
seeds; so what differs is the backbone. Killed and started again, finished fits are taken as they are.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bedside.config import Recipe
from bedside.errors import UsageError
from bedside.files import whole_file
from bedside.lang import tr
from bedside.model.folder import Model, open_model
from bedside.model.forms import FORMS
from bedside.receipt import file_sha256
from bedside.train.fit import Measure, fit
from bedside.train.loop import OnEvent
from bedside.train.tune.parts import Nested, read_nested, trial_recipe, write_parts

SIDES = ("before", "after")


@dataclass(frozen=True)
class Task:
    """A recipe and its rows in three parts; `seeds` are those of the fits, the split is of the first."""

    recipe: Recipe
    nested: Nested
    seeds: tuple[int, ...]


def read_task(path: Path, seeds: int, objective: str, tell: OnEvent) -> Task:
    """Read the recipe and its rows, before anything is pretrained. Raises what `fit` would raise of them."""
    recipe = Recipe.read(path)

    def on_text(count: int) -> None:
        tell({"event": "advance", "amount": count})

    tell({"event": "stage", "name": "identity", "total": 0})
    nested = read_nested(recipe, on_text)
    tell({"event": "repeated", "rows": nested.repeated, "learnt": nested.learnt})
    if FORMS[nested.head] == "texts" and objective == "mlm":
        raise UsageError(
            tr("an encoder cannot write texts", "编码器不能生成文本"),
            where=str(path),
            value=f"head = {nested.head}",
            next="--objective clm",
        )
    return Task(recipe, nested, tuple(recipe.fit.seed + number for number in range(seeds)))


def fit_sides(
    task: Task, backbones: Mapping[str, str], work: Path, tell: OnEvent, measure: Measure | None = None
) -> Iterator[tuple[str, int, Model]]:
    """(side, seed, model) for each of `SIDES` and each seed; `backbones[side]` is where that side begins.

    `work` holds rows without identity and finished fits; the caller removes it.
    """
    _claim(work, task, backbones)
    write_parts(task.nested, work)
    for seed in task.seeds:
        for side in SIDES:
            drawn = {"backbone": backbones[side], "seed": seed}
            recipe, folder = trial_recipe(task.recipe, task.nested.head, work, drawn), work / f"{side}-{seed}"
            tell({"event": "downstream", "side": side, "seed": seed, "backbone": backbones[side]})
            if (folder / "model.json").is_file():
                yield side, seed, open_model(folder)
            else:
                yield side, seed, fit(recipe, out=folder, measure=measure)


def _claim(work: Path, task: Task, backbones: Mapping[str, str]) -> None:
    """Keep what lies there if it is of the same recipe, rows and backbones; begin anew otherwise."""
    files = [task.recipe.data.train, task.recipe.data.dev, Path(backbones["after"]) / "receipt.json"]
    known = [task.recipe.digest(), backbones["before"], *(file_sha256(path) for path in files if path)]
    run = work / "run.json"
    if run.is_file() and json.loads(run.read_text(encoding="utf-8")) != known:
        shutil.rmtree(work)
    work.mkdir(parents=True, exist_ok=True, mode=0o700)
    with whole_file(run) as file:
        json.dump(known, file)
