"""Puts peft's layers into a network of ours, and plain linear maps back in their place; alone imports peft.

peft takes four seconds to import, so it is reached only by the methods that need it, and only while fitting.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from torch import Tensor

from bedside.backbones._learnt import DOWN, FACTOR_IN, FACTOR_OUT, LENGTH, SCALE, UP
from bedside.errors import MissingExtra
from bedside.train.adapt._base import Adaptation

NAME = "default"
"""What peft calls the one set of weights we add."""


def peft() -> Any:
    """The package; raises MissingExtra."""
    try:
        import peft
    except ImportError:
        raise MissingExtra("peft", "hub") from None
    return peft


def put_in(network: Any, config: Any) -> Adaptation:
    """Wrap the linear maps that `config` targets."""
    peft().inject_adapter_in_model(config, network, adapter_name=NAME)
    return Adaptation(finish=partial(merge, network), learnt=learnt)


def learnt(network: Any) -> dict[str, Tensor]:
    """What peft's layers learnt, in our names: `backbones/_learnt.py`."""
    from peft.tuners.tuners_utils import BaseTunerLayer

    found: dict[str, Tensor] = {}
    for name, module in network.named_modules():
        if isinstance(module, BaseTunerLayer):
            found |= {f"{name}.{kind}": value.detach() for kind, value in _of_layer(module).items()}
    return found


def _of_layer(layer: Any) -> dict[str, Tensor]:
    if hasattr(layer, "ia3_l"):
        return {FACTOR_IN if layer.is_feedforward else FACTOR_OUT: layer.ia3_l[NAME].flatten()}
    if hasattr(layer, "lora_E"):
        left = layer.lora_E[NAME].flatten() != 0
        down = (layer.lora_A[NAME] * layer.lora_E[NAME])[left]
        gain = layer.scaling[NAME] / (layer.ranknum[NAME] + 1e-5) / SCALE
        return {DOWN: down, UP: layer.lora_B[NAME][:, left] * gain} if left.any() else {}
    assert layer.scaling[NAME] == SCALE
    found = {DOWN: layer.lora_A[NAME].weight, UP: layer.lora_B[NAME].weight}
    return found | {LENGTH: layer.lora_magnitude_vector[NAME].weight}


def merge(network: Any) -> None:
    """Put the plain linear maps back, with what was learnt merged into them."""
    from peft.tuners.tuners_utils import BaseTunerLayer

    for name, module in list(network.named_modules()):
        if isinstance(module, BaseTunerLayer):
            module.merge()
            network.set_submodule(name, module.get_base_layer())
    vars(network).pop("peft_config", None)
