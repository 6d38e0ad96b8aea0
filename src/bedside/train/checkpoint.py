"""Saves a fit as it stands and takes it up again, bit for bit: weights, optimiser, random numbers, place in the data.

Two safetensors files beside the model to be, each replaced in one step: a kill at any moment leaves a whole one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from bedside.train.optimise import Named

STATE, BEST = "state.safetensors", "best.safetensors"


@dataclass
class Progress:
    """Where a fit is: `epoch` (from 0) and `batch` are the next to be done, `step` the updates made.

    `steps` is the number planned when a limit of time set it, else 0.

    `highest` is the best dev score so far; `best` and `best_epoch` are those of the weights kept (`worth_keeping`).
    """

    run: str
    precision: str
    epoch: int = 0
    batch: int = 0
    step: int = 0
    steps: int = 0
    loss_sum: float = 0.0
    loss_rows: int = 0
    seconds: float = 0.0
    highest: float = -1.0
    best: float = -1.0
    best_epoch: int = -1
    history: list[dict[str, float]] = field(default_factory=list)


def save_state(
    folder: Path,
    progress: Progress,
    parameters: Named,
    optimizer: torch.optim.Optimizer,
    rest: Mapping[str, Mapping[str, Tensor]] | None = None,
) -> None:
    """Write the whole state; the old one stays until the new one is on the disk. `rest`: what others keep, by whom."""
    tensors = {f"weight/{name}": value.detach() for name, value in parameters.items()}
    for whose, kept in (rest or {}).items():
        tensors |= {f"rest/{whose}/{name}": value for name, value in kept.items()}
    for number, values in optimizer.state_dict()["state"].items():
        for key, value in values.items():
            if isinstance(value, Tensor):
                tensors[f"optimizer/{number}/{key}"] = value
    tensors["random/cpu"] = torch.get_rng_state()
    if torch.cuda.is_available():
        tensors["random/cuda"] = torch.cuda.get_rng_state()
    _write(folder / STATE, tensors, {"progress": json.dumps(asdict(progress))})


def read_progress(folder: Path) -> Progress | None:
    """Where the unfinished fit in `folder` is, or None when there is none."""
    path = folder / STATE
    if not path.is_file():
        return None
    from safetensors import safe_open

    with safe_open(path, "pt") as file:
        return Progress(**json.loads(file.metadata()["progress"]))


def restore_state(folder: Path, parameters: Named, optimizer: torch.optim.Optimizer) -> dict[str, dict[str, Tensor]]:
    """Put weights, optimiser and random numbers back as they were saved; returns what others kept, by whom."""
    tensors = _read(folder / STATE)
    _fill(parameters, {name: tensors[f"weight/{name}"] for name in parameters})
    state: dict[int, dict[str, Tensor]] = {}
    for name, value in tensors.items():
        if name.startswith("optimizer/"):
            _, number, key = name.split("/")
            state.setdefault(int(number), {})[key] = value
    optimizer.load_state_dict({**optimizer.state_dict(), "state": state})
    torch.set_rng_state(tensors["random/cpu"])
    if "random/cuda" in tensors and torch.cuda.is_available():
        torch.cuda.set_rng_state(tensors["random/cuda"])
    rest: dict[str, dict[str, Tensor]] = {}
    for name, value in tensors.items():
        if name.startswith("rest/"):
            _, whose, key = name.split("/", 2)
            rest.setdefault(whose, {})[key] = value
    return rest


def save_best(folder: Path, parameters: Named) -> None:
    """Keep these weights in place of those kept before."""
    _write(folder / BEST, {name: value.detach() for name, value in parameters.items()}, {})


def restore_best(folder: Path, parameters: Named) -> None:
    """Take the weights of the epoch kept, if one was."""
    if (folder / BEST).is_file():
        _fill(parameters, _read(folder / BEST))


def _fill(parameters: Named, values: dict[str, Any]) -> None:
    with torch.no_grad():
        for name, value in parameters.items():
            value.copy_(values[name])


def _write(path: Path, tensors: dict[str, Tensor], metadata: dict[str, str]) -> None:
    from safetensors.torch import save_file

    fresh = path.with_suffix(".new")
    save_file({name: value.cpu().contiguous() for name, value in tensors.items()}, fresh, metadata=metadata)
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(path)


def _read(path: Path) -> dict[str, Tensor]:
    from safetensors.torch import load

    return load(path.read_bytes())
