"""A recipe of continued pretraining: the texts, the objective, and how to learn."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from bedside.config._base import Learning, Texts, checked


class PretrainRecipe(Texts, Learning):
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
    backbone: str = Field("auto", description="auto, a registered name, a folder, or a hub name")
    add_words: str | None = Field(None, description="auto, or a file of new words, one a line")
    new_words: int = Field(500, ge=1, le=50_000, description="auto: at most so many new words")
    held_out: float = Field(0.05, gt=0, lt=1, description="share of the documents never learnt from")
    epochs: int = Field(1, ge=1, le=1000)
    max_minutes: float | None = Field(None, gt=0, description="plan no more steps than fit into this time")
    mask_share: float = Field(0.15, gt=0, lt=1, description="mlm: share of the pieces to be guessed")
    head_steps: int = Field(100, ge=1, description="mlm: steps of a fresh head alone before the first measurement")
    tune_embeddings: bool | None = Field(None, description="tune the word table; left open: unless it is large")
    batch_tokens: int = Field(2048, ge=16)
    batch_rows: int = Field(64, ge=1)
    max_tokens: int = Field(256, ge=8, le=8192, description="length of a block, marks included")

    @classmethod
    def from_dict(cls, values: dict[str, object]) -> PretrainRecipe:
        """Check the values; every fault is in the one error."""
        return checked(cls, values, next="bedside pretrain --help")
