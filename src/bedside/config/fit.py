"""How a model is fitted: every setting of a fit, with what its head takes unless said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from bedside.config._base import Learning
from bedside.config.choices import NEVER_MERGED, Adapt, Head, Metric
from bedside.config.writing import Writing

USUAL: dict[str, dict[str, Any]] = {"generate": {"adapt": "lora", "max_tokens": 2048}}
"""What a head takes, unless said, that is not the same for all."""


class FitRecipe(Learning):
    """How to learn. A value left out (None) is chosen by the size of the data, and the choice is written down."""

    backbone: str = Field("auto", description="auto, a registered name, a folder, or a hub name")
    head: Head = Field("auto", description="auto looks at the rows; score looks at their numbers")
    adapt: Adapt = Field("full", description="which weights are tuned: docs/adaptation.md")
    cues: bool = Field(False, description="pair: no network, words and cues of findings: docs/heads/pair.md")
    layers: int | None = Field(None, ge=1, description="partial: how many upper layers are tuned")
    lora_rank: int = Field(16, ge=1, le=256, description="lora, dora; adalora: the rank it starts with")
    final_rank: int | None = Field(None, ge=1, le=255, description="adalora: mean rank left (default two thirds)")
    prune_from: float = Field(0.1, ge=0, lt=1, description="adalora: share of the steps before pruning begins")
    prune_until: float = Field(0.7, gt=0, le=1, description="adalora: share of the steps after which ranks stay")
    prune_every: int = Field(10, ge=1, description="adalora: steps between prunings")
    adapter_size: int = Field(64, ge=1, le=4096, description="adapter: width of the bottleneck")
    adapter_places: Literal["both", "feedforward"] = Field("both", description="adapter: after which halves of a layer")
    prompt_length: int = Field(20, ge=1, le=512, description="prompt, prefix: how many learnt vectors")
    merge: bool | None = Field(
        None, description="false: keep only what was learnt, apart from the backbone; default true where it can be"
    )
    tune_embeddings: bool | None = Field(None, description="tune the word table too; default: only if not pretrained")
    start_at_names: bool = Field(True, description="begin each label's output at the meaning of its name")
    epochs: int | None = Field(None, ge=1, le=1000)
    accumulate: int = Field(1, ge=1, le=1024)
    batch_tokens: int = Field(1024, ge=16, description="tokens a batch; texts of like length share one")
    batch_rows: int = Field(32, ge=1)
    max_tokens: int = Field(256, ge=8, le=8192)
    loss: Literal["cross_entropy", "focal"] = "cross_entropy"
    class_weight: float = Field(0.3, ge=0, le=1, description="0 none, 1 fully balanced, 0.5 the square root between")
    token_dropout: float = Field(0.0, ge=0, lt=1, description="share of a text's tokens hidden at each step")
    adversarial: float | None = Field(
        None, ge=0, le=1, description="learn each batch again, its vectors moved by this share the worst way; 0: no"
    )
    average: float | None = Field(
        None, ge=0, le=1, description="share of the steps so far whose weights are averaged; 0: none, the last alone"
    )
    label_smoothing: float = Field(0.0, ge=0, lt=1)
    temperature: float = Field(0.02, gt=0, le=1, description="rank: cosines are divided by it in the loss")
    negatives: int = Field(0, ge=0, le=32, description="rank: wrong documents a question, alike in words (BM25)")
    patience: int = Field(3, ge=1, description="epochs worse than the one kept before stopping")
    metric: Metric = Field(
        "auto", description="dev metric that decides; auto: macro_f1 of labels, entity_f1 of entities, ..."
    )
    horizons: tuple[Annotated[float, Field(gt=0)], ...] | None = Field(
        None, max_length=12, description="survive, cox: times to tell the chances at; default quartiles of event times"
    )
    prompt: str | None = Field(
        None,
        description="generate: what the decoder reads, {text} in it; default: its own chat template. "
        "zero_shot, few_shot, verbaliser: docs/prompting.md",
    )
    label_words: dict[str, str] = Field(
        {}, description="zero_shot, few_shot, verbaliser: words for labels; default their names"
    )
    shots: int | None = Field(None, ge=1, le=64, description="few_shot: examples shown; default 4 to 8")
    prior: Literal["auto", "content_free", "batch", "none"] = Field(
        "auto",
        description="zero_shot, few_shot, verbaliser: from what a label's own likelihood is taken, and divided out",
    )
    packing: bool = Field(False, description="generate: several short rows in one run of batch_tokens")
    write: Writing = Field(Writing(), description="generate: how texts are written")

    @model_validator(mode="before")
    @classmethod
    def _usual(cls, values: Any) -> Any:
        return with_usual(values) if isinstance(values, dict) else values


def with_usual(fit: Mapping[str, Any]) -> dict[str, Any]:
    """A recipe's `fit` with what its head takes, unless said.

    >>> with_usual({"head": "generate", "max_tokens": 512})["max_tokens"]
    512
    """
    head = fit.get("head")
    return {**(USUAL.get(head, {}) if isinstance(head, str) else {}), **fit}


def keeps_apart(fit: FitRecipe) -> bool:
    """Whether only what is learnt is saved, and the backbone named.

    >>> keeps_apart(FitRecipe(adapt="lora")), keeps_apart(FitRecipe(adapt="prompt"))
    (False, True)
    """
    return fit.merge is False or fit.adapt in NEVER_MERGED or fit.head == "generate"
