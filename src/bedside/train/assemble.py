"""Puts the loop together: the network made ready to learn, its head, what enters it, and what is wanted of it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from bedside.model.calibration import Calibration
from bedside.model.engine import Outputs
from bedside.train.adapt import adapt, halve_word_table
from bedside.train.cache import CachedInputs, TokenInputs, cache_lower
from bedside.train.data import Parts
from bedside.train.defaults import Choice
from bedside.train.device import pick_device
from bedside.train.loop import Loop, OnEvent
from bedside.train.loss import objective_for
from bedside.train.made import Made
from bedside.train.part import Part
from bedside.train.precision import choose_precision
from bedside.train.ways import Way


def assemble(way: Way, made: Made, parts: Parts, work: Path, tell: OnEvent) -> Loop:
    """A loop that has not begun; activations of layers that do not learn are computed here, once."""
    settings, backbone = made.resolved.fit, made.backbone
    device = pick_device(settings.device)
    network = backbone.network
    head: Any = way.head(made, parts).to(device)
    adaptation = adapt(network, settings)
    start = adaptation.start
    halve_word_table(network)
    network.to(device)
    inputs = {
        part: TokenInputs(network, found.ids, backbone.pad_id, device, found.parts)
        for part, found in made.encoded.items()
    }
    cached = start > 0 and (network.starts_midway or start == len(network.layers))
    kept = _keep(inputs, start, made, work, tell, pool=parts.form.pooled) if cached else inputs
    wanted = {
        "train": way.targets(made, parts),
        "dev": parts.form.targets(parts.dev.labels, made.encoded["dev"], parts.labels),
    }
    lists = {part: found.lists.members if found.lists else None for part, found in made.encoded.items()}
    both = {part: Part(kept[part], wanted[part], lists[part]) for part in ("train", "dev")}
    if hasattr(head, "start_from"):
        head.start_from(torch.as_tensor(wanted["train"]))

    def score(outputs: Outputs) -> float:
        answers = parts.form.answers(outputs, made.encoded["dev"], parts.labels, Calibration())
        return parts.form.score(settings.metric, parts.dev.labels, answers, parts.labels)

    return Loop(
        network=network,
        head=head,
        start=start if cached else 0,
        train=both["train"],
        dev=both["dev"],
        score=score,
        objective=objective_for(settings, parts, wanted["train"], device),
        fit=settings,
        folder=work,
        device=device,
        tell=tell,
        adaptation=adaptation,
        written=way.outputs(made),
    )


def precision_for(loop: Loop, made: Made, tell: OnEvent) -> str:
    """The precision asked for, or the one that this machine's processor runs faster."""
    asked = made.resolved.fit.precision
    if asked != "auto":
        return asked
    if loop.start == len(loop.network.layers):
        return "fp32"  # only the head runs: nothing to gain
    chosen, reason = choose_precision(loop.device, made.backbone.hidden_size)
    tell_choice(made, Choice("precision", chosen, reason), tell)
    return chosen


def tell_choice(made: Made, choice: Choice, tell: OnEvent) -> None:
    """Write a choice down, and tell it."""
    made.choices.append(choice)
    tell({"event": "choice", **asdict(choice)})


def _keep(
    inputs: dict[str, TokenInputs], start: int, made: Made, work: Path, tell: OnEvent, *, pool: bool
) -> dict[str, CachedInputs | TokenInputs]:
    """Compute what the untuned layers give, once."""
    tell({"event": "stage", "name": "cache", "total": sum(len(part.ids) for part in inputs.values())})

    def on_rows(count: int) -> None:
        tell({"event": "advance", "amount": count})

    size = made.backbone.hidden_size
    return {
        part: cache_lower(tokens, start, pool=pool, hidden_size=size, file=work / f"{part}.npy", on_rows=on_rows)
        for part, tokens in inputs.items()
    }
