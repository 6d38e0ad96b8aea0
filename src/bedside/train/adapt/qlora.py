"""QLoRA: low-rank corrections over weights held in 4 bits; for networks too large for a GPU otherwise. Needs CUDA.

The 4-bit maps are bitsandbytes'. What is saved answers as what was fitted: merged, corrections are added to the rounded
weights; kept apart, the backbone is rounded again when the folder is opened (`backbones/_nf4.py`). The scales of blocks
stay in 32 bits (no second quantization), so that both come to the same numbers.

Source: Dettmers et al. 2023, "QLoRA: Efficient Finetuning of Quantized LLMs".
"""

from __future__ import annotations

from functools import partial
from typing import Any

from torch import nn

from bedside.backbones._nf4 import BLOCK
from bedside.config import FitRecipe
from bedside.errors import MissingExtra, UsageError
from bedside.lang import tr
from bedside.train.adapt._base import Adaptation, linear_maps
from bedside.train.adapt.lora import LoraLinear, merge, thin_matrices
from bedside.train.device import pick_device


def qlora(network: Any, fit: FitRecipe) -> Adaptation:
    """What `lora` learns, beside maps that are rounded to 4 bits when the network goes to the GPU."""
    device = pick_device(fit.device).type
    if device != "cuda":
        raise UsageError(
            tr(
                "qlora needs a CUDA GPU; 4-bit weights are no faster on others",
                "qlora 需要 CUDA GPU；其他设备上 4 位权重并不更快",
            ),
            value=device,
            allowed="lora, dora, adalora, ia3, adapter",
            next="--adapt lora",
        )
    bnb, names = _bitsandbytes(), linear_maps(network)
    for name in names:
        four = _four_bit(bnb, network.get_submodule(name))
        network.set_submodule(name, LoraLinear(four, fit.lora_rank, fit.dropout))
    return Adaptation(finish=partial(_finish, bnb, network, names), learnt=thin_matrices)


def _bitsandbytes() -> Any:
    try:
        import bitsandbytes
    except ImportError:
        raise MissingExtra("bitsandbytes", "qlora") from None
    return bitsandbytes


def _four_bit(bnb: Any, one: nn.Linear) -> Any:
    """bitsandbytes' map of the same weights; it rounds them when it is moved to the GPU."""
    made = bnb.nn.Linear4bit(
        one.in_features, one.out_features, bias=one.bias is not None, compress_statistics=False, quant_type="nf4"
    )
    made.weight = bnb.nn.Params4bit(
        one.weight.data,
        requires_grad=False,
        blocksize=BLOCK,
        compress_statistics=False,
        quant_type="nf4",
        module=made,
    )
    made.bias = one.bias
    return made


def _finish(bnb: Any, network: Any, names: list[str]) -> None:
    """Plain maps again, on the processor: the rounded weights, corrections added in."""
    for name in names:
        found = network.get_submodule(name)
        four = found.base
        whole = bnb.functional.dequantize_4bit(four.weight.data, four.weight.quant_state).float()
        plain = nn.Linear(whole.shape[1], whole.shape[0], bias=four.bias is not None)
        plain.weight, plain.bias = nn.Parameter(whole.cpu()), four.bias
        found.base = plain
        found.cpu()
    merge(network, names)


METHOD = qlora
