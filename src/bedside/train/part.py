"""One part of the data as the training loop sees it: texts by number, their lengths, and what is to be said of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from bedside.heads._tags import NOT_JUDGED
from bedside.model.forms import Targets
from bedside.train.cache import Inputs


@dataclass
class Part:
    """One part of the data as the loop sees it: texts (or pieces of them) by number, and what is to be said of each.

    `members` are the texts of each row, of a head that compares texts; else a row is a text.
    """

    inputs: Inputs
    targets: Targets
    members: Sequence[Sequence[int]] | None = None

    @property
    def lengths(self) -> list[int]:
        """Tokens of each row's longest text."""
        sizes = self.inputs.lengths
        return sizes if self.members is None else [max(sizes[text] for text in texts) for texts in self.members]

    def texts(self, rows: Sequence[int]) -> list[int]:
        """The texts of these rows, in order."""
        return list(rows) if self.members is None else [text for row in rows for text in self.members[row]]

    def wanted(self, rows: Sequence[int]) -> Tensor:
        """Label numbers [b], marks [b, labels], tags [b, t], or row, text and grade of each text [b, 3]."""
        if isinstance(self.targets, np.ndarray):
            return torch.from_numpy(self.targets[rows])
        found = [torch.from_numpy(self.targets[row]) for row in rows]
        if self.members is not None:
            return torch.cat(found)
        return torch.nn.utils.rnn.pad_sequence(found, batch_first=True, padding_value=NOT_JUDGED)
