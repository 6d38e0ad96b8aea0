"""The engine of models that write: a decoder (or encoder-decoder) kept elsewhere, and what was learnt on top of it.

The folder holds what differs from the decoder alone: the two thin matrices of each corrected map (`lora`), or the
weights that learnt as a whole. The decoder is found by its name or folder, and refused when its weights differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bedside.backbones._writer import load_writer, weights_digest
from bedside.config.writing import Writing
from bedside.errors import BedsideError, ModelError
from bedside.lang import tr
from bedside.model.constrain import Constraint, grammar_of
from bedside.model.decode import Writer, write
from bedside.model.engine import Ids, Outputs
from bedside.model.int8 import in_8_bits

LEARNT = "learnt.safetensors"
DOWN, UP = ".down", ".up"


class CausalEngine:
    """Holds `network`, `head` and `tokenizer`; `learnt` are the tensors that the folder keeps."""

    def __init__(self, network: Any, head: Any, tokenizer: Any, writer: Writer, learnt: dict[str, Any]) -> None:
        self.network, self.head, self.tokenizer = network.eval(), head, tokenizer
        self.writer, self.learnt = writer, learnt

    def logits(self, ids: Sequence[Ids]) -> Outputs:
        """What is written after each prompt: see `model/decode.py`."""
        return write(self.writer, ids)

    def save(self, folder: Path) -> None:
        """Write what was learnt."""
        from safetensors.torch import save_file

        save_file({name: value.detach().cpu().contiguous() for name, value in self.learnt.items()}, folder / LEARNT)


def writer_of(
    network: Any, tokenizer: Any, writing: Writing, ends: Sequence[int], pad_id: int, starts: Sequence[int] = ()
) -> Writer:
    """A network ready to write, by the model's settings alone and not by defaults that came with its decoder."""
    network.model.generation_config = type(network.model.generation_config)()
    node = grammar_of(writing)
    constraint = Constraint(node, tokenizer, ends) if node is not None else None
    return Writer(network.model, writing, tuple(ends), pad_id, tokenizer.decode, constraint, tuple(starts))


def add_learnt(network: Any, learnt: dict[str, Any], scale: float) -> None:
    """Put what was learnt on a decoder: `weight + scale * up @ down`, or the weight itself."""
    import torch

    own = network.state_dict()
    with torch.no_grad():
        for name, value in learnt.items():
            if name.endswith(DOWN):
                map_ = name.removesuffix(DOWN)
                own[f"{map_}.weight"] += scale * (learnt[map_ + UP] @ value)
            elif not name.endswith(UP):
                own[name].copy_(value)


def open_folder(folder: Path, settings: dict[str, Any]) -> CausalEngine:
    """Find the decoder, and put what was learnt on it."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    from bedside.heads.generate import GenerateHead

    base = settings["backbone"]
    try:
        backbone = load_writer(str(base["where"]))
    except BedsideError as fault:
        raise ModelError(
            tr("the decoder this model was fitted on is not here", "找不到该模型所基于的解码器"),
            where=str(folder),
            value=base["where"],
            next=str(fault.next or tr("put its folder back where it was", "请将其目录放回原处")),
        ) from None
    network = backbone.network
    if weights_digest(network) != base["sha256"]:
        raise ModelError(
            tr("the decoder here is not the one this model was fitted on", "此处的解码器与模型所基于的不同"),
            where=str(folder),
            value=base["where"],
            next=tr("put its folder back as it was", "请恢复原解码器目录"),
        )
    try:
        learnt = load_file(folder / LEARNT)
        add_learnt(network, learnt, float(base["scale"]))
    except (RuntimeError, OSError, SafetensorError, KeyError, ValueError):
        raise ModelError(
            tr("what was learnt is broken or does not fit the decoder", "所学权重已损坏或与解码器不符"),
            where=str(folder / LEARNT),
            next=tr("copy the folder again from where it was made", "请从生成处重新复制该目录"),
        ) from None
    writing = Writing.model_validate(settings["write"])
    head = GenerateHead(0, out=network.language_head)
    if writing.precision == "int8":
        in_8_bits(network.model)
    marks = (settings["ends"], settings["pad_id"], settings.get("starts", ()))
    writer = writer_of(network, backbone.tokenizer, writing, *marks)
    return CausalEngine(network, head, backbone.tokenizer, writer, learnt)
