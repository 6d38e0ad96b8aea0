"""A recipe of continued pretraining: the texts, the objective, and how to learn."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from bedside.config._base import Strict, checked
from bedside.types import LARGEST_SEED


class PretrainRecipe(Strict):
    """One run of continued pretraining: the texts, the objective, and how to learn.

    >>> PretrainRecipe.from_dict({"corpus": ["notes.txt"]}).objective
    'mlm'
    """

    corpus: list[Path] = Field(min_length=1, description="files or folders of text, JSONL or tables, also as .gz")
    objective: Literal["mlm", "clm"] = Field("mlm", description="masked words (encoders), next word (decoders)")
    text: str = Field("text", description="column(s) of the text in tables, joined by +")
    documents: Literal["auto", "blank", "file"] = Field(
        "auto", description="in .txt: blank lines between documents, or one a file; auto: one a file within folders"
    )
    identity: Literal["scrub", "absent", "removed"] = Field("scrub", description="anything but scrub needs a reason")
    identity_reason: str = Field("", description="why there is no identity in these texts; kept in the receipt")
    backbone: str = Field("auto", description="auto, a registered name, a folder, or a hub name")
    add_words: str | None = Field(None, description="auto, or a file of new words, one a line")
    new_words: int = Field(500, ge=1, le=50_000, description="auto: at most so many new words")
    held_out: float = Field(0.05, gt=0, lt=1, description="share of the documents never learnt from")
    epochs: int = Field(1, ge=1, le=1000)
    max_minutes: float | None = Field(None, gt=0, description="plan no more steps than fit into this time")
    mask_share: float = Field(0.15, gt=0, lt=1, description="mlm: share of the pieces to be guessed")
    head_steps: int = Field(100, ge=1, description="mlm: steps of a fresh head alone before the first measurement")
    tune_embeddings: bool | None = Field(None, description="tune the word table; left open: unless it is large")
    learning_rate: float | None = Field(None, gt=0, lt=1)
    head_learning_rate: float = Field(1e-3, gt=0, lt=1)
    layer_decay: float = Field(1.0, gt=0, le=1)
    optimizer: Literal["adamw", "sgd"] = "adamw"
    weight_decay: float = Field(0.01, ge=0, le=1)
    warmup: float = Field(0.06, ge=0, le=1, description="share of the steps spent warming up")
    schedule: Literal["linear", "cosine", "constant"] = "linear"
    dropout: float = Field(0.1, ge=0, lt=1)
    clip: float = Field(1.0, gt=0)
    batch_tokens: int = Field(2048, ge=16)
    batch_rows: int = Field(64, ge=1)
    max_tokens: int = Field(256, ge=8, le=8192, description="length of a block, marks included")
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    device: str = "auto"
    checkpoint_minutes: float = Field(5.0, gt=0)
    seed: int = Field(0, ge=0, le=LARGEST_SEED)

    @model_validator(mode="after")
    def _reason_given(self) -> PretrainRecipe:
        if self.identity != "scrub" and not self.identity_reason.strip():
            raise ValueError("identity_reason must say why there is no identity in these texts")
        return self

    @classmethod
    def from_dict(cls, values: dict[str, object]) -> PretrainRecipe:
        """Check the values; every fault is in the one error."""
        return checked(cls, values, next="bedside pretrain --help")
