"""What charts have in words as vectors: the latest texts in pieces, encoded, and their mean."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bedside.consult._similar.features import Floats, Look
from bedside.library._index.files import Encoder

PIECE, PIECES = 1500, 40
"""Characters of a piece of text, and pieces of a chart that are encoded, the latest."""


def mean_vectors(encoder: Encoder, looks: Sequence[Look]) -> Floats:
    """The mean vector of what each has in words [n, size], of zeros where it has none."""
    pieces = [_pieces(one.texts) for one in looks]
    own = list(dict.fromkeys(piece for some in pieces for piece in some))
    vectors = encoder.passages(own) if own else np.zeros((0, encoder.size), np.float32)
    at = {piece: number for number, piece in enumerate(own)}
    means = np.zeros((len(looks), encoder.size), np.float32)
    for number, some in enumerate(pieces):
        if some:
            mean = vectors[[at[piece] for piece in some]].mean(axis=0)
            means[number] = mean / max(float(np.linalg.norm(mean)), 1e-12)
    return means


def _pieces(texts: Sequence[str]) -> list[str]:
    """The latest texts in pieces that the encoder reads whole."""
    pieces = [text[at : at + PIECE] for text in texts for at in range(0, len(text), PIECE)]
    return pieces[-PIECES:]
