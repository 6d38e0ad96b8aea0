"""A decoder whose folder holds a GGUF file, as llama.cpp and Ollama read it; here torch writes with its weights.

The weights are unpacked once into the home folder; on disk the model is a quarter of what it was.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from bedside.config.writing import Writing
from bedside.model.apart import Shelf
from bedside.model.engine import Ids, Outputs

FILE = "model.gguf"


class GgufEngine:
    """Holds the network as unpacked; `file` is where it came from, `keeper` what keeps it there."""

    def __init__(self, file: Path, tokenizer: Tokenizer, settings: dict[str, Any], keeper: Any = None) -> None:
        from bedside.backbones._causal import CausalNetwork
        from bedside.backbones._gguf import load_gguf
        from bedside.model.engines.causal import writer_of
        from bedside.receipt import file_sha256

        self.tokenizer, self.file, self.keeper = tokenizer, file, keeper
        licence = str(settings["backbone"]["licence"])
        found = load_gguf(file, name="gguf", licence=licence, sha256=file_sha256(file), tokenizer=tokenizer)
        writing = Writing.model_validate(settings["write"])
        marks = (settings["ends"], settings["pad_id"])
        self.writer = writer_of(CausalNetwork(found.network), tokenizer, writing, *marks, prompt=settings["prefix"])

    def logits(self, ids: Sequence[Ids]) -> Outputs:
        """What is written after each prompt: see `writing/decode.py`."""
        from bedside.model.writing.decode import write

        return write(self.writer, ids)

    def save(self, folder: Path) -> None:
        """Copy the file, and write the tokenizer."""
        shutil.copy(self.file, folder / FILE)
        (folder / "tokenizer.json").write_text(self.tokenizer.to_str(), encoding="utf-8")


def open_folder(folder: Path, settings: dict[str, Any], shelf: Shelf) -> GgufEngine:
    """Read what `bedside compress` saved; no shelf is needed."""
    return GgufEngine(folder / FILE, Tokenizer.from_file(str(folder / "tokenizer.json")), settings)
