"""Continued pretraining: the user's own texts in, a backbone that reads them better out, measured before and after.

Started again after a kill it goes on where it was: clean documents, blocks and weights are kept beside the folder.

Source: Gururangan et al. 2020, "Don't Stop Pretraining: Adapt Language Models to Domains and Tasks".
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np

from bedside.backbones._table import SplitTable, put_word_table, word_table
from bedside.config import PretrainRecipe
from bedside.errors import BedsideError
from bedside.train.alone import alone, clear, left
from bedside.train.checkpoint import Progress, read_progress
from bedside.train.defaults import Choice
from bedside.train.fit import seed_everything
from bedside.train.loop import OnEvent
from bedside.train.precision import choose_precision
from bedside.train.pretraining.corpus import Corpus, build_corpus, open_corpus
from bedside.train.pretraining.loop import Loop, fit_head, measure, run
from bedside.train.pretraining.make import Prepared, check_start, prepare
from bedside.train.pretraining.place import check_backbone_place, claim, hashes_of
from bedside.train.pretraining.saved import Pretrained, Sums, facts_of, save
from bedside.types import Figure

BEFORE = "before.npy"

Compare = Callable[[Sums, Sums, int], Mapping[str, Figure]]
"""`compare(before, after, seed)` -> figures with intervals, from sums a document; the command line brings it."""


def pretrain(
    recipe: PretrainRecipe,
    *,
    out: str | Path,
    on_event: OnEvent | None = None,
    compare: Compare | None = None,
    replace: bool = False,
) -> Pretrained:
    """Pretrain by `recipe` and save the backbone to the folder `out`.

    Started again after a kill with the same recipe and texts it resumes, bit for bit (unless a limit of time cut it).
    `on_event` is told of data, choices, steps and epochs as dictionaries. Raises UsageError, DataError or ModelError.
    """
    begun, out, tell = time.monotonic(), Path(out), on_event or (lambda event: None)
    check_backbone_place(out, replace=replace)
    check_start(recipe)
    work = out.parent / f".{out.name}.pretraining"
    with alone(work):
        hashes = hashes_of(recipe)
        begun_before = bool(left(work))
        claim(work, "-".join([recipe.digest(), *hashes.values()]), replace=replace)
        try:
            corpus = _corpus(recipe, work, tell)
            seed_everything(recipe.seed)
            made = prepare(recipe, corpus, work, tell)
        except BedsideError:
            if not begun_before:  # refused before it began: nothing stands in the way of the right command
                clear(work)
            raise
        _tell_data(made, corpus, tell)
        shards = made.shards
        loop = Loop(made.objective, shards.train, shards.held_out, made.recipe, work, made.device, tell)
        progress, before, resumed = _started(loop, made, tell)
        run(loop, progress, resumed=resumed)
        _settle_table(made)
        after = measure(loop)
        figures = dict(compare(before, after, recipe.seed)) if compare else {}
        facts = facts_of(made, _refused(made, corpus), progress, figures)
        kept = {**facts, "recipe": made.recipe.model_dump(mode="json"), "asked": recipe.digest()}
        save(out, made, kept, hashes, time.monotonic() - begun)
        shutil.rmtree(work, ignore_errors=True)
        return Pretrained(out, {**facts, "seconds": round(time.monotonic() - begun, 1)}, before, after)


def _corpus(recipe: PretrainRecipe, work: Path, tell: OnEvent) -> Corpus:
    found = open_corpus(work)
    if found is not None:
        return found
    tell({"event": "stage", "name": "identity" if recipe.identity == "scrub" else "reading", "total": 0})
    return build_corpus(recipe, work, lambda count: tell({"event": "advance", "amount": count}))


def _refused(made: Prepared, corpus: Corpus) -> list[dict[str, str]]:
    return [*corpus.refused, *made.shards.facts["refused"]]


def _tell_data(made: Prepared, corpus: Corpus, tell: OnEvent) -> None:
    parts = {part: made.shards.facts[part] for part in ("train", "held_out")}
    words = {"new_words": len(made.new_words), "rejected_words": made.rejected_words}
    tell({"event": "data", **parts, **words, "refused": _refused(made, corpus)})


def _started(loop: Loop, made: Prepared, tell: OnEvent) -> tuple[Progress, Sums, bool]:
    """Where the run is, the sums before tuning, and whether an unfinished run left them."""
    progress = read_progress(loop.folder)
    if progress is not None:
        tell({"event": "resumed", "epoch": progress.epoch + 1, "step": progress.step})
        return progress, np.load(loop.folder / BEFORE), True
    progress = Progress(run="", precision=_precision(loop, made, tell))
    if made.fresh_head:
        fit_head(loop, progress.precision)
    before = measure(loop)
    np.save(loop.folder / BEFORE, before)
    return progress, before, False


def _precision(loop: Loop, made: Prepared, tell: OnEvent) -> str:
    if made.recipe.precision != "auto":
        return made.recipe.precision
    chosen, reason = choose_precision(loop.device, made.backbone.hidden_size)
    made.choices.append(Choice("precision", chosen, reason))
    tell({"event": "choice", **asdict(made.choices[-1])})
    return chosen


def _settle_table(made: Prepared) -> None:
    """Round a word table that is not tuned to the precision it is saved in: what is measured is what is saved."""
    network = made.backbone.network
    if isinstance(table := word_table(network), SplitTable):
        put_word_table(network, table.merged())
    if not made.recipe.tune_embeddings:
        weight = word_table(network).weight
        weight.data = weight.data.to(made.table_kind).float()
