"""Decides which weights of a backbone learn: one file a method, its name the word for `adapt` in a recipe.

Whose code each is, and why:

- ours: full, frozen, partial (nothing but marking weights); lora, because it is 20 lines and so works without the
  `hub` extra and without the four seconds that `import peft` takes; adapter, prompt and prefix, because peft's hang on
  the inside of transformers' own models, and these must be opened from a saved folder without peft;
- peft's layers, put into our networks: dora, adalora, ia3. They are merged at the end, so a saved folder is the same
  plain encoder that any backbone is.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from bedside.backbones._table import halve_word_table
from bedside.config import FitRecipe, contradictions
from bedside.errors import ConfigError
from bedside.registry import files_in
from bedside.train.adapt._base import PLAIN, Adaptation, Method, refuse_untrained, set_dropout
from bedside.train.adapt.partial import tuned_layers

__all__ = [
    "PLAIN",
    "Adaptation",
    "adapt",
    "halve_word_table",
    "methods",
    "refuse_untrained",
    "set_dropout",
    "tuned_layers",
]


def methods() -> list[str]:
    """The names of all methods: the files of this folder.

    >>> "lora" in methods()
    True
    """
    return files_in(Path(__file__).parent)


def adapt(network: Any, fit: FitRecipe) -> Adaptation:
    """Make `network` ready to learn by the recipe's method; raises UsageError where the two do not go together.

    >>> from bedside.backbones._load import load_backbone
    >>> from bedside.config import FitRecipe
    >>> adapt(load_backbone("echo").network, FitRecipe(adapt="frozen")).start
    2
    """
    if faults := contradictions(fit.model_dump()):
        raise ConfigError(faults, next="bedside fit --help")
    network.requires_grad_(False)
    set_dropout(network, fit.dropout)
    method: Method = import_module(f"bedside.train.adapt.{fit.adapt}").METHOD
    return method(network, fit)
