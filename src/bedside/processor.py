"""What the processor is made for: the same machine always says the same, whatever else it is busy with."""

from __future__ import annotations

import platform
from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")


def gains_by_bfloat16() -> bool:
    """Whether large products take less time in bfloat16 than in 32 bits.

    So by matrix units (AMX), and by AVX-512's bfloat16 where AMD makes it; Intel's is slower than its 32 bits
    (docs/design/002).

    >>> isinstance(gains_by_bfloat16(), bool)
    True
    """
    import torch

    if torch.cpu._is_amx_tile_supported():
        return True
    maker = CPUINFO.read_text(encoding="utf-8") if CPUINFO.is_file() else platform.processor()
    return torch.cpu._is_avx512_bf16_supported() and "AuthenticAMD" in maker
