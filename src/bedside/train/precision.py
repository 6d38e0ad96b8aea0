"""Chooses between 32-bit and bfloat16 arithmetic by timing one batch of each: on many processors bfloat16 is slower."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import torch

from bedside.lang import tr

GAIN = 1.05
"""bfloat16 must be at least this much faster to be worth its rounding."""


def autocast(device: torch.device, precision: str) -> AbstractContextManager[None]:
    """The arithmetic in force for a forward pass."""
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=precision == "bf16")


def choose_precision(step: Callable[[str], None], device: torch.device) -> tuple[str, str]:
    """`(precision, reason)`; `step(precision)` runs one forward and backward pass and leaves no trace."""
    if device.type == "mps":
        return "fp32", "bfloat16 is not used on mps"
    if device.type == "cuda":
        if torch.cuda.is_bf16_supported():
            return "bf16", tr("native on this GPU", "此 GPU 原生支持")
        return "fp32", tr("no bfloat16 on this GPU", "此 GPU 不支持 bfloat16")
    seconds = {name: _best_of(step, name) for name in ("fp32", "bf16")}
    chosen = "bf16" if seconds["fp32"] > GAIN * seconds["bf16"] else "fp32"
    fp32, bf16 = (f"{seconds[name]:.2f}" for name in ("fp32", "bf16"))
    en = f"one batch took {fp32} s of processor time in fp32, {bf16} s in bf16"
    return chosen, tr(en, f"一批数据的处理器时间：fp32 {fp32} 秒，bf16 {bf16} 秒")


def _best_of(step: Callable[[str], None], precision: str, runs: int = 2) -> float:
    """Processor seconds, not the clock's: others on the machine must not decide."""
    step(precision)  # the first pass also pays for memory and kernels
    taken = []
    for _ in range(runs):
        begun = time.process_time()
        step(precision)
        taken.append(time.process_time() - begun)
    return min(taken)
