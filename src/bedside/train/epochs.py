"""The epochs of a fit: length-bucketed batches, a dev score after each epoch, the best kept, resumable anywhere."""

from __future__ import annotations

import math
import time
from dataclasses import asdict
from typing import Any

import torch

from bedside.train.batches import epoch_batches
from bedside.train.checkpoint import Progress, restore_best, restore_state, save_best, save_state
from bedside.train.loop import Loop
from bedside.train.optimise import rate_factor, set_rate


def run(loop: Loop, progress: Progress, *, resumed: bool) -> None:
    """Fit from `progress` on until epochs or patience are used up, and leave the weights of the epoch kept in place."""
    if resumed:
        rest = restore_state(loop.folder, loop.parameters, loop.optimizer)
        loop.average.restore(rest.get("average", {}))
        if loop.adaptation.schedule:
            loop.adaptation.schedule.restore(rest.get("schedule", {}))
    updates = _updates_per_epoch(loop)
    while progress.epoch < _epochs(loop) and not _out_of_patience(loop, progress):
        _one_epoch(loop, progress, sum(updates))
        with loop.average.in_force():
            _score(loop, progress)
        progress.epoch, progress.batch, progress.loss_sum, progress.loss_rows = progress.epoch + 1, 0, 0.0, 0
        _save(loop, progress)
        loop.tell({"event": "epoch", "of": _epochs(loop), "metric": loop.fit.metric, **progress.history[-1]})
    restore_best(loop.folder, loop.parameters)


def _one_epoch(loop: Loop, progress: Progress, steps: int) -> None:
    batches = _batches(loop, progress.epoch)
    saved = begun = time.monotonic()
    before = progress.seconds
    loop.training(True)
    while progress.batch < len(batches):
        group = batches[progress.batch : progress.batch + loop.fit.accumulate]
        _update(loop, progress, group, steps)
        progress.batch += len(group)
        progress.seconds = before + time.monotonic() - begun
        shown = progress.loss_sum / progress.loss_rows
        loop.tell({"event": "step", "step": progress.step, "steps": steps, "epoch": progress.epoch + 1, "loss": shown})
        if time.monotonic() - saved > 60 * loop.fit.checkpoint_minutes:
            _save(loop, progress)
            saved = time.monotonic()


def _save(loop: Loop, progress: Progress) -> None:
    schedule = loop.adaptation.schedule
    rest = {"average": loop.average.means, "schedule": schedule.state() if schedule else {}}
    save_state(loop.folder, progress, loop.parameters, loop.optimizer, rest)


def _update(loop: Loop, progress: Progress, group: list[list[int]], steps: int) -> None:
    """One step of the optimiser over a group of batches, each weighing by its rows."""
    rows_in_all = sum(map(len, group))
    set_rate(loop.optimizer, rate_factor(progress.step, steps, loop.fit))
    loop.optimizer.zero_grad(set_to_none=True)
    for rows in group:
        loss = loop.learn(rows, len(rows) / rows_in_all, progress.precision)
        progress.loss_sum += loss * len(rows)
    schedule = loop.adaptation.schedule
    if schedule:
        schedule.before_step()
    torch.nn.utils.clip_grad_norm_(loop.parameters.values(), loop.fit.clip)
    loop.optimizer.step()
    if schedule:
        schedule.after_step(progress.step, steps)
    progress.loss_rows += rows_in_all
    progress.step += 1
    loop.average.follow(progress.step)


def _score(loop: Loop, progress: Progress) -> None:
    """Score the tuning part, keep the weights unless earlier ones were better, and write the epoch down."""
    value = float("nan")
    if len(loop.dev.targets):
        value = loop.score(loop.outputs(loop.dev, progress.precision))
    if worth_keeping(value, progress.highest, len(loop.dev.targets)):
        progress.best, progress.best_epoch = value, progress.epoch
        save_best(loop.folder, loop.parameters)
    progress.highest = max(progress.highest, value)
    progress.history.append(
        {
            "epoch": progress.epoch + 1,
            "loss": progress.loss_sum / max(1, progress.loss_rows),
            "value": value,
            "seconds": round(progress.seconds, 1),
        }
    )


def worth_keeping(value: float, highest: float, rows: int) -> bool:
    """Whether an epoch's score is no more than one standard error below the best before it.

    Between epochs that the tuning rows cannot tell apart the later is kept: it has learnt the common labels better,
    while the score of rare ones goes up and down by chance.

    >>> worth_keeping(0.62, 0.63, rows=1500), worth_keeping(0.60, 0.63, rows=1500)
    (True, False)
    """
    noise = math.sqrt(max(0.0, highest * (1 - highest)) / max(1, rows))
    return not value < highest - noise


def _batches(loop: Loop, epoch: int) -> list[list[int]]:
    fit, lengths = loop.fit, loop.train.lengths
    return epoch_batches(lengths, tokens=loop.tokens_a_batch, rows=fit.batch_rows, seed=fit.seed, epoch=epoch)


def _updates_per_epoch(loop: Loop) -> list[int]:
    return [-(-len(_batches(loop, epoch)) // loop.fit.accumulate) for epoch in range(_epochs(loop))]


def _epochs(loop: Loop) -> int:
    return loop.fit.epochs or 1


def _out_of_patience(loop: Loop, progress: Progress) -> bool:
    return progress.best_epoch >= 0 and progress.epoch - progress.best_epoch > loop.fit.patience


def progress_summary(progress: Progress) -> dict[str, Any]:
    """What the model folder remembers of the fit."""
    kept = asdict(progress)
    return {key: kept[key] for key in ("precision", "step", "seconds", "best", "history")} | {
        "best_epoch": progress.best_epoch + 1
    }
