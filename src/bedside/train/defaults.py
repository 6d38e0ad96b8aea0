"""Fills in what a recipe leaves open, by size of data and network, each choice with its reason."""

from __future__ import annotations

from dataclasses import dataclass

from bedside.config import FitRecipe
from bedside.lang import tr
from bedside.train.adapt import tuned_layers

EPOCHS_BY_ROWS = ((200, 20), (1_000, 12), (5_000, 8), (20_000, 4), (100_000, 3))
"""Fewer rows than the first number: so many epochs. Small sets need many passes to reach a few hundred steps."""

ENTITIES_COUNT = 1 / 2
"""What a row counts in that table where entities are marked: most of its words teach only that they are none. Measured
on NCBI disease (docs/heads/tag.md): F1 0.830 after four passes, 0.842 after eight."""

MANY = 2
WORK_WORTH_DOING = 18_000_000
"""Tokens times layers (of 384 numbers) that two processor cores do in about a quarter of an hour; long texts, which
teach more a pass, get fewer epochs for it, though never below two."""
USUAL_SIZE = 384

RATES = ((512, 1.5e-4), (800, 5e-5), (10**9, 2e-5))
"""Learning rate by hidden size, full and partial tuning: narrow networks bear, and need, larger steps."""

LORA_FACTOR = 5.0
"""LoRA and DoRA, relative to full tuning; both papers use the same rate for the two."""

RANK_FACTOR = 1 / 3
"""Of a head that compares texts, relative to others: the encoders here were pretrained to compare texts already."""

METHOD_RATES = {
    "adalora": 1e-3,  # Zhang et al. 2023, appendix: 5e-4 to 1.2e-3 over the tasks of GLUE
    "ia3": 3e-3,  # Liu et al. 2022, section 3.3
    "adapter": 3e-4,  # Houlsby et al. 2019, section 3.2: 3e-5, 3e-4 and 3e-3 tried; the middle one
    "prompt": 3e-2,  # Lester et al. 2021 take 0.3 with Adafactor; a tenth of it with AdamW, as peft's examples do
    "prefix": 1e-2,  # Liu et al. 2022, "P-Tuning v2": 5e-3 to 1e-2 for BERT without reparametrisation
}
"""Learning rates of methods whose papers name one: what learns is their own, so the network's width matters less."""

SCRATCH_RATE = 2e-3
"""Of a network that starts from nothing, which has far to go and nothing to lose (docs/design/002)."""

SGD_RATE = 0.05

AVERAGED = 0.25
"""Share of the steps so far whose weights are averaged where a text is given one of some labels, and whole weights are
tuned: what that was measured on, and with which shares, is told in docs/design/002. Elsewhere it was not measured."""

MOVED = 0.05
"""Share of their length by which vectors are moved where a batch is learnt again (`train/adversarial.py`): the one that
was measured (docs/design/002)."""

READ_AGAIN = 1.8
"""What a step costs with it, in steps without."""

MANY_LABELS, MOVED_PASSES = 20, 3
"""It is done unless said from so many labels on, where so many passes with it are worth doing: it was measured on 44
labels, many of them rare, of short texts."""


@dataclass(frozen=True)
class Choice:
    """One setting that was left open: what was chosen, and why."""

    name: str
    value: float | int | str
    reason: str


def fill_in(
    fit: FitRecipe,
    *,
    rows: int,
    tokens: int,
    layers: int,
    hidden_size: int,
    pretrained: bool = True,
    entities: bool = False,
    labels: int = 0,
) -> tuple[FitRecipe, list[Choice]]:
    """The recipe with epochs, learning rate and word table set.

    `tokens` counts one pass over the training texts; `entities`: they are marked with entities; `labels`: how many.
    """
    choices = []
    tuned = tuned_layers(fit, layers)
    work = max(1.0, tokens * tuned * (hidden_size / USUAL_SIZE) ** 2)
    measured = _of_one_label(fit, labels, work)
    if fit.epochs is None:
        counted = rows * ENTITIES_COUNT if entities else rows
        by_rows = next((epochs for limit, epochs in EPOCHS_BY_ROWS if counted < limit), MANY)
        if fit.adversarial or "adversarial" in {choice.name for choice in measured}:
            work *= READ_AGAIN
        epochs = min(by_rows, max(MANY, round(WORK_WORTH_DOING / work)))
        choices.append(Choice("epochs", epochs, _work_said(rows, tokens, tuned)))
    if fit.learning_rate is None:
        rate, why = (
            _rate(fit, hidden_size),
            tr(f"{fit.adapt}, hidden size {hidden_size}", f"{fit.adapt}，隐藏层宽度 {hidden_size}"),
        )
        if not pretrained and fit.optimizer != "sgd":
            rate, why = SCRATCH_RATE, tr("not pretrained", "未经预训练")
        choices.append(Choice("learning_rate", rate, why))
    if fit.tune_embeddings is None and not pretrained:
        choices.append(
            Choice(
                "tune_embeddings",
                True,
                tr("not pretrained: its words must be learnt too", "未经预训练：词向量也须学习"),
            )
        )
    choices += measured
    return fit.model_copy(update={choice.name: choice.value for choice in choices}), choices


def _of_one_label(fit: FitRecipe, labels: int, work: float) -> list[Choice]:
    """What was measured where a text is given one of some labels, and whole weights are tuned."""
    if fit.head != "classify" or fit.adapt not in ("full", "partial"):
        return []
    choices = []
    if fit.average is None:
        choices.append(Choice("average", AVERAGED, tr("late weights averaged", "平均后期权重")))
    affordable = MOVED_PASSES * READ_AGAIN * work <= WORK_WORTH_DOING
    if fit.adversarial is None and labels >= MANY_LABELS and affordable:
        choices.append(Choice("adversarial", MOVED, tr(f"{labels} labels, short texts", f"{labels} 个标签，短文本")))
    return choices


def _work_said(rows: int, tokens: int, tuned: int) -> str:
    return tr(
        f"{rows} rows, {tokens} tokens a pass, {tuned} layers tuned",
        f"{rows} 行，每轮 {tokens} 个词元，调整 {tuned} 层",
    )


def _rate(fit: FitRecipe, hidden_size: int) -> float:
    if fit.optimizer == "sgd":
        return SGD_RATE
    return METHOD_RATES.get(fit.adapt) or _rate_of_all(fit, hidden_size)


def _rate_of_all(fit: FitRecipe, hidden_size: int) -> float:
    rate = rate_by_size(hidden_size)
    if fit.head == "rank":
        rate *= RANK_FACTOR
    rate *= LORA_FACTOR if fit.adapt in ("lora", "dora", "qlora") else 1
    return float(f"{rate:.3g}")


def rate_by_size(hidden_size: int) -> float:
    """The learning rate of AdamW for a network of that width.

    >>> rate_by_size(384) > rate_by_size(768)
    True
    """
    return next(rate for limit, rate in RATES if hidden_size <= limit)
