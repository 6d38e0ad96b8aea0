"""What every adaptation method gives back, and the small things several of them need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from torch import Tensor, nn

from bedside.backbones._bert import BertEncoder
from bedside.backbones._nf4 import stack_maps
from bedside.config import FitRecipe
from bedside.errors import UsageError
from bedside.lang import tr


class Schedule(Protocol):
    """What a method does while fitting goes on, beyond learning: AdaLoRA's pruning of ranks."""

    def before_step(self) -> None:
        """Add to the gradients, which are all there, before they are clipped and applied."""
        ...

    def after_step(self, step: int, steps: int) -> None:
        """Act on the weights after update `step` (from 0) of `steps`; their gradients are still there."""
        ...

    def state(self) -> dict[str, Tensor]:
        """What a resumed fit needs beyond the weights."""
        ...

    def restore(self, state: dict[str, Tensor]) -> None:
        """Take that state up again."""
        ...


def nothing() -> None:
    """Do nothing."""


def whole_weights(network: Any) -> dict[str, Tensor]:
    """Every weight that learnt, as it is."""
    return {name: value for name, value in network.named_parameters() if value.requires_grad}


@dataclass(frozen=True)
class Adaptation:
    """A network made ready: `start` lowest layers stay as they are, so their output can be kept; `finish` merges.

    `learnt(network)`, asked before `finish`, is what can be kept apart: tensors named as in `backbones/_learnt.py`.
    """

    start: int = 0
    finish: Callable[[], None] = nothing
    learnt: Callable[[Any], dict[str, Tensor]] = whole_weights
    schedule: Schedule | None = None


PLAIN = Adaptation()
"""Nothing stays as it is, nothing is to be merged."""

Method = Callable[[Any, FitRecipe], Adaptation]
"""`method(network, recipe)`: marks the weights that learn in a network whose weights are all frozen, or adds some."""


def set_dropout(network: Any, rate: float) -> None:
    """The same share of values dropped everywhere in the network while it learns."""
    for module in network.modules():
        if isinstance(module, nn.Dropout):
            module.p = rate
        for name in ("drop", "dropout"):
            if isinstance(getattr(module, name, None), float):
                setattr(module, name, rate)


def linear_maps(network: Any) -> list[str]:
    """The names of all linear maps of the stack, lowest layer first; raises UsageError when there is none (an LSTM).

    >>> from bedside.backbones._load import load_backbone
    >>> linear_maps(load_backbone("echo").network)[0]
    'encoder.layer.0.attention.self.query'
    """
    names = stack_maps(network)
    if not names:
        raise UsageError(
            tr(
                "low-rank corrections need linear maps, which this backbone has none of",
                "低秩修正需要线性层，该骨干没有",
            ),
            next="--adapt full",
        )
    return names


def needs_our_encoder(network: Any, method: str) -> None:
    """Refuse a network that is not our own BERT: another's attention takes no vectors that are not of its text."""
    if not isinstance(network, BertEncoder):
        raise UsageError(
            tr(
                f"{method} works with bedside's own BERT encoders only", f"{method} 仅适用于 bedside 自带的 BERT 编码器"
            ),
            value=type(getattr(network, "model", network)).__name__,
            allowed=tr(
                "with this one: full, lora, dora, adalora, adapter", "此网络可用：full、lora、dora、adalora、adapter"
            ),
            next="--adapt lora",
        )


def refuse_untrained(fit: FitRecipe) -> None:
    """Raise UsageError when weights that nobody trained are to be left as they are."""
    if fit.adapt != "full":
        raise UsageError(
            tr("nothing in this backbone is pretrained: all of it must learn", "该骨干未经预训练，须全部参与训练"),
            value=f"adapt = {fit.adapt}",
            allowed=["full"],
            next="--adapt full",
        )
