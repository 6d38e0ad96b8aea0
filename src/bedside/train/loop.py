"""What learns: the network, its head and the parts of the data; one step forward, one step of learning, its outputs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
from bedside.train.batches import make_batches
from bedside.train.groups import groups_of, said_of
from bedside.train.optimise import Named, make_optimizer, tuned_parameters
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
