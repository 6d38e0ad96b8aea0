"""Chooses which pieces of a vocabulary a clinic needs: those its texts use, the commonest others, and every letter.

Any later text can still be read: a piece is taken out only where single letters that stay can be put in its place, so
no character becomes unknown that was known before; a rare word is read in smaller pieces.

Source: Abdaoui et al. 2020, "Load What You Need: Smaller Versions of Multilingual BERT".
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from bedside.backbones._trim import marks_of

if TYPE_CHECKING:
    from tokenizers import Tokenizer

KINDS = ("Unigram", "WordPiece")
SHARED_BY = 3
"""A piece stays for the texts' sake if so many of them use it: which pieces stay then tells of no single patient."""

BYTE = re.compile(r"<0x[0-9A-F]{2}>")


def pieces_to_keep(tokenizer: Tokenizer, ids: Iterable[Sequence[int]], size: int) -> list[int] | None:
    """Ids that stay, in order, `size` of them or as many as are needed; None for another kind of tokenizer.

    `ids` are texts as this tokenizer's ids.
    """
    written = json.loads(tokenizer.to_str())
    if written["model"]["type"] not in KINDS:
        return None
    pieces, order = _by_frequency(written["model"])
    inside = written["model"].get("continuing_subword_prefix", "")
    used = Counter(piece for one in ids for piece in set(one))
    kept = (
        marks_of(written) | _needed(pieces, inside, order[-1]) | {piece for piece, n in used.items() if n >= SHARED_BY}
    )
    for piece in order:
        if len(kept) >= size:
            break
        kept.add(piece)
    return sorted(kept)


def _by_frequency(model: dict[str, Any]) -> tuple[dict[int, str], list[int]]:
    """Pieces by id, and ids from the commonest to the rarest: by score, or as the vocabulary was learnt."""
    if model["type"] == "Unigram":
        pieces = dict(enumerate(piece for piece, _ in model["vocab"]))
        return pieces, sorted(pieces, key=lambda number: -float(model["vocab"][number][1]))
    pieces = {number: piece for piece, number in model["vocab"].items()}
    return pieces, sorted(pieces)


def _needed(pieces: dict[int, str], inside: str, lowest: int) -> set[int]:
    """Bytes, letters, what letters cannot replace, and the lowest score (the unknown is priced by it)."""
    there = set(pieces.values())

    def needed(piece: str) -> bool:
        letters = _letters(piece, inside)
        return len(letters) < 2 or BYTE.fullmatch(piece) is not None or not there.issuperset(letters)

    return {lowest} | {number for number, piece in pieces.items() if needed(piece)}


def _letters(piece: str, inside: str) -> list[str]:
    """The single letters that a piece can be read as; `inside` begins each that does not begin a word (WordPiece).

    >>> _letters("pain", "##"), _letters("##ase", "##"), _letters("胸痛", "")
    (['p', '##a', '##i', '##n'], ['##a', '##s', '##e'], ['胸', '痛'])
    """
    first = not piece.startswith(inside) if inside else False
    letters = piece if first else piece.removeprefix(inside)
    return [letter if first and at == 0 else inside + letter for at, letter in enumerate(letters)]
