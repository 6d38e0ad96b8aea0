"""Fits a model: rows in, a saved model folder out. Killed and started again, it goes on where it was."""

from __future__ import annotations

import dataclasses
import random
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch

from bedside import registry
from bedside.backbones._load import choose_backbone
from bedside.config import Recipe
from bedside.errors import UsageError
from bedside.lang import tr
from bedside.model.calibration import Calibration
from bedside.model.engine import Outputs
from bedside.model.folder import Model, check_place
from bedside.model.forms import writes
from bedside.model.torch_engine import TorchEngine
from bedside.receipt import file_sha256, write_receipt
from bedside.train.adapt import adapt, halve_word_table
from bedside.train.cache import CachedInputs, TokenInputs, cache_lower
from bedside.train.checkpoint import Progress, read_progress
from bedside.train.data import Parts, read_parts
from bedside.train.defaults import Choice
from bedside.train.describe import Made, cards, facts_of, refused_rows, trained
from bedside.train.device import pick_device
from bedside.train.loop import Loop, OnEvent, Part, progress_summary, run
from bedside.train.loss import objective_for
from bedside.train.make import make
from bedside.train.negatives import with_negatives
from bedside.train.precision import choose_precision
from bedside.train.start import start_at_names
from bedside.train.writer import engine_of, learnt_of, settings_of, targets_of, written_by
from bedside.types import Answer, Figure

Measure = Callable[[Parts, Sequence[Answer], int], Mapping[str, Figure]]
"""`measure(parts, answers to the tuning part, seed)` -> figures with intervals; the command line brings it."""


def fit(
    recipe: Recipe,
    *,
    out: str | Path,
    on_event: OnEvent | None = None,
    measure: Measure | None = None,
    replace: bool = False,
) -> Model:
    """Fit by `recipe`, save to the folder `out`, and return the model.

    Started again after a kill with the same recipe and data it resumes, bit for bit. `on_event` is told of data,
    choices, steps and epochs as dictionaries. Raises UsageError, DataError, IdentityError or ModelError.
    """
    begun, out, tell = time.monotonic(), Path(out), on_event or (lambda event: None)
    check_place(out, replace=replace)
    work = out.parent / f".{out.name}.fitting"
    run_id = _run_id(recipe)
    before = _unfinished(work, run_id, replace)
    parts = read_parts(recipe)
    _tell_data(parts, tell)
    seed_everything(recipe.fit.seed)
    parts = _prepare(parts, recipe, tell)
    name = recipe.fit.backbone
    if name == "auto" and not writes(parts.head):
        name = choose_backbone(parts.train.texts)
    made = make(recipe, parts, name, tell)
    work.mkdir(parents=True, exist_ok=True, mode=0o700)
    loop = _loop(made, parts, work, tell)
    made.choices.append(trained(loop.network, loop.head))
    tell({"event": "choice", **asdict(made.choices[-1])})
    progress = before or Progress(run_id, _precision(loop, made, tell))
    if made.names and not before and not writes(parts.head):
        start_at_names(loop, TokenInputs(loop.network, made.names, made.backbone.pad_id, loop.device))
    if before:
        tell({"event": "resumed", "epoch": before.epoch + 1, "step": before.step})
    run(loop, progress, resumed=before is not None)
    model, answers = _finish(loop, made, parts, progress, time.monotonic() - begun)
    model = _with_papers(model, made, parts, answers, measure)
    model.save(out, replace=replace)
    shutil.rmtree(work, ignore_errors=True)
    tell({"event": "saved", "folder": str(out), "best": progress.best, "best_epoch": progress.best_epoch + 1})
    return model


def seed_everything(seed: int) -> None:
    """One seed for every source of chance that the libraries draw from."""
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def _run_id(recipe: Recipe) -> str:
    """What must be equal for a fit to be resumed: every setting, and the bytes of the data."""
    files = [recipe.data.train, *([recipe.data.dev] if recipe.data.dev else [])]
    return "-".join([recipe.digest(), *(file_sha256(path) for path in files if path.exists())])


def _unfinished(work: Path, run_id: str, replace: bool) -> Progress | None:
    before = read_progress(work)
    if before is None or before.run == run_id:
        return before
    if not replace:
        raise UsageError(
            tr("an unfinished fit with another recipe or other data is there", "该处有配方或数据不同的未完成训练"),
            value=str(work),
            next=tr(
                "the same command as before to resume, or --force to start anew", "用原命令继续，或用 --force 重新开始"
            ),
        )
    shutil.rmtree(work)
    return None


def _tell_data(parts: Parts, tell: OnEvent) -> None:
    tell(
        {
            "event": "data",
            "rows": len(parts.train),
            "dev_rows": len(parts.dev),
            "patients": len(set(parts.train.patients)),
            "labels": len(parts.labels),
            "head": parts.head,
            "held_back": parts.held_back,
            "shared_texts": parts.shared_texts(),
            "unmeasured": parts.unmeasured(),
            "refused": refused_rows(parts),
        }
    )


