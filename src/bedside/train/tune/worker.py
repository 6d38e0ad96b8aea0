"""Runs trials one after another: each a fit that is heard after every epoch, given up, kept or thrown away."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bedside.config import Recipe, Space
from bedside.errors import BedsideError
from bedside.train.fit import Measure, fit
from bedside.train.loop import OnEvent
from bedside.train.tune.parts import trial_recipe
from bedside.train.tune.study import Pruned, Study, folder_of, heed, is_default, one_at_a_time, suggest

WORK = ".work"
KEPT = ("best", "defaults")
"""Folders of the models kept: of the best trial, and of the recipe as it was."""


class OutOfTime(Exception):
    """The search ends here; the trial is left as it stands, and taken up again by the next command."""


@dataclass
class Worker:
    """One process's hands on a study. `until` is when to stop, in seconds of `time.time`; None: never."""

    study: Study
    out: Path
    recipe: Recipe
    head: str
    measure: Measure | None
    tell: OnEvent
    until: float | None = None
    alive: Callable[[], bool] = lambda: True

    def run(self, space: Space | None) -> None:
        """Run trials until there are enough or time is up; without a space only the recipe as it is."""
        while not self._late():
            with one_at_a_time(self.out):
                trial = self.study.ask()
            if trial is None:
                return
            try:
                self._run_one(trial, space)
            except OutOfTime:
                return
            if space is None:
                return

    def _late(self) -> bool:
        if not self.alive():
            return True
        return self.until is not None and time.time() > self.until and self.study.best() is not None

    def _run_one(self, trial: Any, space: Space | None) -> None:
        drawn: dict[str, Any] = {}
        if space is not None and not is_default(trial):
            drawn = space.draw(self.recipe.fit.adapt, partial(suggest, trial))
        self.tell({"event": "trial", "number": trial.number, "drawn": drawn, "defaults": is_default(trial)})
        begun, folder = time.monotonic(), self.out / WORK / folder_of(trial)
        if same := self._done_before(drawn):
            return self._end(trial, same.value, facts={**same.facts, "same_as": same.number})
        how: dict[str, Any] = {"out": folder, "measure": self.measure, "replace": True}
        facts: dict[str, Any] = {"drawn": drawn}
        try:
            recipe = trial_recipe(self.recipe, self.head, self.out / WORK, drawn)
            model = fit(recipe, on_event=partial(self._heard, trial), **how)
        except Pruned:
            self._clear(folder)
            return self._end(trial, None, pruned=True, facts={**facts, "seconds": time.monotonic() - begun})
        except (BedsideError, RuntimeError, MemoryError) as fault:
            if is_default(trial):  # the recipe itself does not work
                raise
            self._clear(folder)
            reason = str(fault) if isinstance(fault, BedsideError) else type(fault).__name__
            return self._end(trial, None, facts={**facts, "reason": reason})
        facts |= {
            "seconds": time.monotonic() - begun,
            "resolved": model.recipe["fit"],
            "figures": model.fitting["dev"],
            "best_epoch": model.fitting["best_epoch"],
            "trained_parameters": model.fitting["trained_parameters"],
        }
        self._keep(trial, model.fitting["best"], folder)
        return self._end(trial, model.fitting["best"], facts=facts)

    def _done_before(self, drawn: dict[str, Any]) -> Any:
        """A finished trial of the very same settings: it would end the same."""
        done = [one for one in self.study.trials() if one.state == "done" and drawn]
        return next((one for one in done if one.facts.get("drawn") == drawn), None)

    def _heard(self, trial: Any, event: dict[str, Any]) -> None:
        if event["event"] in ("step", "advance") and self._late():
            raise OutOfTime
        if event["event"] == "epoch":
            self.tell({**event, "event": "trial_epoch", "number": trial.number})
            heed(trial, event["epoch"], event["value"])

    def _keep(self, trial: Any, value: float, folder: Path) -> None:
        """Put the model where it is kept, if it is the recipe's own or the best so far; throw it away otherwise."""
        with one_at_a_time(self.out):
            best = self.study.best()
            if is_default(trial):
                _place(folder, self.out / "defaults")
            if best is None or best.value is None or value > best.value:
                _place(folder, self.out / "best")
        self._clear(folder)

    def _clear(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(folder.with_name(f".{folder.name}.fitting"), ignore_errors=True)

    def _end(self, trial: Any, value: float | None, *, pruned: bool = False, facts: dict[str, Any]) -> None:
        self.study.told(trial, value, pruned=pruned, facts=facts)
        state = "done" if value is not None else "pruned" if pruned else "failed"
        told = {"event": "trial_end", "number": trial.number, "state": state, "value": value}
        self.tell({**told, "reason": facts.get("reason", ""), "seconds": facts.get("seconds", 0.0)})


def _place(folder: Path, kept: Path) -> None:
    """A copy of the model in the place of the one kept there before."""
    fresh = kept.with_name(f".{kept.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(folder, fresh, copy_function=_link)
    shutil.rmtree(kept, ignore_errors=True)
    fresh.rename(kept)


def _link(one: str, two: str) -> str:
    """The same bytes under a second name where the disk can, so that a kept model is not written twice."""
    try:
        os.link(one, two)
        return two
    except OSError:
        return shutil.copy2(one, two)
