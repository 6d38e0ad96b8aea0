"""Examples in the prompt: a decoder reads a few training rows with their labels, then the text; nothing is trained.

The examples are drawn by the seed, a label in turn. They lie in the model folder, without identity.

Source: Brown et al. 2020, "Language Models are Few-Shot Learners"; Zhao et al. 2021, "Calibrate Before Use".
"""

from __future__ import annotations

from bedside.backbones._writer import load_writer
from bedside.config import Recipe
from bedside.lang import tr
from bedside.train.data import Parts
from bedside.train.defaults import Choice
from bedside.train.prompted._base import Asked
from bedside.train.prompted._decoder import ask_decoder, drawn

FEWEST, MOST = 4, 8


def few_shot(recipe: Recipe, parts: Parts) -> Asked:
    """`shots` examples, and the likelihood of each label's words."""
    count = recipe.fit.shots or usual_shots(len(parts.labels))
    shown = drawn([one[0] for one in parts.train.labels], parts.labels, count, recipe.fit.seed)
    name = recipe.fit.backbone
    found = ask_decoder(recipe, parts, name, load_writer(name), shown)
    kept = tr("training rows, without identity; they lie in the model folder", "训练行，已去除身份信息；存于模型目录")
    found.choices.append(Choice("shots", len(shown), kept))
    return found


def usual_shots(labels: int) -> int:
    """As many of each label as make at least four, where that is no more than eight.

    >>> [usual_shots(labels) for labels in (2, 3, 5, 44)]
    [4, 6, 5, 8]
    """
    return min(MOST, labels * -(-FEWEST // labels))


METHOD = few_shot
