"""Takes the pieces of scripts that no text uses out of a multilingual vocabulary, and their rows out of the word table.

Nearly half of a vocabulary of 100 languages is in scripts that a clinic never writes. A unigram tokenizer cuts a text
of the scripts that stay into exactly the pieces it did before, for no other piece could match it; the model is a third
smaller on disk, and its tokenizer opens in half the time. Letters of a script taken out are unknown to it afterwards.

Source: Ushio et al. 2023, "An Efficient Multilingual Language Model Compression through Vocabulary Trimming".
"""

from __future__ import annotations

import dataclasses
import json
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from bedside.backbones._base import Backbone

if TYPE_CHECKING:
    from tokenizers import Tokenizer

SCRIPTS = frozenset(
    [
        "ARABIC",
        "ARMENIAN",
        "BENGALI",
        "CYRILLIC",
        "DEVANAGARI",
        "ETHIOPIC",
        "GEORGIAN",
        "GUJARATI",
        "GURMUKHI",
        "HANGUL",
        "HEBREW",
        "HIRAGANA",
        "KANNADA",
        "KATAKANA",
        "KATAKANA-HIRAGANA",
        "KHMER",
        "LAO",
        "MALAYALAM",
        "MONGOLIAN",
        "MYANMAR",
        "ORIYA",
        "SINHALA",
        "SYRIAC",
        "TAMIL",
        "TELUGU",
        "THAANA",
        "THAI",
        "TIBETAN",
    ]
)
"""Scripts that may be taken out, as the first word of their characters' names; all others (Latin, Chinese) stay."""

WORTH_TRIMMING = 100_000
"""Smaller vocabularies are of one language or two, and quick to open."""


def trim_vocabulary(backbone: Backbone, ids: Iterable[Sequence[int]]) -> tuple[Backbone, list[int] | None]:
    """The backbone without the pieces of scripts that `ids` (all texts, as its token ids) never use.

    Also each old id's new one (0 for those taken out), or None where there was nothing to do: another kind of
    tokenizer, a small vocabulary, or a network that is not our own. The network given is changed.
    """
    written = json.loads(backbone.tokenizer.to_str())
    model = written["model"]
    if model["type"] != "Unigram" or len(model["vocab"]) < WORTH_TRIMMING or not _is_ours(backbone.network):
        return backbone, None
    pieces = [piece for piece, _ in model["vocab"]]
    used = frozenset().union(*(_scripts(pieces[number]) for number in set().union(*ids)))
    kept = _kept(model["vocab"], used, marks_of(written))
    if len(kept) == len(pieces):
        return backbone, None
    tokenizer, numbers = keep_pieces(backbone.tokenizer, kept)
    take_rows(backbone.network, kept, numbers)
    return dataclasses.replace(backbone, tokenizer=tokenizer, pad_id=numbers[backbone.pad_id]), numbers


def keep_pieces(tokenizer: Tokenizer, kept: Sequence[int]) -> tuple[Tokenizer, list[int]]:
    """The tokenizer with these pieces alone, numbered anew in order; and each old id's new one (0: taken out)."""
    from tokenizers import Tokenizer

    numbers = [0] * (max(tokenizer.get_vocab().values()) + 1)
    for new, old in enumerate(kept):
        numbers[old] = new
    written = _renumbered(json.loads(tokenizer.to_str()), kept, numbers)
    return Tokenizer.from_str(json.dumps(written, ensure_ascii=False)), numbers


def _is_ours(network: Any) -> bool:
    from bedside.backbones._bert import BertEncoder

    return isinstance(network, BertEncoder)


def _kept(vocabulary: list[tuple[str, float]], used: frozenset[str], marks: set[int]) -> list[int]:
    """Ids that stay, in order; among them that of the lowest score, from which the price of the unknown is reckoned."""
    lowest = min(range(len(vocabulary)), key=lambda number: vocabulary[number][1])
    gone = SCRIPTS - used
    return [
        number
        for number, (piece, _) in enumerate(vocabulary)
        if number in marks or number == lowest or not (_scripts(piece) & gone)
    ]


def marks_of(written: dict[str, Any]) -> set[int]:
    """Ids that a tokenizer, as JSON, names outside its vocabulary."""
    found = {written["model"].get("unk_id")} | {added["id"] for added in written["added_tokens"]}
    for special in _special(written):
        found.update(special["ids"])
    return found - {None}


def _special(written: dict[str, Any]) -> list[dict[str, Any]]:
    return list(((written["post_processor"] or {}).get("special_tokens") or {}).values())


def _renumbered(written: dict[str, Any], kept: Sequence[int], numbers: list[int]) -> dict[str, Any]:
    model = written["model"]
    if model["type"] == "Unigram":
        model["vocab"] = [model["vocab"][old] for old in kept]
        model["unk_id"] = None if model["unk_id"] is None else numbers[model["unk_id"]]
    else:  # WordPiece: pieces by name
        there = set(kept)
        model["vocab"] = {piece: numbers[old] for piece, old in model["vocab"].items() if old in there}
    for added in written["added_tokens"]:
        added["id"] = numbers[added["id"]]
    for special in _special(written):
        special["ids"] = [numbers[old] for old in special["ids"]]
    for end in ("sep", "cls"):  # BERT's own kind of post-processor
        if end in (written["post_processor"] or {}):
            mark, old = written["post_processor"][end]
            written["post_processor"][end] = [mark, numbers[old]]
    return written


def take_rows(network: Any, kept: Sequence[int], numbers: list[int]) -> None:
    """Leave only these rows in a BERT's word table; its padding has a new number too."""
    import torch

    words = network.embeddings.word_embeddings
    words.weight = torch.nn.Parameter(words.weight.detach()[list(kept)], requires_grad=words.weight.requires_grad)
    words.num_embeddings = len(kept)
    words.padding_idx = numbers[network.config.pad_token_id]
    network.config = dataclasses.replace(network.config, vocab_size=len(kept), pad_token_id=words.padding_idx)


def _scripts(piece: str) -> frozenset[str]:
    """The scripts of `SCRIPTS` that a piece has characters of.

    >>> sorted(_scripts("▁жизнь")), sorted(_scripts("患者IL-6"))
    (['CYRILLIC'], [])
    """
    return frozenset(map(_script, piece)) & SCRIPTS


@cache
def _script(character: str) -> str:
    return unicodedata.name(character, "").split(" ", 1)[0]
