"""Chooses between 32-bit and bfloat16 arithmetic by what the processor is: the same machine makes the same model.

No clock decides. Small networks take about as long either way: by a stopwatch the same recipe and seed, run twice or
taken up again after a kill, came out in one arithmetic or the other by chance (docs/design/002).
"""

from __future__ import annotations

from contextlib import AbstractContextManager

import torch

from bedside.lang import tr
from bedside.processor import gains_by_bfloat16

WIDTH = 128
"""From this hidden size on, bfloat16 gains more than casting costs, where a processor is made for it."""


def autocast(device: torch.device, precision: str) -> AbstractContextManager[None]:
    """The arithmetic in force for a forward pass."""
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=precision == "bf16")


def choose_precision(device: torch.device, hidden_size: int) -> tuple[str, str]:
    """`(precision, reason)` for a network of that hidden size.

    >>> choose_precision(torch.device("cpu"), hidden_size=32)
    ('fp32', 'a hidden size of 32 gains nothing by bfloat16')
    """
    if device.type == "mps":
        return "fp32", tr("bfloat16 is not used on mps", "mps 上不使用 bfloat16")
    if device.type == "cuda":
        if torch.cuda.is_bf16_supported():
            return "bf16", tr("native on this GPU", "此 GPU 原生支持")
        return "fp32", tr("no bfloat16 on this GPU", "此 GPU 不支持 bfloat16")
    if hidden_size < WIDTH:
        return "fp32", tr(
            f"a hidden size of {hidden_size} gains nothing by bfloat16", f"隐藏层宽度 {hidden_size}，bfloat16 无益"
        )
    if gains_by_bfloat16():
        return "bf16", tr("this processor is made for it", "此处理器为其设计")
    return "fp32", tr("on this processor bfloat16 is slower", "此处理器上 bfloat16 更慢")
