"""The engine of models that write: a decoder (or encoder-decoder) kept elsewhere, and what was learnt on top of it.

The folder holds what differs from the decoder alone; `model/apart.py` finds the decoder and puts that on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bedside.backbones._store import save_backbone
from bedside.backbones._writer import load_writer
from bedside.config.writing import Writing
from bedside.model.apart import INSIDE, Shelf, is_apart, open_apart, save_learnt
from bedside.model.engine import Ids, Outputs
from bedside.model.int8 import in_8_bits
from bedside.model.writing.constrain import Constraint, grammar_of
from bedside.model.writing.decode import Writer, write
from bedside.model.writing.prefix import Prefix
from bedside.model.writing.prompts import prompt_ids


class CausalEngine:
    """Holds `network`, `head` and `tokenizer`; `learnt` is what the folder keeps, None: all of the decoder."""

    def __init__(self, network: Any, head: Any, tokenizer: Any, writer: Writer, learnt: dict[str, Any] | None) -> None:
        self.network, self.head, self.tokenizer = network.eval(), head, tokenizer
        self.writer, self.learnt = writer, learnt

    def logits(self, ids: Sequence[Ids]) -> Outputs:
        """What is written after each prompt: see `writing/decode.py`."""
        return write(self.writer, ids)

    def save(self, folder: Path) -> None:
        """Write what was learnt, or the whole decoder with it."""
        if self.learnt is None:
            (folder / INSIDE).mkdir()
            save_backbone(self.network, self.tokenizer, folder / INSIDE, prefix="", licence="")
        save_learnt(self.learnt or {}, folder)


def writer_of(
    network: Any,
    tokenizer: Any,
    writing: Writing,
    ends: Sequence[int],
    pad_id: int,
    starts: Sequence[int] = (),
    *,
    prompt: str = "",
) -> Writer:
    """A network ready to write, by the model's settings alone and not by defaults that came with its decoder.

    What stands before {text} in its `prompt` is read once; not while the network still learns.
    """
    network.model.generation_config = type(network.model.generation_config)()
    node = grammar_of(writing)
    constraint = Constraint(node, tokenizer, ends) if node is not None else None
    prefix = Prefix(prompt_ids(tokenizer, prompt).before) if prompt else None
    marks = (tuple(ends), pad_id, tokenizer.decode)
    return Writer(network.model, writing, *marks, constraint, tuple(starts), prefix=prefix)


def open_folder(folder: Path, settings: dict[str, Any], shelf: Shelf) -> CausalEngine:
    """Find the decoder, and put what was learnt on it."""
    from bedside.heads.generate import GenerateHead

    writing = Writing.model_validate(settings["write"])
    if writing.precision == "int8":
        shelf = Shelf(shelf.instead)  # its maps are made of its own corrected weights: there is nothing to share
    backbone, learnt = open_apart(folder, settings, load_writer, shelf)
    network = backbone.network
    head = GenerateHead(0, out=network.language_head)
    if writing.precision == "int8":
        in_8_bits(network.model)
    marks = (settings["ends"], settings["pad_id"], settings.get("starts", ()))
    writer = writer_of(network, backbone.tokenizer, writing, *marks, prompt=settings["prefix"])
    return CausalEngine(network, head, backbone.tokenizer, writer, learnt if is_apart(settings) else None)
