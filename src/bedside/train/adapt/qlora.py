"""QLoRA: low-rank corrections over weights held in 4 bits; for networks too large for a GPU otherwise. Needs CUDA.

Source: Dettmers et al. 2023, "QLoRA: Efficient Finetuning of Quantized LLMs".
"""

from __future__ import annotations

from typing import Any

from bedside.config import FitRecipe
from bedside.errors import UsageError
from bedside.lang import tr
from bedside.train.adapt._base import Adaptation
from bedside.train.device import pick_device


def qlora(network: Any, fit: FitRecipe) -> Adaptation:
    """Refused: without a CUDA GPU 4 bits gain nothing, and on one it is not there yet."""
    device = pick_device(fit.device).type
    raise UsageError(
        tr(
            "qlora needs a CUDA GPU; 4-bit weights are no faster on others",
            "qlora 需要 CUDA GPU；其他设备上 4 位权重并不更快",
        )
        if device != "cuda"
        else tr("qlora is not available in this version", "此版本尚不提供 qlora"),
        value=device,
        allowed="lora, dora, adalora, ia3, adapter",
        next="--adapt lora",
    )


METHOD = qlora
