"""The loop of pretraining: a fresh head alone, epochs of blocks, measurements on held-out documents; resumable."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, product
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from bedside.config import PretrainRecipe
from bedside.train.batches import epoch_batches, make_batches
from bedside.train.checkpoint import Progress, restore_state, save_state
from bedside.train.loop import OnEvent
from bedside.train.optimise import Named, make_optimizer, rate_factor, set_rate, tuned_parameters
from bedside.train.pretraining.masking import FIXED
from bedside.train.pretraining.objectives import Objective
from bedside.train.pretraining.shards import Shard

MEASURED_BLOCKS = 256
"""Held-out blocks measured, evenly spaced where there are more."""

MEASURED_PIECES, MEASURED_MASKS = 20_000, 8
"""Where fewer pieces are held out they are measured under several masks, at most so many: one would guess too few."""

TRIAL_STEPS = 20
"""Steps timed before a limit of time becomes a number of steps."""


@dataclass
class Loop:
    """Everything the loop turns on; `folder` is where its state is kept."""

    objective: Objective
    train: Shard
    held_out: Shard
    recipe: PretrainRecipe
    folder: Path
    device: torch.device
    tell: OnEvent

    def __post_init__(self) -> None:
        self.lengths = self.train.lengths
        self.parameters: Named = tuned_parameters(self.objective.network, self.objective.head)
        self.optimizer = make_optimizer(self.objective.network, self.parameters, self.recipe)

    def batches(self, epoch: int) -> list[list[int]]:
        """The batches of an epoch: seed and epoch decide."""
        recipe = self.recipe
        return epoch_batches(
            self.lengths, tokens=recipe.batch_tokens, rows=recipe.batch_rows, seed=recipe.seed, epoch=epoch
        )

    def loss(self, rows: list[int], epoch: int, precision: str) -> Tensor:
        """Mean loss of the guesses in these training blocks."""
        values = self.objective.losses(self.train, rows, epoch=epoch, precision=precision).values
        return values.sum() / max(1, len(values))

    def training(self, on: bool) -> None:
        """Switch dropout on or off."""
        self.objective.network.train(on)
        self.objective.head.train(on)


def fit_head(loop: Loop, precision: str) -> None:
    """Fit a fresh head alone for `head_steps`, the network as it came: without it "before" would measure the head."""
    steps, recipe, network = loop.recipe.head_steps, loop.recipe, loop.objective.network
    head = {name: value for name, value in loop.parameters.items() if name.startswith("head.")}
    optimizer = make_optimizer(network, head, recipe)
    tuned = [value for name, value in loop.parameters.items() if name not in head]
    for value in tuned:
        value.requires_grad_(False)
    loop.training(False)
    for step, (epoch, rows) in zip(range(steps), _endless(loop), strict=False):
        set_rate(optimizer, rate_factor(step, steps, recipe))
        optimizer.zero_grad(set_to_none=True)
        loss = loop.loss(rows, epoch, precision)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(head.values(), recipe.clip)
        optimizer.step()
        loop.tell({"event": "head_step", "step": step + 1, "steps": steps, "loss": loss.item()})
    for value in tuned:
        value.requires_grad_(True)
    loop.optimizer.zero_grad(set_to_none=True)


def _endless(loop: Loop) -> Iterator[tuple[int, list[int]]]:
    """Batches of epochs counted down from the last number there is, so that tuning meets other masks."""
    for round_ in count(1):
        yield from ((FIXED - round_, rows) for rows in loop.batches(FIXED - round_))


def measure(loop: Loop) -> NDArray[np.float64]:
    """Summed loss and number of guesses [documents, 2] on held-out blocks, in float32, masks always the same."""
    loop.training(False)
    lengths, rounds = loop.held_out.lengths, 1
    if loop.recipe.objective == "mlm":
        rounds = min(MEASURED_MASKS, -(-MEASURED_PIECES // sum(lengths)))
    rows = np.unique(np.linspace(0, len(lengths) - 1, min(len(lengths), MEASURED_BLOCKS)).round().astype(int)).tolist()
    sums = np.zeros((int(loop.held_out.documents(rows[-1]).max()) + 1, 2))
    loop.tell({"event": "stage", "name": "measure", "total": rounds * len(rows)})
    batches = make_batches([lengths[row] for row in rows], tokens=loop.recipe.batch_tokens, rows=64)
    with torch.inference_mode():
        for number, batch in product(range(rounds), batches):
            blocks = [rows[place] for place in batch]
            found = loop.objective.losses(loop.held_out, blocks, epoch=FIXED + number, precision="fp32")
            owners = [loop.held_out.documents(row) for row in blocks]
            owner = np.asarray([owners[b][at] for b, at in zip(found.blocks, found.places, strict=True)], int)
            np.add.at(sums[:, 0], owner, found.values.double().cpu().numpy())
            np.add.at(sums[:, 1], owner, 1)
            loop.tell({"event": "advance", "amount": len(blocks)})
    return sums


def run(loop: Loop, progress: Progress, *, resumed: bool) -> None:
    """Tune from `progress` on until the epochs or the minutes are used up."""
    if resumed:
        restore_state(loop.folder, loop.parameters, loop.optimizer)
    else:
        save_state(loop.folder, progress, loop.parameters, loop.optimizer)
    epochs = loop.recipe.epochs
    planned = sum(len(loop.batches(epoch)) for epoch in range(epochs))
    while progress.epoch < epochs and not _over(loop, progress, planned):
        _one_epoch(loop, progress, planned)
        loss = progress.loss_sum / max(1, progress.loss_rows)
        done = {"epoch": progress.epoch + 1, "loss": loss, "seconds": round(progress.seconds, 1)}
        progress.history.append(done)
        progress.epoch, progress.batch, progress.loss_sum, progress.loss_rows = progress.epoch + 1, 0, 0.0, 0
        save_state(loop.folder, progress, loop.parameters, loop.optimizer)
        loop.tell({"event": "epoch", "of": epochs, **done})


def _one_epoch(loop: Loop, progress: Progress, planned: int) -> None:
    batches = loop.batches(progress.epoch)
    saved = begun = time.monotonic()
    before, tokens = progress.seconds, 0
    loop.training(True)
    while progress.batch < len(batches) and not _over(loop, progress, planned):
        rows = batches[progress.batch]
        _update(loop, progress, rows, progress.steps or planned)
        progress.batch += 1
        tokens += sum(loop.lengths[row] for row in rows)
        taken = time.monotonic() - begun
        progress.seconds = before + taken
        if progress.step == TRIAL_STEPS and loop.recipe.max_minutes:
            progress.steps = min(planned, int(60 * loop.recipe.max_minutes * progress.step / progress.seconds))
        loop.tell(_step_event(progress, planned, tokens / taken))
        if time.monotonic() - saved > 60 * loop.recipe.checkpoint_minutes:
            save_state(loop.folder, progress, loop.parameters, loop.optimizer)
            saved = time.monotonic()


def _update(loop: Loop, progress: Progress, rows: list[int], steps: int) -> None:
    set_rate(loop.optimizer, rate_factor(progress.step, steps, loop.recipe))
    loop.optimizer.zero_grad(set_to_none=True)
    loss = loop.loss(rows, progress.epoch, progress.precision)
    torch.autograd.backward(loss)
    torch.nn.utils.clip_grad_norm_(loop.parameters.values(), loop.recipe.clip)
    loop.optimizer.step()
    progress.loss_sum += loss.item()
    progress.loss_rows += 1
    progress.step += 1


def _over(loop: Loop, progress: Progress, planned: int) -> bool:
    limit = loop.recipe.max_minutes
    late = limit is not None and progress.seconds > 60 * limit
    return late or progress.step >= (progress.steps or planned)


def _step_event(progress: Progress, planned: int, speed: float) -> dict[str, Any]:
    return {
        "event": "step",
        "step": progress.step,
        "steps": progress.steps or planned,
        "epoch": progress.epoch + 1,
        "loss": progress.loss_sum / progress.loss_rows,
        "tokens_per_second": speed,
    }
