"""Parts that an adaptation adds to a network and that cannot be merged: bottlenecks, a prompt, prefixes.

They hang on the network's modules by hooks, so its own weights keep their names and a saved folder holds them apart:
config.json and model.safetensors are the backbone as it was, adapter.json says what was added and where, and
adapter.safetensors holds what was learnt. Shapes: b texts, t tokens, h hidden size, p learnt vectors.

Sources: Houlsby et al. 2019 (bottlenecks), Lester et al. 2021 (prompt), Li & Liang 2021 (prefixes).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from bedside.errors import ModelError
from bedside.lang import tr

SETTINGS, WEIGHTS = "adapter.json", "adapter.safetensors"
CHILD = "added"
"""The name under which a network holds what was added to it."""

NEAR_ZERO = 1e-2
"""Standard deviation of a new bottleneck's weights, cut at two of it, so that it begins near to doing nothing."""


class Bottleneck(nn.Module):
    """`x + up(gelu(down(x)))`, [..., h] -> [..., h]."""

    def __init__(self, hidden_size: int, size: int) -> None:
        super().__init__()
        self.down, self.up = nn.Linear(hidden_size, size), nn.Linear(size, hidden_size)
        for part in (self.down, self.up):
            nn.init.trunc_normal_(part.weight, std=NEAR_ZERO, a=-2 * NEAR_ZERO, b=2 * NEAR_ZERO)
            nn.init.zeros_(part.bias)

    def forward(self, x: Tensor) -> Tensor:
        """One bottleneck."""
        return x + self.up(F.gelu(self.down(x)))

    def after(self, module: Any, inputs: Any, output: Tensor) -> Tensor:
        """The hook on the module whose output is bent."""
        return self(output)


class Bottlenecks(nn.Module):
    """A bottleneck of width `size` after each of the linear maps named `places`."""

    def __init__(self, network: Any, *, size: int, places: list[str]) -> None:
        super().__init__()
        maps = [network.get_submodule(place) for place in places]
        self.parts = nn.ModuleList(Bottleneck(one.out_features, size) for one in maps)
        for one, part in zip(maps, self.parts, strict=True):
            one.register_forward_hook(part.after)


class Prompt(nn.Module):
    """`length` learnt vectors that go before the text at the lowest layer and are taken off above the highest."""

    def __init__(self, network: Any, *, length: int, hidden_size: int) -> None:
        super().__init__()
        self.vectors = nn.Parameter(torch.zeros(length, hidden_size))
        network.layers[0].register_forward_pre_hook(self.before)
        network.layers[-1].register_forward_hook(self.after)

    def before(self, module: Any, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        """[b, t, h] -> [b, p + t, h]; attention itself sees to the mask."""
        hidden, *rest = inputs
        ours = self.vectors.to(hidden.dtype).expand(hidden.shape[0], -1, -1)
        return torch.cat([ours, hidden], 1), *rest

    def after(self, module: Any, inputs: Any, output: Tensor) -> Tensor:
        """[b, p + t, h] -> [b, t, h]."""
        return output[:, self.vectors.shape[0] :]


class LayerPrefix(nn.Module):
    """`length` learnt keys and values before those of one layer's text."""

    def __init__(self, attention: Any, length: int, hidden_size: int) -> None:
        super().__init__()
        self.keys = nn.Parameter(torch.zeros(length, hidden_size))
        self.values = nn.Parameter(torch.zeros(length, hidden_size))
        attention.key.register_forward_hook(self.after_key)
        attention.value.register_forward_hook(self.after_value)

    def after_key(self, module: Any, inputs: Any, output: Tensor) -> Tensor:
        """[b, t, h] -> [b, p + t, h]."""
        return torch.cat([self.keys.to(output.dtype).expand(output.shape[0], -1, -1), output], 1)

    def after_value(self, module: Any, inputs: Any, output: Tensor) -> Tensor:
        """[b, t, h] -> [b, p + t, h]."""
        return torch.cat([self.values.to(output.dtype).expand(output.shape[0], -1, -1), output], 1)


class Prefixes(nn.Module):
    """A prefix of `length` in each layer's attention."""

    def __init__(self, network: Any, *, length: int, hidden_size: int) -> None:
        super().__init__()
        self.parts = nn.ModuleList(LayerPrefix(layer.attention.self, length, hidden_size) for layer in network.layers)


KINDS: dict[str, Any] = {"adapter": Bottlenecks, "prompt": Prompt, "prefix": Prefixes}


def add(network: Any, kind: str, **settings: Any) -> Any:
    """Put a part of that kind in, and return it; the network remembers how, for `save_added`."""
    part = KINDS[kind](network, **settings)
    part.settings = {"kind": kind, **settings}
    network.add_module(CHILD, part)
    return part


def own_tensors(network: Any) -> dict[str, Tensor]:
    """The network's own weights, without what was added."""
    return {name: value for name, value in network.state_dict().items() if not name.startswith(f"{CHILD}.")}


def save_added(network: Any, folder: Path) -> None:
    """Write adapter.json and adapter.safetensors, where anything was added."""
    from safetensors.torch import save_file

    part = getattr(network, CHILD, None)
    if part is None:
        return
    tensors = {name: value.detach().cpu().contiguous() for name, value in part.state_dict().items()}
    save_file(tensors, folder / WEIGHTS, metadata={"format": "pt"})
    (folder / WEIGHTS).chmod(0o644)
    (folder / SETTINGS).write_text(json.dumps(part.settings, indent=1) + "\n", encoding="utf-8")


def open_added(network: Any, folder: Path) -> None:
    """Put back what `save_added` wrote, where anything was; raises ModelError when it does not fit the network."""
    from safetensors.torch import load_file

    if not (folder / SETTINGS).exists():
        return
    try:
        settings = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
        part = add(network, settings.pop("kind"), **settings)
        part.load_state_dict(load_file(folder / WEIGHTS))
    except Exception as fault:  # safetensors raises its own kind, and a misfit can show in many
        raise ModelError(
            tr("the adapter does not fit its network", "适配器与网络不符") + f" ({type(fault).__name__})",
            where=str(folder),
        ) from None
    part.eval()
