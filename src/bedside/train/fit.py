"""Fits a model: rows in, a saved model folder out. Killed and started again, it goes on where it was."""

from __future__ import annotations

import dataclasses
import random
import shutil
import time
from pathlib import Path

import numpy as np
import torch

from bedside.config import UNTRAINED, Recipe
from bedside.errors import UsageError
from bedside.lang import tr
from bedside.model.folder import Model
from bedside.model.layout import check_place
from bedside.receipt import file_sha256
from bedside.train.alone import alone, clear
from bedside.train.assemble import assemble, precision_for, tell_choice
from bedside.train.checkpoint import Progress, read_progress
from bedside.train.cued import fit_cues
from bedside.train.data import Parts, read_parts
from bedside.train.describe import refused_rows, trained
from bedside.train.epochs import run
from bedside.train.finish import Beside, Measure, finish, with_papers
from bedside.train.loop import OnEvent
from bedside.train.negatives import with_negatives
from bedside.train.prompted import ask, claimed
from bedside.train.start import take_over
from bedside.train.ways import way_of

__all__ = ["Measure", "fit", "seed_everything"]


def fit(
    recipe: Recipe,
    *,
    out: str | Path,
    on_event: OnEvent | None = None,
    measure: Measure | None = None,
    beside: Beside | None = None,
    replace: bool = False,
    start: torch.nn.Module | None = None,
) -> Model:
    """Fit by `recipe`, save to the folder `out`, and return the model.

    Started again after a kill with the same recipe and data it resumes, bit for bit. `on_event` is told of data,
    choices, steps and epochs as dictionaries. `start` is a head of which the new one takes the weights, where it has
    the same shape. Raises UsageError, DataError, IdentityError or ModelError.
    """
    begun, out, tell = time.monotonic(), Path(out), on_event or (lambda event: None)
    check_place(out, replace=replace)
    work = out.parent / f".{out.name}.fitting"
    with alone(work):
        run_id = _run_id(recipe)
        before = _unfinished(work, run_id, replace)
        parts = read_parts(recipe)
        _tell_data(parts, tell)
        seed_everything(recipe.fit.seed)
        parts = _prepare(parts, recipe, tell)
        way = way_of(parts.head)
        if recipe.fit.adapt in UNTRAINED:
            model, made, answers = ask(recipe, parts, work=work, run_id=run_id, tell=tell)
            model = with_papers(way, model, made, parts, answers, measure, beside)
            return _kept(model, out, work, tell, replace=replace)
        if recipe.fit.cues:
            model, made, answers = fit_cues(recipe, parts, tell)
            return _kept(with_papers(way, model, made, parts, answers, measure), out, work, tell, replace=replace)
        made = way.make(recipe, parts, tell)
        loop = assemble(way, made, parts, work, tell)
        tell_choice(made, trained(loop.network, loop.head), tell)
        progress = before or Progress(run_id, precision_for(loop, made, tell))
        if before:
            tell({"event": "resumed", "epoch": before.epoch + 1, "step": before.step})
        else:
            way.begin(loop, made)
            if start is not None:
                take_over(loop.head, start)
        run(loop, progress, resumed=before is not None)
        model, answers = finish(way, loop, made, parts, progress, time.monotonic() - begun)
        model = with_papers(way, model, made, parts, answers, measure)
        return _kept(model, out, work, tell, replace=replace)


def _kept(model: Model, out: Path, work: Path, tell: OnEvent, *, replace: bool) -> Model:
    """The model saved, and what an unfinished fit would have needed removed."""
    model.save(out, replace=replace)
    shutil.rmtree(work, ignore_errors=True)
    facts = model.fitting
    tell({"event": "saved", "folder": str(out), "best": facts["best"], "best_epoch": facts["best_epoch"]})
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
    if (before is None or before.run == run_id) and not claimed(work, run_id):
        return before
    if not replace:
        raise UsageError(
            tr("an unfinished fit with another recipe or other data is there", "该处有配方或数据不同的未完成训练"),
            value=str(work),
            next=tr(
                "the same command as before to resume, or --force to start anew", "用原命令继续，或用 --force 重新开始"
            ),
        )
    clear(work)
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
