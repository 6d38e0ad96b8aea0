"""What is explained of a text that was written: how likely the model finds it, a sentence of what it read left out.

A sentence matters if without it the model would hardly have written what it wrote (context ablation; Cohen-Wang et al.
2024, "ContextCite", whose simplest form this is: one sentence at a time).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bedside.errors import UsageError
from bedside.explain.aim import Array, no_labels
from bedside.lang import tr
from bedside.types import Entity


@dataclass(frozen=True)
class TextAim:
    """What was written, as ids, with the mark that ended it."""

    name: str
    written: tuple[int, ...] = field(repr=False)
    how = "sentence"
    chance = True

    def figures(self, model: Any, asked: Sequence[Sequence[str]]) -> Array:
        """The mean probability (geometric) of its pieces after each text."""
        import torch

        writer, found = model.engine.writer, []
        device = next(writer.model.parameters()).device
        for ids in model.encode([one[0] for one in asked]).ids:
            pieces = list(self.written)
            with torch.inference_mode():
                if writer.starts:
                    begun = torch.tensor([[*writer.starts, *pieces[:-1]]], device=device)
                    scores = writer.model(input_ids=torch.tensor([ids], device=device), decoder_input_ids=begun).logits
                else:
                    scores = writer.model(input_ids=torch.tensor([[*ids, *pieces[:-1]]], device=device)).logits
            chances = torch.log_softmax(scores[0, -len(pieces) :].float(), -1)
            found.append(float(chances[range(len(pieces)), pieces].mean()))
        return np.exp(np.array(found))

    def scale(self, figures: Array) -> Array:
        """Log probabilities, a piece's mean."""
        scaled: Array = np.log(np.maximum(figures, 1e-30))
        return scaled


def aim_of(model: Any, texts: Sequence[str], label: str | None, entities: Sequence[Entity]) -> TextAim:
    """The text that the model writes; UsageError where it writes none."""
    no_labels(label)
    if not hasattr(model.engine, "writer"):
        raise UsageError(
            tr("what a compressed writer wrote cannot be explained", "压缩后的生成模型无法解释"),
            value=model.settings["engine"],
            next=tr("explain with the folder it was compressed from", "请用压缩前的模型目录"),
        )
    encoded = model.encode([texts[0]])
    outputs = model.engine.logits(encoded.ids)
    (answer,) = model.form.answers(outputs, encoded, model.labels, model.calibration)
    if answer.refused:
        raise UsageError(answer.refused, next="bedside predict MODEL --text-value TEXT")
    end = model.engine.writer.ends[:1] if answer.whole else ()
    return TextAim(answer.text, (*(int(one) for one in outputs[0][2:]), *end))
