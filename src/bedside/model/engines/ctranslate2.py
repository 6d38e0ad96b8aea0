"""A decoder run by CTranslate2 in 8 bits, without torch or transformers (extra `ctranslate2`); it writes greedily.

Keys and values of what all prompts begin with (the template, the system's words) are computed once and kept.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from bedside.errors import MissingExtra, ModelError
from bedside.lang import tr
from bedside.model.apart import Shelf
from bedside.model.engine import Ids, Outputs
from bedside.model.writing.prompts import prompt_ids

INSIDE = "ctranslate2"
"""The folder within the model's own that holds what CTranslate2 reads."""
BATCH = 16


class Ctranslate2Engine:
    """Holds the generator; `place` is where its files lie, `keeper` what keeps them there.

    `before` are the ids that every prompt begins with; `ends` those that end a text.
    """

    def __init__(self, place: Path, tokenizer: Tokenizer, settings: dict[str, Any], keeper: Any = None) -> None:
        try:
            import ctranslate2
        except ImportError:
            raise MissingExtra("ctranslate2", "ctranslate2") from None
        self.tokenizer, self.place, self.keeper = tokenizer, place, keeper
        self.ends, self.most = list(settings["ends"]), int(settings["write"]["new_tokens"])
        self.before = prompt_ids(tokenizer, settings["prefix"]).before
        self._generator = ctranslate2.Generator(str(place), device="cpu", inter_threads=1, intra_threads=1)

    def logits(self, ids: Sequence[Ids]) -> Outputs:
        """What is written after each prompt, as `writing/decode.py` has it: how it ended, mean log probability, ids."""
        found: list[NDArray[np.float32]] = [np.array([1, 0], np.float32)] * len(ids)
        shared = self._begun_alike(ids)
        by_length: dict[int, list[int]] = {}
        for number, one in enumerate(ids):
            if one:
                by_length.setdefault(len(one), []).append(number)
        for group in by_length.values():
            for number, output in zip(group, self._write([ids[n] for n in group], shared), strict=True):
                found[number] = output
        return found

    def save(self, folder: Path) -> None:
        """Copy the generator's files, and write the tokenizer."""
        shutil.copytree(self.place, folder / INSIDE)
        (folder / "tokenizer.json").write_text(self.tokenizer.to_str(), encoding="utf-8")

    def _begun_alike(self, ids: Sequence[Ids]) -> list[int]:
        """The template's beginning, where all prompts have it and go on behind it."""
        size = len(self.before)
        alike = all(list(one[:size]) == self.before and len(one) > size for one in ids if one)
        return self.before if alike else []

    def _write(self, prompts: Sequence[Ids], shared: list[int]) -> list[NDArray[np.float32]]:
        """Prompts of one length, so that all of each is read at once."""
        made = self._generator.generate_batch(
            [self._pieces(one[len(shared) :]) for one in prompts],
            static_prompt=self._pieces(shared) or None,
            cache_static_prompt=True,
            max_batch_size=BATCH,
            max_length=self.most,
            include_prompt_in_result=False,
            end_token=self.ends,
            return_end_token=True,
            return_scores=True,
        )
        return [self._output(one.sequences_ids[0], one.scores[0]) for one in made]

    def _output(self, ids: list[int], score: float) -> NDArray[np.float32]:
        ended = bool(ids) and ids[-1] in self.ends
        return np.array([0.0 if ended else 1.0, score, *(ids[:-1] if ended else ids)], np.float32)

    def _pieces(self, ids: Ids) -> list[str]:
        return [str(self.tokenizer.id_to_token(id)) for id in ids]


def open_folder(folder: Path, settings: dict[str, Any], shelf: Shelf) -> Ctranslate2Engine:
    """Read what `bedside compress` saved; no shelf is needed."""
    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        return Ctranslate2Engine(folder / INSIDE, tokenizer, settings)
    except MissingExtra:
        raise
    except Exception as fault:  # ctranslate2 and tokenizers raise classes of their own
        raise ModelError(
            tr("the compressed model cannot be opened", "无法打开压缩模型"),
            where=str(folder),
            value=type(fault).__name__,
        ) from None
