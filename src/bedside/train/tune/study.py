"""The home of Optuna: one study in a SQLite file, proposed from by TPE, pruned by the median or by ASHA.

Sources: Bergstra et al. 2011 (TPE); Li et al. 2020 (ASHA); Watanabe et al. 2023 (PED-ANOVA, what mattered).
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bedside.config import Axis, SearchRecipe
from bedside.config.tune import Scalar
from bedside.errors import MissingExtra

DATABASE = "study.db"
ENOUGH = 6
"""Finished trials with settings of their own below which nothing is said of what mattered."""

STRIDE = 100_003
"""Between the seeds of two trials' proposals."""

WORDS = {"COMPLETE": "done", "PRUNED": "pruned", "FAIL": "failed", "RUNNING": "unfinished", "WAITING": "waiting"}


class Pruned(Exception):
    """This trial is not worth going on with."""


@dataclass(frozen=True)
class Trial:
    """A trial as it stands: `state` is done, pruned, failed, unfinished, waiting or interrupted; `course` by epoch."""

    number: int
    state: str
    value: float | None
    params: dict[str, Scalar]
    course: dict[int, float]
    facts: dict[str, Any] = field(default_factory=dict)
    defaults: bool = False


class Study:
    """One study, shared by all processes that open its folder. `ask` and `told` must be called by one at a time."""

    def __init__(self, folder: Path, search: SearchRecipe, seed: int) -> None:
        optuna = _optuna()
        warnings.filterwarnings("ignore", module="optuna")
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self._optuna, self.search, self.seed = optuna, search, seed
        storage = optuna.storages.RDBStorage(
            f"sqlite:///{(folder / DATABASE).resolve()}", engine_kwargs={"connect_args": {"timeout": 60}}
        )
        self._study = optuna.create_study(
            study_name="tune", storage=storage, direction="maximize", load_if_exists=True, pruner=self._pruner()
        )

    def _pruner(self) -> Any:
        pruners, startup = self._optuna.pruners, self.search.startup
        if self.search.pruner == "median":
            return pruners.MedianPruner(n_startup_trials=startup)
        if self.search.pruner == "asha":
            return pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=3)
        return pruners.NopPruner()

    def trials(self) -> list[Trial]:
        """All of them, oldest first."""
        return [_plain(one) for one in self._study.get_trials(deepcopy=False)]

    def begin(self) -> None:
        """Put the recipe as it is first in the queue, and again what an earlier process left half done.

        Nobody else may be at work on the study.
        """
        trials = self._study.get_trials(deepcopy=False)
        if not trials:
            self._study.enqueue_trial({}, user_attrs={"defaults": True})
        for one in trials:
            if one.state.name == "RUNNING":
                self._study._storage.set_trial_user_attr(one._trial_id, "interrupted", True)
                self._study.tell(one.number, state=self._optuna.trial.TrialState.FAIL)
                course = {str(step): value for step, value in one.intermediate_values.items()}
                again = {"defaults": is_default(one), "before": course, "folder": folder_of(one)}
                self._study.enqueue_trial(one.params, user_attrs=again)

    def ask(self) -> Any:
        """The next trial, or None when there have been as many as were asked for."""
        known = [trial for trial in self.trials() if trial.state not in ("interrupted", "waiting")]
        if len(known) >= self.search.trials:
            return None
        # a seed a trial: a study taken up again proposes what it would have proposed
        self._study.sampler = self._optuna.samplers.TPESampler(
            seed=self.seed + STRIDE * len(known), n_startup_trials=self.search.startup
        )
        trial = self._study.ask()
        for epoch, value in trial.user_attrs.get("before", {}).items():
            trial.report(value, int(epoch))
        return trial

    def told(self, trial: Any, value: float | None, *, pruned: bool = False, facts: dict[str, Any]) -> None:
        """Write down how a trial ended; without a value it was pruned, or failed."""
        for name, fact in facts.items():
            trial.set_user_attr(name, fact)
        states = self._optuna.trial.TrialState
        if value is not None and not math.isnan(value):
            self._study.tell(trial, value)
        else:
            self._study.tell(trial, state=states.PRUNED if pruned else states.FAIL)

    def best(self) -> Trial | None:
        """The trial with the highest figure; of equals the earliest."""
        done = [trial for trial in self.trials() if trial.state == "done"]
        return max(done, key=lambda trial: (trial.value, -trial.number), default=None)

    def importances(self) -> dict[str, float]:
        """The share of each setting in what made good trials good, largest first; empty when too few are done."""
        done = [trial for trial in self.trials() if trial.state == "done" and trial.params]
        if len(done) < ENOUGH or len({trial.value for trial in done}) < 2:
            return {}
        try:
            found = self._optuna.importance.get_param_importances(self._study)
        except (ValueError, RuntimeError):
            return {}
        return {name: float(share) for name, share in found.items() if not math.isnan(share)}


def suggest(trial: Any, axis: Axis) -> Scalar:
    """The sampler's value for one setting."""
    if axis.choices:
        return trial.suggest_categorical(axis.key, list(axis.choices))
    if axis.whole:
        return int(trial.suggest_int(axis.key, int(axis.low), int(axis.high), log=axis.log))
    return float(trial.suggest_float(axis.key, axis.low, axis.high, log=axis.log))


def is_default(trial: Any) -> bool:
    """Whether a trial runs the recipe as it is."""
    return bool(trial.user_attrs.get("defaults"))


def folder_of(trial: Any) -> str:
    """The name of a trial's working folder: that of the trial it takes up again, if it does."""
    return str(trial.user_attrs.get("folder", f"trial-{trial.number}"))


def heed(trial: Any, epoch: int, value: float) -> None:
    """Report an epoch's figure; raises Pruned when trials like this one have not been worth going on with."""
    trial.report(value, epoch)
    if trial.should_prune():
        raise Pruned


def _plain(one: Any) -> Trial:
    facts = dict(one.user_attrs)
    state = "interrupted" if facts.pop("interrupted", False) else WORDS[one.state.name]
    defaults = bool(facts.pop("defaults", False))
    for name in ("before", "folder"):
        facts.pop(name, None)
    value = one.value if one.state.name == "COMPLETE" else None
    return Trial(one.number, state, value, dict(one.params), dict(one.intermediate_values), facts, defaults)


def _optuna() -> Any:
    try:
        import optuna
    except ImportError:
        raise MissingExtra("optuna", "tune") from None
    return optuna


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Hold the others that work on the study back for the length of the block."""
    try:
        import fcntl
    except ImportError:  # no such locks here: a trial too many may be begun
        yield
        return
    with (folder / ".turn").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
