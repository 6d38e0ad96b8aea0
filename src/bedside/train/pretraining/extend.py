"""Gives a tokenizer new words that stay whole, each starting at the mean of the pieces it was cut into before.

A text in which none of the words stands (as a string) keeps exactly its old ids: a unigram vocabulary weighs a piece
only where it matches, and WordPiece takes the longest one that does. A byte-pair vocabulary is refused: a new word
there needs merges, and merges change how other words are cut.

Source: Yao et al. 2021, "Adapt-and-Distill"; Hewitt 2021, "Initializing New Word Embeddings" (the mean).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from bedside.cleaning.language import HAN
from bedside.errors import DataError, UsageError
from bedside.formats._files.lines import text_lines
from bedside.lang import tr
from bedside.model.inputs import BLANK
from bedside.train.pretraining.corpus import Corpus
from bedside.train.pretraining.words import word_spans
from bedside.types import IDENTITY_TYPES

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MASKS = ("[MASK]", "<mask>")
MIN_COUNT, MIN_DOCUMENTS = 20, 5
"""A word seen less often, or in fewer documents, is not made a piece: it may be a name, and would be learnt badly."""

MIN_LETTERS, MAX_LETTERS = 4, 40
KEPT_WORDS = 1_000_000
"""Beyond so many different words those seen once are forgotten while counting."""


@dataclass(frozen=True)
class Extension:
    """A tokenizer with new words: each with the ids of its former pieces, and those that could not be added."""

    tokenizer: Any
    words: tuple[str, ...]
    former: tuple[tuple[int, ...], ...]
    rejected: int = 0


def read_words(path: Path) -> list[str]:
    """The words of a file, one a line; lines that begin with # are remarks."""
    if not path.is_file():
        raise UsageError(
            tr("no such file of words", "词表文件不存在"), value=str(path), allowed=tr("auto, or a file", "auto 或文件")
        )
    lines = (line.strip() for _, line in text_lines(path, None, lambda _: None))
    words = list(dict.fromkeys(line for line in lines if line and not line.startswith("#")))
    if not words:
        raise DataError(tr("the file holds no words", "文件中没有词"), where=path.name)
    return words


def frequent_words(corpus: Corpus, tokenizer: Tokenizer, limit: int) -> list[str]:
    """Words of the training documents that are cut into several pieces, by pieces saved, most first."""
    seen: Counter[str] = Counter()
    documents: Counter[str] = Counter()
    for document, held_out in corpus.read():
        if held_out:
            continue
        words = [word for a, b in word_spans(document.text) if _wanted(word := document.text[a:b])]
        seen.update(words)
        documents.update(set(words))
        if len(documents) > KEPT_WORDS:
            documents = Counter({word: count for word, count in documents.items() if count > 1})
            seen = Counter({word: seen[word] for word in documents})
    common = [word for word, count in seen.items() if count >= MIN_COUNT and documents[word] >= MIN_DOCUMENTS]
    forms = Counter[str]()
    for word in common:
        forms[_normal(tokenizer, word)] += seen[word]
    pieces = {word: len(_pieces(tokenizer, word)) for word in forms}
    saved = {word: count * (pieces[word] - 1) for word, count in forms.items() if pieces[word] > 1}
    return sorted(saved, key=lambda word: (-saved[word], word))[:limit]


def extend_tokenizer(tokenizer: Tokenizer, words: Sequence[str]) -> Extension:
    """Add each word that is cut into several pieces now and would be one piece then; refuses byte-pair vocabularies."""
    check_extendable(tokenizer)
    written = json.loads(tokenizer.to_str())["model"]
    scores = [score for _, score in written["vocab"]] if written["type"] == "Unigram" else []
    blanks = tokenizer.token_to_id(BLANK) is not None
    wanted = list(dict.fromkeys(_normal(tokenizer, word) for word in words))
    wanted = [word for word in wanted if word and len(_pieces(tokenizer, word)) > 1]
    former = {word: _pieces(tokenizer, word) for word in wanted}
    spelt = {word: _spelt(word, ids, scores, blanks=blanks) for word, ids in former.items()}
    kept = [word for word in wanted if tokenizer.token_to_id(spelt[word][0]) is None]
    size = tokenizer.get_vocab_size()
    while True:
        grown = add_pieces(tokenizer, [spelt[word] for word in kept])
        whole = [word for number, word in enumerate(kept) if _pieces(grown, word) == [size + number]]
        if len(whole) == len(kept):
            return Extension(grown, tuple(kept), tuple(tuple(former[word]) for word in kept), len(wanted) - len(kept))
        kept = whole


