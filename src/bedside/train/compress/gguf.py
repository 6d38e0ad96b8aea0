"""A decoder as a GGUF file (weights in 8 bits) that llama.cpp and Ollama can serve too."""

from __future__ import annotations

import dataclasses
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bedside.train.compress._base import Way, Work
from bedside.train.compress._decoder import our_decoder, settings_on

if TYPE_CHECKING:
    from bedside.model.folder import Model


def as_gguf(model: Model, work: Work, number: int | None) -> Model:
    """The model on the GGUF engine."""
    from bedside.backbones._gguf_write import write_gguf
    from bedside.model.engines.gguf import FILE, GgufEngine

    decoder, settings = our_decoder(model, "gguf"), settings_on(model, "gguf")
    keeper = tempfile.TemporaryDirectory()
    file = Path(keeper.name) / FILE
    write_gguf(decoder, model.tokenizer, file, name=str(settings["backbone"]["name"]), prompt=settings["prefix"])
    return dataclasses.replace(model, engine=GgufEngine(file, model.tokenizer, settings, keeper), settings=settings)


WAY = Way(as_gguf, ("GGUF, weights in 8 bits (Q8_0).", "GGUF，权重为 8 位（Q8_0）。"), last=True)
