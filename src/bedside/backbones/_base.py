"""What a backbone is: a tokenizer and a network behind three verbs, and what is known of it before it is loaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor, nn


class Network(Protocol):
    """A `torch.nn.Module` that turns token ids into one vector a token. Shapes: b texts, t tokens, h hidden size."""

    @property
    def layers(self) -> nn.ModuleList:
        """The stack, lowest layer first."""
        ...

    @property
    def starts_midway(self) -> bool:
        """Whether `run` can begin above the lowest layer, so that lower layers can be computed once and cached."""
        ...

    @property
    def compressible(self) -> bool:
        """Whether `embed` and `layer(hidden, keep)` for each layer, `keep` [b, 1, 1, t], are all there is to it."""
        ...

    def describe(self) -> dict[str, Any]:
        """The `config.json` from which the same network is built again."""
        ...

    def embed(self, ids: Tensor) -> Tensor:
        """Ids [b, t] -> the input of the lowest layer [b, t, h]."""
        ...

    def run(self, hidden: Tensor, mask: Tensor, start: int = 0, stop: int | None = None) -> Tensor:
        """Layers `start` to `stop` over [b, t, h]; `mask` [b, t] is 1 on text and 0 on padding."""
        ...


@dataclass(frozen=True)
class Backbone:
    """A loaded backbone. `prefix` goes before every text; `max_tokens` counts the marks at both ends.

    Of a decoder `chat` is its chat template (Jinja, "" for none) and `ends` are the ids that end a text. An
    encoder-decoder has `starts`, the ids that every text it writes begins with; then `max_tokens` is of either side.
    Where it is not `pretrained` its weights are random: there is nothing to keep, and its words must be learnt too.
    """

    name: str
    tokenizer: Tokenizer
    network: Any
    hidden_size: int
    max_tokens: int
    prefix: str = ""
    licence: str = "unknown"
    pad_id: int = 0
    pretrained: bool = True
    chat: str = ""
    ends: tuple[int, ...] = ()
    starts: tuple[int, ...] = ()


@dataclass(frozen=True)
class BackboneSpec:
    """A registered backbone: what to know before choosing it, whether its weights are here, and how to load it.

    One that starts from nothing cannot be loaded; `make(texts, patients)` makes it from the training texts.
    """

    name: str
    role: Literal["encoder", "decoder"]
    licence: str
    languages: str
    megabytes: int
    install: str
    installed: Callable[[], bool]
    load: Callable[[], Backbone]
    make: Callable[[Sequence[str], Sequence[str]], Backbone] | None = None