def check_extendable(tokenizer: Tokenizer) -> None:
    """Refuse a kind of vocabulary that cannot take new words without changing old ones."""
    kind = json.loads(tokenizer.to_str())["model"]["type"]
    if kind not in ("Unigram", "WordPiece"):
        raise _not_extendable(kind)


def with_mask(tokenizer: Tokenizer) -> tuple[Any, int, bool]:
    """The tokenizer, the id of its mask, and whether the mask had to be added: no text is ever cut into it."""
    found = next((number for mark in MASKS if (number := tokenizer.token_to_id(mark)) is not None), None)
    if found is not None:
        return tokenizer, found, False
    size = tokenizer.get_vocab_size()
    return add_pieces(tokenizer, [(MASKS[1], 0.0)]), size, True


def add_pieces(tokenizer: Tokenizer, pieces: Sequence[tuple[str, float]]) -> Any:
    """The tokenizer with pieces (and their scores, where it has scores) at the end of its vocabulary."""
    from tokenizers import Tokenizer as Kind

    written = json.loads(tokenizer.to_str())
    vocabulary = written["model"]["vocab"]
    if written["model"]["type"] == "Unigram":
        if any(added["id"] >= len(vocabulary) for added in written["added_tokens"]):
            raise _not_extendable("Unigram, with marks after the vocabulary")
        vocabulary += [list(piece) for piece in pieces]
    else:
        size = tokenizer.get_vocab_size()
        vocabulary |= {piece: size + number for number, (piece, _) in enumerate(pieces)}
    return Kind.from_str(json.dumps(written, ensure_ascii=False))


def _not_extendable(kind: str) -> UsageError:
    return UsageError(
        tr(
            "this tokenizer cannot take new words without changing old ones", "该分词器无法在不改变旧词的前提下加入新词"
        ),
        value=kind,
        allowed=["Unigram", "WordPiece"],
        next=tr("leave --add-words out", "去掉 --add-words"),
    )


def mean_rows(weight: Tensor, former: Sequence[Sequence[int]]) -> Tensor:
    """The mean [k, h] of each word's former pieces in the table [v, h]; of all rows where there were none."""
    table = weight.detach().float()
    rows = [table[list(ids)].mean(0) if ids else table.mean(0) for ids in former]
    return torch.stack(rows) if rows else table[:0]


def _spelt(word: str, former: Sequence[int], scores: Sequence[float], *, blanks: bool) -> tuple[str, float]:
    """How a word is spelt in the vocabulary, and its score: the mean of its pieces', so that it beats their sum."""
    score = float(np.mean([scores[number] for number in former])) if scores else 0.0
    return (BLANK + word if blanks and not HAN.match(word) else word), score


def _pieces(tokenizer: Tokenizer, word: str) -> list[int]:
    """Ids of a word alone, without the blank before it."""
    blank = tokenizer.token_to_id(BLANK)
    return [number for number in tokenizer.encode(word, add_special_tokens=False).ids if number != blank]


def _normal(tokenizer: Tokenizer, word: str) -> str:
    normal = tokenizer.normalizer.normalize_str(word) if tokenizer.normalizer else word
    return str(normal).strip()


def _wanted(word: str) -> bool:
    """Words that may be worth a piece: letters or Chinese characters, no number, no tag that stands for identity."""
    if HAN.match(word):
        return 2 <= len(word) <= MAX_LETTERS
    return MIN_LETTERS <= len(word) <= MAX_LETTERS and word.isalpha() and word not in IDENTITY_TYPES
