"""What the reader learnt, as a file: data/reader.safetensors, checked against its hash, and how it is written."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.resources import files

from safetensors.torch import load, save
from torch import Tensor

from bedside.errors import ModelError
from bedside.grounding._align import Aligner
from bedside.grounding._states import States
from bedside.grounding.reader import ENCODER, Reader
from bedside.lang import tr
from bedside.model.embedder import shared_encoder
from bedside.model.engines.torch import TorchEngine

FILE = "data/reader.safetensors"
SHA256 = "829b281d94081c4218d57b276fac773c586d79e99af01e3d00cd9c05b1d2c05c"
"""Of that file; `python benchmarks/grounding_reader.py fit` prints it."""


def open_reader() -> Reader:
    """The shipped reader; raises ModelError where its file is not the one that was fitted."""
    data = files("bedside.grounding").joinpath(FILE).read_bytes()
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise ModelError(
            tr("the weights of the reader are not those that were shipped", "核对模型的权重文件与发布版本不符"),
            where=FILE,
            next=tr("install bedside again", "请重新安装 bedside"),
        )
    return unpacked(data, states())


def states() -> States:
    """The encoder that the reader is for."""
    encoder = shared_encoder(ENCODER)
    assert isinstance(encoder.engine, TorchEngine)  # a registered encoder is always one
    return States(encoder.engine, encoder.limits["prefix"])


def unpacked(data: bytes, encoder: States) -> Reader:
    """A reader from what `packed` made."""
    told = {name: value.float() for name, value in load(data).items()}
    mean, deviation = told.pop("mean"), told.pop("deviation")
    networks = []
    for number in sorted({name.split(".")[0] for name in told}):
        own = {name.removeprefix(f"{number}."): value for name, value in told.items() if name.startswith(f"{number}.")}
        width, hidden = own["query.weight"].shape
        networks.append(Aligner(hidden, width).eval())
        networks[-1].load_state_dict(own)
    return Reader(encoder, networks, mean, deviation)


def packed(networks: Sequence[Aligner], mean: Tensor, deviation: Tensor) -> bytes:
    """The networks and the scale of the states they read, in 16 bits."""
    told = {
        f"{number}.{name}": value for number, one in enumerate(networks) for name, value in one.state_dict().items()
    }
    return save(
        {name: value.half().contiguous() for name, value in {**told, "mean": mean, "deviation": deviation}.items()}
    )
