"""Chooses where to compute: the GPU when there is one, else the processor; a device that is not there is refused."""

from __future__ import annotations

import torch

from bedside.errors import UsageError
from bedside.lang import tr


def pick_device(name: str) -> torch.device:
    """The device called `name`, or the best there is for "auto".

    >>> pick_device("cpu")
    device(type='cpu')
    """
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if name == "auto":
        return torch.device(next((kind for kind in ("cuda", "mps") if there[kind]), "cpu"))
    try:
        device = torch.device(name)
    except RuntimeError:
        device = None
    if device is None or not there.get(device.type, False):
        raise UsageError(
            tr("no such device here", "此处没有该设备"),
            value=name,
            allowed=["auto", *(kind for kind, present in there.items() if present)],
            next="--device auto",
        )
    return device
