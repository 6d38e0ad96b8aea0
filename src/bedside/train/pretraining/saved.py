"""A finished run of pretraining: what is told of it, the folder it is kept in, and found again in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.backbones._store import save_backbone
from bedside.backbones._table import word_table
from bedside.config import PretrainRecipe
from bedside.files import whole_folder
from bedside.receipt import write_receipt
from bedside.train.checkpoint import Progress
from bedside.train.pretraining.make import Prepared
from bedside.train.pretraining.objectives import WordHead
from bedside.train.pretraining.place import RECEIPT, hashes_of
from bedside.types import Figure

HEAD = "mlm_head.safetensors"

Sums = NDArray[np.float64]


@dataclass(frozen=True)
class Pretrained:
    """A finished run: the folder, what is to be told of it, and the sums [documents, 2] its figures come from."""

    folder: Path
    facts: dict[str, Any]
    before: Sums = field(repr=False)
    after: Sums = field(repr=False)


def pretrained_before(recipe: PretrainRecipe, out: Path) -> Pretrained | None:
    """The finished run of the very same recipe and texts that lies in `out`, without its sums; None: there is none."""
    try:
        told = json.loads((out / RECEIPT).read_text(encoding="utf-8"))
        facts = dict(told["pretraining"])
    except (OSError, ValueError, KeyError):
        return None
    del facts["recipe"]
    if facts.pop("asked", None) != recipe.digest() or told["data_sha256"] != hashes_of(recipe):
        return None
    nothing = np.zeros((0, 2))
    return Pretrained(out, {**facts, "seconds": told["seconds"]}, nothing, nothing)


def facts_of(
    made: Prepared, refused: Sequence[dict[str, str]], progress: Progress, figures: Mapping[str, Figure]
) -> dict[str, Any]:
    """What is to be told of a run."""
    shards = made.shards.facts
    parts = {part: shards[part]["documents"] for part in ("train", "held_out")}
    return {
        "objective": made.recipe.objective,
        "backbone": made.backbone.name,
        "perplexity": {name: asdict(figure) for name, figure in figures.items()},
        "documents": {**parts, "refused": len(refused)},
        "tokens": {part: shards[part]["tokens"] for part in ("train", "held_out")},
        "head_steps": made.recipe.head_steps if made.fresh_head else 0,
        "steps": progress.step,
        "precision": progress.precision,
        "seed": made.recipe.seed,
        "new_words": list(made.new_words),
        "rejected_words": made.rejected_words,
        "choices": [asdict(choice) for choice in made.choices],
        "history": progress.history,
        "refused": [*refused],
    }


def save(out: Path, made: Prepared, facts: dict[str, Any], hashes: dict[str, str], seconds: float) -> None:
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
