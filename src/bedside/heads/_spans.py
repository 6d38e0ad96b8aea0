"""Scores of every stretch of a text as an entity of every type; one definition, for torch and numpy alike.

Source: Su et al. 2022, "Global Pointer" and its "Efficient GlobalPointer" (arXiv:2208.03054).
"""

from __future__ import annotations

from typing import Any

SIZE = 64
"""Numbers of each of the two vectors of a token, the one it begins an entity with and the one it ends it with."""

MAY_BEGIN, MAY_END = -1, -2
"""In a row of targets, in the place of a type: the token may begin and end an entity, or only end one."""


def span_scores(first: Any, last: Any) -> Any:
    """Scores [..., types, m, n] that an entity stands from each of m tokens to each of n; found where above 0.

    `first` [..., m, k] and `last` [..., n, k] are what the head gives for the tokens, k = 2 SIZE + 2 types: the vectors
    that begin (q) and end (r) an entity, then for each type how apt the token is to begin one (b) and to end one (e).
    The score of type a from i to j is q_i . r_j / sqrt(SIZE) + b_ia + e_ja.
    """
    types = (first.shape[-1] - 2 * SIZE) // 2
    stretch = first[..., :SIZE] @ last[..., SIZE : 2 * SIZE].swapaxes(-1, -2) / SIZE**0.5
    begins = first[..., 2 * SIZE : 2 * SIZE + types].swapaxes(-1, -2)
    ends = last[..., 2 * SIZE + types :].swapaxes(-1, -2)
    return stretch[..., None, :, :] + begins[..., :, None] + ends[..., None, :]
