"""Several short rows in one: each sees itself alone and counts its places from 0, so nothing is learnt otherwise.

Source: Krell et al. 2021, "Efficient Sequence Packing without Cross-contamination".
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from bedside.backbones._base import Backbone
from bedside.errors import UsageError
from bedside.lang import tr
from bedside.model.writing.prompts import Taught

CLOSE = 1e-3
"""How far, of the largest number, a row's vectors in a pack may lie from those of the row alone."""


def packed(rows: Taught, backbone: Backbone, *, tokens: int, seed: int) -> Taught:
    """The same rows, packed into runs of at most `tokens`; `parts` numbers the rows of each from 1.

    Raises UsageError for an encoder-decoder, and for a network that cannot keep packed rows apart.
    """
    _check(backbone)
    groups = packs([len(one) for one in rows.ids], tokens=tokens, seed=seed)
    ids = [[id for row in group for id in rows.ids[row]] for group in groups]
    wanted = [[id for row in group for id in rows.wanted[row]] for group in groups]
    parts = [[at for at, row in enumerate(group, 1) for _ in rows.ids[row]] for group in groups]
    return Taught(ids, wanted, rows.cut, parts)


def packs(lengths: Sequence[int], *, tokens: int, seed: int) -> list[list[int]]:
    """Row numbers, pack by pack: each row, in an order drawn by `seed`, goes where the least room is left that will do.

    >>> packs([6, 3, 4, 5], tokens=9, seed=0)
    [[2, 3], [0, 1]]
    """
    found: list[list[int]] = []
    room: list[int] = []
    for row in np.random.default_rng(seed).permutation(len(lengths)).tolist():
        fits = [place for place, left in enumerate(room) if left >= lengths[row]]
        if fits:
            place = min(fits, key=lambda one: room[one])
            found[place].append(row)
            room[place] -= lengths[row]
        else:
            found.append([row])
            room.append(tokens - lengths[row])
    return found


def _check(backbone: Backbone) -> None:
    """Ask the network itself: two short rows in a pack must come out as each does alone."""
    if not backbone.starts:
        network = backbone.network.eval()
        one, two = torch.tensor([[3, 4, 5]]), torch.tensor([[6, 7]])
        with torch.inference_mode():
            alone = torch.cat([network(one, torch.ones(1, 3)), network(two, torch.ones(1, 2))], 1)
            together = network(torch.cat([one, two], 1), torch.tensor([[1.0, 1.0, 1.0, 2.0, 2.0]]))
        if bool((alone - together).abs().max() <= CLOSE * alone.abs().max()):
            return
    raise UsageError(
        tr("this network cannot keep packed rows apart", "该网络无法隔开拼接的各行"),
        value="packing = true",
        allowed="packing = false",
        next="--set packing=false",
    )
