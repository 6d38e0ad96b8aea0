"""The training loop: epochs of length-bucketed batches, a dev score after each, the best kept, resumable anywhere."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from bedside.config import FitRecipe
from bedside.heads._objective import Objective
from bedside.model.engine import Outputs, in_order
from bedside.train.adapt import PLAIN, Adaptation
from bedside.train.adversarial import learn
from bedside.train.averaging import Average
from bedside.train.batches import epoch_batches, make_batches
from bedside.train.checkpoint import Progress, restore_best, restore_state, save_best, save_state
from bedside.train.groups import groups_of, said_of
from bedside.train.optimise import Named, make_optimizer, rate_factor, set_rate, tuned_parameters
from bedside.train.part import Part
from bedside.train.precision import autocast
from bedside.train.token_dropout import thinned

OnEvent = Callable[[dict[str, Any]], None]
DEV_TOKENS = 4096


@dataclass
class Loop:
    """Everything the loop turns on. `start` is the first layer it runs; `folder` is where its state is kept.

    `score(outputs of the tuning part)` is the figure that decides which epoch is kept; `written()` gives those outputs
    where they are not logits but texts.
    """

    network: Any
    head: nn.Module
    start: int
    train: Part
    dev: Part
    score: Callable[[Outputs], float]
    objective: Objective
    fit: FitRecipe
    folder: Path
    device: torch.device
    tell: OnEvent
    adaptation: Adaptation = PLAIN
    written: Callable[[], Outputs] | None = None

    def __post_init__(self) -> None:
        self.parameters: Named = tuned_parameters(self.network, self.head)
        self.optimizer = make_optimizer(self.network, self.parameters, self.fit)
        self.average = Average(self.parameters, self.fit.average or 0.0)

    @property
    def tokens_a_batch(self) -> int:
        """Rows whose texts are compared with one another share a batch whatever their length: the more the better."""
        return self.fit.batch_tokens if self.train.members is None else sys.maxsize

    def forward(self, part: Part, texts: Sequence[int], precision: str) -> Tensor:
        """Logits [b, labels], or [b, t, k] of a head that judges tokens, in float32."""
        return self._said(*self._entered(part, texts), precision)

    def learn(self, rows: Sequence[int], weight: float, precision: str) -> float:
        """Add the gradient of these training rows' mean loss, times `weight`, to the weights'; returns the loss."""
        texts = self.train.texts(rows)
        groups = groups_of(self.train, texts, self.fit.batch_tokens)
        entered = [self._entered(self.train, [texts[place] for place in group]) for group in groups]
        wanted = self.train.wanted(rows).to(self.device)
        hidden, masks = zip(*entered, strict=True)

        def loss_of(vectors: Sequence[Tensor]) -> Tensor:
            logits = said_of(partial(self._said, precision=precision), vectors, masks, groups)
            return self.head.loss(logits, wanted, self.objective)  # type: ignore[operator]

        return learn(loss_of, hidden, masks, share=self.fit.adversarial or 0.0, weight=weight)

    def _entered(self, part: Part, texts: Sequence[int]) -> tuple[Tensor, Tensor]:
        """What enters the first layer that is run, and its mask; while learning, some tokens may be hidden."""
        hidden, mask = part.inputs.batch(texts)
        return hidden, thinned(mask, self.fit.token_dropout) if self.head.training else mask

    def _said(self, hidden: Tensor, mask: Tensor, precision: str) -> Tensor:
        if self.start < len(self.network.layers):
            with autocast(self.device, precision):
                hidden = self.network.run(hidden, mask, self.start)
        said: Tensor = self.head(hidden.float(), mask)
        return said

    def training(self, on: bool) -> None:
        """Switch dropout on or off."""
        self.network.train(on)
        self.head.train(on)

    def outputs(self, part: Part, precision: str) -> Outputs:
        """Logits of a whole part, in order."""
        self.training(False)
        if self.written:
            return self.written()
        groups = make_batches(part.inputs.lengths, tokens=DEV_TOKENS, rows=256)
        with torch.inference_mode():
            return in_order(part.inputs.lengths, groups, lambda rows: self.forward(part, rows, precision).cpu().numpy())

    def settle(self) -> None:
        """Merge what was learnt beside the network, and leave network and head on the processor, learning no more."""
        self.adaptation.finish()
        self.network.to("cpu").requires_grad_(False)
        self.head.to("cpu")


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
