"""Runs a search from its folder: opened or taken up again, the recipe as it is tried first, then the space around it.

STUDY/
  study.json   what the study is of: the recipe and the hashes of the data
  study.db     every trial (SQLite, Optuna's layout)
  space.toml   what is searched; `--space` takes it
  best/        the model of the best trial, fitted on the part that is learnt from
  defaults/    the model of the recipe as it was
  .work/       rows without identity and half-done trials; gone when the search ends
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bedside import registry
from bedside.config import UNTRAINED, FitRecipe, Recipe, SearchRecipe, Space
from bedside.config.tune import read_search
from bedside.errors import DataError, UsageError
from bedside.files import hold, whole_file
from bedside.lang import tr
from bedside.model.folder import Model, open_model
from bedside.receipt import file_sha256
from bedside.train.fit import Measure, fit
from bedside.train.loop import OnEvent
from bedside.train.tune.parts import Nested, in_full, read_nested, settings, trial_recipe, write_parts
from bedside.train.tune.space import default_space
from bedside.train.tune.study import Study, Trial
from bedside.train.tune.worker import KEPT, WORK, Worker

Spread = Callable[[SearchRecipe, float | None, IO[str]], None]
"""`spread(search, until, lock)`: runs trials in several processes, each holding `lock`; the command line brings it."""

LOCK, LOCK_SECONDS = ".lock", 20
"""How long the processes of a killed search may take to notice and let go."""


@dataclass(frozen=True)
class Tuned:
    """A search as it stands: its parts, trials, what mattered, and the two models kept, which know `select`."""

    recipe: Recipe
    nested: Nested
    space: Space | None
    trials: list[Trial]
    best: Trial
    importances: dict[str, float]
    model: Model
    defaults: Model

    @property
    def metric(self) -> str:
        """The figure that decided."""
        return str(self.model.recipe["fit"]["metric"])

    def best_recipe(self) -> Recipe:
        """The user's own recipe with the best settings in it, paths in full."""
        data = self.recipe.data.model_dump(exclude_unset=True)
        data |= {name: in_full(value) for name, value in data.items()}
        fit = settings(self.recipe, self.best.facts.get("drawn", {}))
        return Recipe.from_dict({"data": data, "fit": {**fit, "head": self.nested.head}})


def tune(
    recipe: Recipe,
    search: SearchRecipe,
    space: Space | None,
    *,
    out: Path,
    tell: OnEvent,
    measure: Measure | None = None,
    spread: Spread | None = None,
    replace: bool = False,
) -> Tuned:
    """Search in the folder `out`, from where an earlier command left off, and return what was found.

    Raises UsageError when another study lies there or a process is at work on it, and whatever `fit` raises of the
    recipe as it is; a trial that fails is written down and does not end the search.
    """
    if recipe.fit.adapt in UNTRAINED or recipe.fit.cues:
        raise UsageError(
            tr("no network is trained: there is nothing to search", "不训练网络，无可搜索"),
            value="cues = true" if recipe.fit.cues else f"adapt = {recipe.fit.adapt}",
            next="bedside fit",
        )
    until, out = time.time() + 60 * search.minutes if search.minutes else None, out.resolve()
    with _alone(out) as lock:
        _check_same(recipe, space, out, replace=replace)
        nested = _nested(recipe, out, tell)
        study = Study(out, search, recipe.fit.seed)
        study.begin()
        worker = Worker(study, out, recipe, nested.head, measure, tell, until)
        space = _space(space, worker, nested)
        tell({"event": "space", "space": space.to_dict() if space else {}, "trials": search.trials})
        if spread:
            spread(search, until, lock)
        else:
            worker.run(space)
        best = study.best()
        if best is None:
            raise DataError(tr("no trial came to an end", "没有完成的试验"), where=str(out), next="bedside fit")
        done = Tuned(recipe, nested, space, study.trials(), best, study.importances(), *_models(study, worker, best))
        if not any(trial.state == "unfinished" for trial in done.trials):
            shutil.rmtree(out / WORK, ignore_errors=True)
    return done


def read_study(out: Path) -> tuple[Recipe, str]:
    """The recipe and the head of the study in a folder."""
    kept = json.loads((out / "study.json").read_text(encoding="utf-8"))
    return Recipe.from_dict(kept["recipe"]), kept["head"]


