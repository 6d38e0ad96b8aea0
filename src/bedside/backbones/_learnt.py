"""What a fit learnt on top of a backbone, as tensors by name: put into its weights, or beside them where it is shared.

  MAP.down, MAP.up   a low-rank correction of a linear map, `scale * up @ down`; [r, in] and [out, r] (LoRA, AdaLoRA)
  MAP.length         the length of each of the map's rows, by itself; [out] (DoRA)
  MAP.factor_in      a factor of each of its inputs; [in] (IA3)
  MAP.factor_out     a factor of each of its outputs; [out] (IA3)
  added.NAME         a part that cannot be merged: `_added.py`
  any other name     a weight that learnt as a whole

Put in, a network is as fast as the backbone alone. Put beside, many networks hold the backbone's weights once: each has
modules of its own around the same tensors, so that one can never answer with what another learnt, whatever the thread.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from bedside.backbones._added import CHILD, add

DOWN, UP, LENGTH, FACTOR_IN, FACTOR_OUT = "down", "up", "length", "factor_in", "factor_out"
OF_MAPS = (DOWN, UP, LENGTH, FACTOR_IN, FACTOR_OUT)
SCALE = 2.0
"""What every low-rank correction is multiplied by: alpha = 2 * rank, the usual choice."""

Tensors = dict[str, Tensor]


def put_in(network: Any, learnt: Tensors, scale: float = SCALE) -> None:
    """Merge what can be merged; the tensors of the backbone stay as they are, new ones take their place."""
    maps, whole = _sorted(network, learnt)
    with torch.no_grad():
        for name, found in maps.items():
            one = network.get_submodule(name)
            weight, bias = _corrected(one, found, scale)
            one.weight = nn.Parameter(weight, requires_grad=False)
            if bias is not None:
                one.bias = nn.Parameter(bias, requires_grad=False)
    _replace(network, whole)


def put_beside(network: Any, learnt: Tensors, scale: float = SCALE) -> None:
    """Hold what was learnt beside the weights of a network made by `view_of`."""
    maps, whole = _sorted(network, learnt)
    for name, found in maps.items():
        network.set_submodule(name, Corrected(network.get_submodule(name), found, scale))
    _replace(network, whole)


def put_added(network: Any, learnt: Tensors, settings: dict[str, Any]) -> None:
    """Put back a part that cannot be merged; `settings` is its kind and shape, as `add` took them."""
    part = add(network, **settings)
    own = {name.removeprefix(f"{CHILD}."): value for name, value in learnt.items() if name.startswith(f"{CHILD}.")}
    part.load_state_dict(own)
    part.requires_grad_(False).eval()


def view_of(network: Any) -> Any:
    """The same network again, of modules of its own around the same tensors."""
    return copy.deepcopy(network, {id(one): one for one in (*network.parameters(), *network.buffers())})


class Corrected(nn.Module):
    """`gain * (base(factor * x) + scale * up(down(x))) + bias`, [..., in] -> [..., out]; `base` is shared."""

    def __init__(self, base: nn.Linear, found: Tensors, scale: float) -> None:
        super().__init__()
        self.base, self.scale = base, scale
        self.factor, self.down, self.up = found.get(FACTOR_IN), found.get(DOWN), found.get(UP)
        self.gain, self.bias = found.get(FACTOR_OUT), base.bias
        with torch.no_grad():
            if self.gain is not None and base.bias is not None:
                self.bias = nn.Parameter(base.bias * self.gain, requires_grad=False)
            if LENGTH in found:
                self.gain = found[LENGTH] / torch.linalg.norm(_with_low_rank(base.weight, found, scale), dim=1)

    @property
    def weight(self) -> Tensor:
        """The base's, of which some networks (T5) ask the type."""
        return self.base.weight

    def forward(self, x: Tensor) -> Tensor:
        """One map."""
        if self.factor is not None:
            x = x * self.factor
        out = F.linear(x, self.base.weight, self.bias if self.gain is None else None)
        if self.down is not None and self.up is not None:
            out = out + self.scale * F.linear(F.linear(x, self.down), self.up)
        if self.gain is None:
            return out
        return out * self.gain if self.bias is None else torch.addcmul(self.bias, out, self.gain)


def _sorted(network: Any, learnt: Tensors) -> tuple[dict[str, Tensors], Tensors]:
    """What is of maps, by map and kind, and what is of whole weights; added parts are of neither.

    A map that the network has not, or of another shape, is an AttributeError or a KeyError.
    """
    maps: dict[str, Tensors] = defaultdict(dict)
    whole = {}
    for name, value in learnt.items():
        map_, _, kind = name.rpartition(".")
        if name.startswith(f"{CHILD}."):
            continue
        if kind in OF_MAPS:
            maps[map_][kind] = value
        else:
            whole[name] = value
    for name, found in maps.items():
        one = network.get_submodule(name)
        rank = len(found.get(DOWN, ()))
        shapes = {DOWN: (rank, one.in_features), UP: (one.out_features, rank), FACTOR_IN: (one.in_features,)}
        shapes |= {LENGTH: (one.out_features,), FACTOR_OUT: (one.out_features,)}
        if (DOWN in found) != (UP in found) or any(found[kind].shape != shapes[kind] for kind in found):
            raise KeyError(name)
    return maps, whole


def _with_low_rank(weight: Tensor, found: Tensors, scale: float) -> Tensor:
    return weight + scale * (found[UP] @ found[DOWN]) if DOWN in found else weight


def _corrected(one: Any, found: Tensors, scale: float) -> tuple[Tensor, Tensor | None]:
    """The weight [out, in] and bias [out] with all of `found` in them."""
    weight, bias = _with_low_rank(one.weight, found, scale), one.bias
    if LENGTH in found:
        weight = (found[LENGTH] / torch.linalg.norm(weight, dim=1))[:, None] * weight
    if FACTOR_IN in found:
        weight = weight * found[FACTOR_IN]
    if FACTOR_OUT in found:
        weight = weight * found[FACTOR_OUT][:, None]
        bias = bias * found[FACTOR_OUT] if bias is not None else None
    return weight, bias


def _replace(network: Any, whole: Tensors) -> None:
    """Put whole weights in the place of the network's own; a name or a shape that it has not is a KeyError."""
    own = dict(network.named_parameters(remove_duplicate=False))
    for name, value in whole.items():
        if own[name].shape != value.shape:
            raise KeyError(name)
        holder, _, last = name.rpartition(".")
        setattr(network.get_submodule(holder), last, nn.Parameter(value, requires_grad=False))
