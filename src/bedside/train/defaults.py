"""Fills in what a recipe leaves open, by size of data and network, each choice with its reason."""

from __future__ import annotations

from dataclasses import dataclass

from bedside.config import FitRecipe
from bedside.train.adapt import tuned_layers

EPOCHS_BY_ROWS = ((200, 20), (1_000, 12), (5_000, 8), (20_000, 4), (100_000, 3))
"""Fewer rows than the first number: so many epochs. Small sets need many passes to reach a few hundred steps."""

MANY = 2
WORK_WORTH_DOING = 18_000_000
"""Tokens times layers (of 384 numbers) that two processor cores do in about a quarter of an hour; long texts, which
teach more a pass, get fewer epochs for it, though never below two."""
USUAL_SIZE = 384

RATES = ((512, 1.5e-4), (800, 5e-5), (10**9, 2e-5))
"""Learning rate by hidden size, full and partial tuning: narrow networks bear, and need, larger steps."""

LORA_FACTOR = 5.0
SCRATCH_RATE = 2e-3
"""Of a network that starts from nothing, which has far to go and nothing to lose (docs/design/002)."""

SGD_RATE = 0.05


@dataclass(frozen=True)
class Choice:
    """One setting that was left open: what was chosen, and why."""

    name: str
    value: float | int | str
    reason: str


def fill_in(
    fit: FitRecipe, *, rows: int, tokens: int, layers: int, hidden_size: int, pretrained: bool = True
) -> tuple[FitRecipe, list[Choice]]:
    """The recipe with epochs, learning rate and word table set; `tokens` counts one pass over the training texts."""
    choices = []
    if fit.epochs is None:
        by_rows = next((epochs for limit, epochs in EPOCHS_BY_ROWS if rows < limit), MANY)
        tuned = tuned_layers(fit, layers)
        work = max(1.0, tokens * tuned * (hidden_size / USUAL_SIZE) ** 2)
        epochs = min(by_rows, max(MANY, round(WORK_WORTH_DOING / work)))
        choices.append(Choice("epochs", epochs, f"{rows} rows, {tokens} tokens a pass, {tuned} layers tuned"))
    if fit.learning_rate is None:
        rate, why = _rate(fit, hidden_size), f"{fit.adapt}, hidden size {hidden_size}"
        if not pretrained and fit.optimizer != "sgd":
            rate, why = SCRATCH_RATE, "not pretrained"
        choices.append(Choice("learning_rate", rate, why))
    if fit.tune_embeddings is None and not pretrained:
        choices.append(Choice("tune_embeddings", True, "not pretrained: its words must be learnt too"))
    return fit.model_copy(update={choice.name: choice.value for choice in choices}), choices


def _rate(fit: FitRecipe, hidden_size: int) -> float:
    if fit.optimizer == "sgd":
        return SGD_RATE
    rate = rate_by_size(hidden_size)
    return rate * LORA_FACTOR if fit.adapt == "lora" else rate


def rate_by_size(hidden_size: int) -> float:
    """The learning rate of AdamW for a network of that width.

    >>> rate_by_size(384) > rate_by_size(768)
    True
    """
    return next(rate for limit, rate in RATES if hidden_size <= limit)
