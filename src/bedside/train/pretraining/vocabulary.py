"""The vocabulary of a run of pretraining: words taken in, a mask where none was, scripts in no text let go."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np

from bedside.backbones._base import Backbone
from bedside.backbones._table import grow_word_table, word_table
from bedside.backbones._trim import trim_vocabulary
from bedside.config import PretrainRecipe
from bedside.files import whole_file
from bedside.lang import tr
from bedside.train.defaults import Choice
from bedside.train.pretraining.corpus import Corpus
from bedside.train.pretraining.extend import extend_tokenizer, frequent_words, mean_rows, read_words, with_mask
from bedside.train.pretraining.shards import Shards

WORDS = "words.json"


def extended(
    recipe: PretrainRecipe, corpus: Corpus, work: Path, backbone: Backbone
) -> tuple[Backbone, tuple[str, ...], int]:
    """The backbone with new words and, where it had none, a mask; each new row starts as the mean of old ones."""
    tokenizer, size = backbone.tokenizer, backbone.tokenizer.get_vocab_size()
    words: tuple[str, ...] = ()
    former: list[list[int]] = []
    rejected = 0
    if recipe.add_words:
        found = extend_tokenizer(tokenizer, _words(recipe, corpus, work, tokenizer))
        tokenizer, words, rejected = found.tokenizer, found.words, found.rejected
        former = [list(ids) for ids in found.former]
    if recipe.objective == "mlm":
        tokenizer, _, added = with_mask(tokenizer)
        former += [[]] * added
    if former:
        grow_word_table(backbone.network, size, mean_rows(word_table(backbone.network).weight[:size], former))
    return dataclasses.replace(backbone, tokenizer=tokenizer), words, rejected


def _words(recipe: PretrainRecipe, corpus: Corpus, work: Path, tokenizer: Any) -> list[str]:
    if recipe.add_words != "auto":
        return read_words(Path(str(recipe.add_words)))
    kept = work / WORDS
    if kept.is_file():
        return list(json.loads(kept.read_text(encoding="utf-8")))
    words = frequent_words(corpus, tokenizer, recipe.new_words)
    with whole_file(kept) as file:
        file.write(json.dumps(words, ensure_ascii=False))
    return words


def trimmed(backbone: Backbone, shards: Shards, size: int, choices: list[Choice]) -> tuple[Backbone, int]:
    """The backbone without pieces of scripts in no text, and how many rows of its table are new."""
    pieces = backbone.tokenizer.get_vocab_size()
    backbone, numbers = trim_vocabulary(backbone, [np.flatnonzero(shards.used).tolist()])
    if numbers is None:
        return backbone, pieces - size
    table = np.asarray(numbers)
    shards.train.numbers = shards.held_out.numbers = table
    kept = backbone.tokenizer.get_vocab_size()
    choices.append(
        Choice(
            "vocabulary",
            kept,
            tr(
                f"of {pieces} pieces; the others are of scripts in no text",
                f"共 {pieces} 个词片；其余属于文本中没有的文字",
            ),
        )
    )
    return backbone, int((table[size:] > 0).sum())
