"""The engine of a decoder that is asked: how likely it finds each label's words after an instruction and the text.

The folder names the decoder, which is kept elsewhere, and holds what it reads before every text, the words of each
label, and each label's own likelihood, which is divided out. Nothing in it was trained.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.backbones._writer import load_writer
from bedside.errors import ModelError
from bedside.lang import tr
from bedside.model.apart import Shelf, find_backbone
from bedside.model.branches import Scorer
from bedside.model.engine import Ids

PROMPT = "prompt.json"


class LikelihoodEngine:
    """`before` is what stands before every text, `answers` the ids of each label's words, `prior` [labels]."""

    def __init__(
        self,
        network: Any,
        tokenizer: Any,
        pad_id: int,
        *,
        before: Sequence[int],
        answers: Sequence[Sequence[int]],
        prior: Sequence[float],
    ) -> None:
        self.network, self.tokenizer = network.eval(), tokenizer
        self.scorer = Scorer(network.model, before, answers, pad_id)
        self.answers, self.prior = [list(one) for one in answers], np.asarray(prior, np.float32)

    def logits(self, ids: Sequence[Ids]) -> NDArray[np.float32]:
        """Mean log probability a piece of each label's words [n, labels], less what it has without a text."""
        if not ids:
            return np.zeros((0, len(self.prior)), np.float32)
        return self.scorer.scores(ids) / self.scorer.lengths - self.prior

    def save(self, folder: Path) -> None:
        """Write what is asked."""
        values = {"before": self.scorer.before, "answers": self.answers, "prior": self.prior.tolist()}
        (folder / PROMPT).write_text(json.dumps(values) + "\n", encoding="utf-8")


def open_folder(folder: Path, settings: dict[str, Any], shelf: Shelf) -> LikelihoodEngine:
    """Find the decoder, and what it is asked."""
    values = read_prompt(folder, len(settings["labels"]))
    backbone = find_backbone(folder, settings["backbone"], load_writer, shelf)
    check_ids([values["before"], *values["answers"]], backbone.tokenizer.get_vocab_size(), folder)
    return LikelihoodEngine(backbone.network, backbone.tokenizer, settings["pad_id"], **values)


def read_prompt(folder: Path, labels: int) -> dict[str, Any]:
    """`prompt.json`, of the right shape; ModelError where it is not."""
    try:
        values = json.loads((folder / PROMPT).read_text(encoding="utf-8"))
        answers, before = values["answers"], values["before"]
        whole = all(isinstance(one, list) and one and all(type(id) is int for id in one) for one in answers)
        prior = [float(one) for one in values["prior"]]
        fits = whole and all(type(id) is int for id in before) and len(answers) == len(prior) == labels
    except (OSError, ValueError, KeyError, TypeError):
        fits = False
    if not fits or not np.isfinite(prior).all():
        raise _broken(folder)
    return {"before": before, "answers": answers, "prior": prior}


def check_ids(lists: Sequence[Sequence[int]], size: int, folder: Path) -> None:
    """Refuse ids that the vocabulary does not have."""
    if any(not 0 <= id < size for one in lists for id in one):
        raise _broken(folder)


def _broken(folder: Path) -> ModelError:
    return ModelError(
        tr("what the model is asked cannot be used", "模型的提问设置不可用"),
        where=str(folder / PROMPT),
        next=tr("copy the folder again from where it was made", "请从生成处重新复制该目录"),
    )