def _prepare(parts: Parts, recipe: Recipe, tell: OnEvent) -> Parts:
    """Remove identity from every text, or stop: nothing raw goes on to the tokenizer."""
    how = recipe.data.identity
    if how == "scrub":
        tell({"event": "stage", "name": "identity", "total": len(parts.train) + len(parts.dev)})

    def on_text(count: int) -> None:
        tell({"event": "advance", "amount": count})

    train, dev = (parts.form.scrub(rows, how, on_text) for rows in (parts.train, parts.dev))
    if parts.head == "rank" and recipe.fit.negatives:
        train = with_negatives(train, recipe.fit.negatives)
    return dataclasses.replace(parts, train=train, dev=dev)


def _loop(made: Made, parts: Parts, work: Path, tell: OnEvent) -> Loop:
    settings, backbone = made.resolved.fit, made.backbone
    device = pick_device(settings.device)
    network = backbone.network
    own = {"out": network.language_head} if writes(parts.head) else {"dropout": settings.dropout}
    head = registry.load("heads", parts.head)(backbone.hidden_size, parts.labels, **own).to(device)
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
    both = {}
    for part, rows in (("train", parts.train), ("dev", parts.dev)):
        encoded = made.encoded[part]
        members = encoded.lists.members if encoded.lists else None
        both[part] = Part(kept[part], parts.form.targets(rows.labels, encoded, parts.labels), members)
    if hasattr(head, "start_from"):
        head.start_from(torch.as_tensor(both["train"].targets))
    if writes(parts.head):
        both["train"].targets = targets_of(made)

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
        objective=objective_for(settings, parts, both["train"].targets, device),
        fit=settings,
        folder=work,
        device=device,
        tell=tell,
        adaptation=adaptation,
        written=written_by(made) if writes(parts.head) else None,
    )


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


def _precision(loop: Loop, made: Made, tell: OnEvent) -> str:
    asked = made.resolved.fit.precision
    if asked != "auto":
        return asked
    if loop.start == len(loop.network.layers):
        return "fp32"  # only the head runs: nothing to gain
    chosen, reason = choose_precision(loop.try_precision, loop.device)
    choice = Choice("precision", chosen, reason)
    made.choices.append(choice)
    tell({"event": "choice", **asdict(choice)})
    return chosen


def _finish(loop: Loop, made: Made, parts: Parts, progress: Progress, seconds: float) -> tuple[Model, Sequence[Answer]]:
    """Calibrate on the tuning part, merge corrections, and put the model together; with its answers to that part."""
    outputs, encoded = loop.outputs(loop.dev, "fp32"), made.encoded["dev"]
    calibration = parts.form.calibrate(outputs, parts.dev.labels, encoded, parts.labels)
    learnt = learnt_of(loop.network) if writes(parts.head) else {}
    loop.adaptation.finish()
    loop.network.to("cpu").requires_grad_(False)
    backbone, settings = made.backbone, made.resolved.fit
    resolved = made.resolved.model_copy(update={"fit": settings.model_copy(update={"precision": progress.precision})})
    files = [path for path in (made.recipe.data.train, made.recipe.data.dev) if path]
    model = Model(
        settings={
            "engine": "torch",
            "head": parts.head,
            "labels": list(parts.labels),
            "hidden_size": backbone.hidden_size,
            "max_tokens": settings.max_tokens,
            "prefix": backbone.prefix,
            "pad_id": backbone.pad_id,
            "backbone": {"name": backbone.name, "licence": backbone.licence},
            **({"learnt": made.learnt} if made.learnt else {}),
            **(settings_of(made) if writes(parts.head) else {}),
        },
        engine=engine_of(made, loop.head.to("cpu"), learnt)
        if writes(parts.head)
        else TorchEngine(loop.network, loop.head.to("cpu"), backbone.tokenizer, backbone.pad_id),
        calibration=calibration,
        recipe=resolved.model_dump(mode="json"),
        receipt=write_receipt(made.recipe.digest(), files, seed=settings.seed, seconds=seconds).to_dict(),
        fitting=progress_summary(progress) | facts_of(made, parts),
    )
    return model, parts.form.answers(outputs, encoded, parts.labels, calibration)


def _with_papers(model: Model, made: Made, parts: Parts, answers: Sequence[Answer], measure: Measure | None) -> Model:
    """The model with its figures on the tuning part and its card."""
    figures: dict[str, Figure] = {}
    if measure is not None and len(parts.dev):
        figures = dict(measure(parts, answers, made.resolved.fit.seed))
    told = {name: asdict(figure) for name, figure in figures.items()}
    return dataclasses.replace(model, fitting={**model.fitting, "dev": told}, cards=cards(made, parts, figures))
