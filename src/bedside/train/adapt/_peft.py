"""Puts peft's layers into a network of ours, and plain linear maps back in their place; alone imports peft.

peft takes four seconds to import, so it is reached only by the methods that need it, and only while fitting.
"""

from __future__ import annotations

from functools import partial
from typing import Any

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
    return Adaptation(finish=partial(merge, network))


def merge(network: Any) -> None:
    """Put the plain linear maps back, with what was learnt merged into them."""
    from peft.tuners.tuners_utils import BaseTunerLayer

    for name, module in list(network.named_modules()):
        if isinstance(module, BaseTunerLayer):
            module.merge()
            network.set_submodule(name, module.get_base_layer())
    vars(network).pop("peft_config", None)
