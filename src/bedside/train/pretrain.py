"""Continued pretraining: the user's own texts in, a backbone that reads them better out, measured before and after.

Started again after a kill it goes on where it was: clean documents, blocks and weights are kept beside the folder.

Source: Gururangan et al. 2020, "Don't Stop Pretraining: Adapt Language Models to Domains and Tasks".
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.backbones._store import CONFIG, save_backbone
from bedside.backbones._table import SplitTable, put_word_table, word_table
from bedside.config import PretrainRecipe
from bedside.errors import BedsideError, UsageError
from bedside.files import whole_file, whole_folder
from bedside.lang import tr
from bedside.receipt import file_sha256, write_receipt
from bedside.train.alone import alone, clear, left
from bedside.train.checkpoint import Progress, read_progress
from bedside.train.corpus import Corpus, build_corpus, corpus_files, open_corpus
from bedside.train.defaults import Choice
from bedside.train.fit import seed_everything
from bedside.train.loop import OnEvent
from bedside.train.objectives import WordHead
from bedside.train.precision import choose_precision
from bedside.train.pretrain_loop import Loop, fit_head, measure, run
from bedside.train.pretrain_make import Prepared, check_start, prepare
from bedside.types import Figure

RECEIPT, HEAD, BEFORE, RUN = "receipt.json", "mlm_head.safetensors", "before.npy", "run.json"

Sums = NDArray[np.float64]
Compare = Callable[[Sums, Sums, int], Mapping[str, Figure]]
"""`compare(before, after, seed)` -> figures with intervals, from sums a document; the command line brings it."""


@dataclass(frozen=True)
class Pretrained:
    """A finished run: the folder, what is to be told of it, and the sums [documents, 2] its figures come from."""

    folder: Path
    facts: dict[str, Any]
    before: Sums = field(repr=False)
    after: Sums = field(repr=False)


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
        hashes = _hashes(recipe)
        begun_before = bool(left(work))
        _claim(work, "-".join([recipe.digest(), *hashes.values()]), replace=replace)
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
        facts = _facts(made, corpus, progress, figures)
        kept = {**facts, "recipe": made.recipe.model_dump(mode="json"), "asked": recipe.digest()}
        _save(out, made, kept, hashes, time.monotonic() - begun)
        shutil.rmtree(work, ignore_errors=True)
        return Pretrained(out, {**facts, "seconds": round(time.monotonic() - begun, 1)}, before, after)


def pretrained_before(recipe: PretrainRecipe, out: Path) -> Pretrained | None:
    """The finished run of the very same recipe and texts that lies in `out`, without its sums; None: there is none."""
    try:
        told = json.loads((out / RECEIPT).read_text(encoding="utf-8"))
        facts = dict(told["pretraining"])
    except (OSError, ValueError, KeyError):
        return None
    del facts["recipe"]
    if facts.pop("asked", None) != recipe.digest() or told["data_sha256"] != _hashes(recipe):
        return None
    nothing = np.zeros((0, 2))
    return Pretrained(out, {**facts, "seconds": told["seconds"]}, nothing, nothing)


def check_backbone_place(folder: Path, *, replace: bool) -> None:
    """Refuse to write over anything that is not an empty folder, or a backbone of ours that the user wants replaced."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not ((folder / CONFIG).is_file() and (folder / RECEIPT).is_file()):
        raise UsageError(
            tr(
                "exists and is not a pretrained backbone; it will not be overwritten",
                "已存在且不是预训练所得目录，不会覆盖",
            ),
            value=str(folder),
            next=tr("choose another folder", "请另选目录"),
        )
    if not replace:
        raise UsageError(tr("a backbone is there already", "该处已有骨干网络"), value=str(folder), next="--force")


def _hashes(recipe: PretrainRecipe) -> dict[str, str]:
    """SHA-256 of every file that decides the result, by its name within the corpus."""
    files: dict[str, Path] = {}
    for source in corpus_files(recipe.corpus, recipe.documents)[0]:
        files[source.name if source.name not in files else str(source.path)] = source.path
    if recipe.add_words not in (None, "auto"):
        files["--add-words"] = Path(str(recipe.add_words))
    return {name: file_sha256(path) for name, path in files.items()}


def _claim(work: Path, run_id: str, *, replace: bool) -> None:
    """Take the work folder for this run; one of another run is refused, or cleared if the user says so."""
    if (work / RUN).is_file() and json.loads((work / RUN).read_text(encoding="utf-8")) != run_id:
        if open_corpus(work) and not replace:
            raise UsageError(
                tr("an unfinished run with another recipe or other texts is there", "该处有配方或文本不同的未完成训练"),
                value=str(work),
                next=tr(
                    "the same command as before to resume, or --force to start anew",
                    "用原命令继续，或用 --force 重新开始",
                ),
            )
        clear(work)
    with whole_file(work / RUN) as file:
        file.write(json.dumps(run_id))


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


def _facts(made: Prepared, corpus: Corpus, progress: Progress, figures: Mapping[str, Figure]) -> dict[str, Any]:
    shards = made.shards.facts
    parts = {part: shards[part]["documents"] for part in ("train", "held_out")}
    return {
        "objective": made.recipe.objective,
        "backbone": made.backbone.name,
        "perplexity": {name: asdict(figure) for name, figure in figures.items()},
        "documents": {**parts, "refused": len(_refused(made, corpus))},
        "tokens": {part: shards[part]["tokens"] for part in ("train", "held_out")},
        "head_steps": made.recipe.head_steps if made.fresh_head else 0,
        "steps": progress.step,
        "precision": progress.precision,
        "seed": made.recipe.seed,
        "new_words": list(made.new_words),
        "rejected_words": made.rejected_words,
        "choices": [asdict(choice) for choice in made.choices],
        "history": progress.history,
        "refused": _refused(made, corpus),
    }


def _save(out: Path, made: Prepared, facts: dict[str, Any], hashes: dict[str, str], seconds: float) -> None:
    """Write the folder whole or not at all: Hugging Face's three files, the head, and the receipt."""
    from safetensors.torch import save_file

    backbone, head = made.backbone, made.objective.head
    backbone.network.to("cpu")
    if not made.recipe.tune_embeddings:
        word_table(backbone.network).to(made.table_kind)
    receipt = write_receipt(made.recipe.digest(), [], seed=made.recipe.seed, seconds=seconds).to_dict()
    told = {**receipt, "data_sha256": hashes, "pretraining": facts}
    with whole_folder(out) as fresh:
        save_backbone(backbone.network, backbone.tokenizer, fresh, prefix=backbone.prefix, licence=backbone.licence)
        if isinstance(head, WordHead):
            save_file(head.named_tensors(), fresh / HEAD, metadata={"format": "pt"})
            (fresh / HEAD).chmod(0o644)
        (fresh / RECEIPT).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
