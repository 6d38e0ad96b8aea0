"""The engine of a masked encoder that is asked: how well each label's words fill a gap beside the text.

A label of several pieces fills as many masks side by side; its score is the mean log probability of its pieces there.

Source: Schick & Schütze 2021, "Exploiting Cloze Questions for Few Shot Text Classification" (PET); several masks in one
pass as in their "It's Not Just Size That Matters".
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from bedside.backbones._store import load_network, save_network
from bedside.backbones._table import score_words, word_table
from bedside.backbones._word_head import load_word_head, save_word_head
from bedside.model.apart import Shelf
from bedside.model.engine import Ids, in_length_order
from bedside.model.engines.likelihood import PROMPT, check_ids, read_prompt
from bedside.model.engines.torch import pad


class MaskEngine:
    """`word_head` stands between the network and its word table; `answers` are each label's ids, `prior` [labels]."""

    def __init__(
        self,
        network: Any,
        word_head: Any,
        tokenizer: Any,
        pad_id: int,
        *,
        mask: int,
        answers: Sequence[Sequence[int]],
        prior: Sequence[float],
    ) -> None:
        self.network, self.word_head, self.tokenizer = network.eval(), word_head.eval(), tokenizer
        self.pad_id, self.mask = pad_id, mask
        self.answers, self.prior = [list(one) for one in answers], np.asarray(prior, np.float32)

    def logits(self, ids: Sequence[Ids]) -> NDArray[np.float32]:
        """Mean log probability a piece of each label's words [n, labels], less what it has without a text."""
        found = np.zeros((len(ids), len(self.answers)), np.float32)
        for count in sorted({len(one) for one in self.answers}):
            columns = [number for number, one in enumerate(self.answers) if len(one) == count]
            widened = [self._widened(one, count) for one in ids]
            if widened:
                found[:, columns] = in_length_order(widened, lambda group, c=columns: self._run(group, c))  # type: ignore[misc]
        return found - self.prior

    def save(self, folder: Path) -> None:
        """Write backbone/, the word head and what is asked."""
        (folder / "backbone").mkdir()
        save_network(self.network, self.tokenizer, folder / "backbone")
        save_word_head(self.word_head, folder)
        values = {"before": [self.mask], "answers": self.answers, "prior": self.prior.tolist()}
        (folder / PROMPT).write_text(json.dumps(values) + "\n", encoding="utf-8")

    def _widened(self, ids: Ids, count: int) -> list[int]:
        """With `count` masks in place of the one."""
        at = list(ids).index(self.mask)
        return [*ids[:at], *[self.mask] * count, *ids[at + 1 :]]

    def _run(self, ids: list[Ids], columns: list[int]) -> NDArray[np.float32]:
        """Texts with as many masks as these labels have pieces -> their scores [texts, columns]."""
        table, mask = pad(ids, self.pad_id)
        wanted = torch.tensor([self.answers[column] for column in columns])
        with torch.inference_mode():
            rows, places = (table == self.mask).nonzero(as_tuple=True)
            vectors = self.network(table, mask)[rows, places]
            scores = score_words(word_table(self.network), self.word_head(vectors)) + self.word_head.bias
            chances = torch.log_softmax(scores.float(), -1).reshape(len(ids), wanted.shape[1], -1)
            picked = torch.stack([chances[:, at, wanted[:, at]] for at in range(wanted.shape[1])])
        out: NDArray[np.float32] = picked.mean(0).numpy()
        return out


def open_folder(folder: Path, settings: dict[str, Any], shelf: Shelf) -> MaskEngine:
    """Read the network, its word head, and what is asked."""
    values = read_prompt(folder, len(settings["labels"]))
    network, tokenizer = load_network(folder / "backbone")
    before = values.pop("before")
    check_ids([before, *values["answers"]], tokenizer.get_vocab_size(), folder)
    word_head = load_word_head(folder, network)
    return MaskEngine(network, word_head, tokenizer, settings["pad_id"], mask=before[0], **values)