def _nested(recipe: Recipe, out: Path, tell: OnEvent) -> Nested:
    def on_text(count: int) -> None:
        tell({"event": "advance", "amount": count})

    tell({"event": "stage", "name": "identity", "total": None})
    nested = read_nested(recipe, on_text)
    tell({"event": "repeated", "rows": nested.repeated, "learnt": nested.learnt})
    write_parts(nested, out / WORK)
    told = {"recipe": recipe.model_dump(mode="json", exclude_unset=True), "run": _run_id(recipe), "head": nested.head}
    _write(out / "study.json", json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    sizes = {name: len(rows) for name, rows in (("learn", nested.learn), ("select", nested.select))}
    refused = [{"file": file, "place": problem.place, "what": problem.what} for file, problem in nested.refused]
    tell({"event": "parts", **sizes, "honest": len(nested.honest), "head": nested.head, "refused": refused})
    return nested


def _space(given: Space | None, worker: Worker, nested: Nested) -> Space | None:
    """The space written down, the one given, or one around what the recipe as it is turns out to be."""
    path = worker.out / "space.toml"
    if path.is_file():
        return read_search(path)[1]
    space = given
    if space is None:
        worker.run(None)
        first = next((trial for trial in worker.study.trials() if trial.defaults and trial.state == "done"), None)
        if first is None:
            return None
        fit = FitRecipe.model_validate(first.facts["resolved"])
        space = default_space(
            fit,
            worker.recipe.fit.model_fields_set,
            rows=len(nested.learn),
            weighted=nested.form.weighted,
            pretrained=not _from_nothing(fit.backbone),
        )
    comment = tr("What this study searches. `bedside tune --space` takes it.", "本研究搜索的空间，可用于 --space。")
    _write(path, space.to_toml(comment))
    return space


def _from_nothing(backbone: str) -> bool:
    known = backbone in registry.names("backbones")
    return known and registry.load("backbones", backbone).make is not None


def _models(study: Study, worker: Worker, best: Trial) -> tuple[Model, Model]:
    """The best trial's model and that of the recipe as it was; one that a kill has lost is fitted again."""
    first = next(trial for trial in study.trials() if trial.defaults)
    found = []
    for name, trial in zip(KEPT, (best, first), strict=True):
        recipe = trial_recipe(worker.recipe, worker.head, worker.out / WORK, trial.facts.get("drawn", {}))
        folder = worker.out / name
        model = open_model(folder) if (folder / "model.json").is_file() else None
        if model is None or model.receipt["recipe_sha256"] != recipe.digest():
            model = fit(recipe, out=folder, measure=worker.measure, replace=True)
        found.append(model)
    return found[0], found[1]


def _run_id(recipe: Recipe) -> str:
    files = [recipe.data.train, *([recipe.data.dev] if recipe.data.dev else [])]
    return "-".join([recipe.digest(), *(file_sha256(path) for path in files if path.is_file())])


def _check_same(recipe: Recipe, space: Space | None, out: Path, *, replace: bool) -> None:
    """Refuse to mix two studies; with `replace` the old one goes."""
    path = out / "study.json"
    if not path.is_file() or replace:
        for name in ("study.json", "study.db", "space.toml"):
            (out / name).unlink(missing_ok=True)
        shutil.rmtree(out / WORK, ignore_errors=True)
        return
    same = json.loads(path.read_text(encoding="utf-8"))["run"] == _run_id(recipe)
    kept = out / "space.toml"
    if same and space is not None and kept.is_file():
        same = read_search(kept)[1] == space
    if not same:
        raise UsageError(
            tr(
                "a study of another recipe, other data or another space is there",
                "该处有配方、数据或搜索空间不同的研究",
            ),
            value=str(out),
            next=tr(
                "the same command as before to go on, another folder, or --force to start anew",
                "用原命令继续、另选目录，或用 --force 重新开始",
            ),
        )


@contextmanager
def _alone(out: Path) -> Iterator[IO[str]]:
    """Hold the folder; the processes of a search that was killed get some seconds to let go of it.

    Where nothing came to lie in it, as after a refusal, it is left as it was found.
    """
    made = not out.exists()
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (out / LOCK).open("w") as file:
        hold(file, out / LOCK, patience_s=LOCK_SECONDS)
        try:
            yield file
        finally:
            if [one.name for one in out.iterdir()] == [LOCK]:
                (out / LOCK).unlink()
                if made:
                    out.rmdir()


def _write(path: Path, text: str) -> None:
    with whole_file(path) as file:
        file.write(text)
