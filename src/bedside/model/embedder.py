"""An encoder of questions and passages for a library: a backbone as it was pretrained, or a fitted `rank` model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside import registry
from bedside.errors import UsageError
from bedside.lang import tr
from bedside.model.engine import Engine
from bedside.model.few_threads import on_few_threads
from bedside.model.forms.ranking import encode_documents
from bedside.model.inputs import encode
from bedside.receipt import file_sha256

MAX_TOKENS = 384
"""A passage of the library with its title; a longer one loses its middle."""

Floats = NDArray[np.float32]
_OPENING = Lock()


@dataclass(frozen=True)
class TextEncoder:
    """Texts to vectors of length 1; `origin` is what `open_encoder` takes, `name` changes with the weights.

    One that many threads share (`shared_encoder`) runs on few.
    """

    name: str
    origin: str
    size: int
    engine: Engine = field(repr=False)
    limits: dict[str, Any] = field(repr=False)
    is_shared: bool = False

    def passages(self, texts: Sequence[str]) -> Floats:
        """[n, size], in order."""
        return self._vectors(encode_documents(self.engine.tokenizer, texts, **self.limits).ids)

    def questions(self, texts: Sequence[str]) -> Floats:
        """[n, size], in order."""
        return self._vectors(encode(self.engine.tokenizer, texts, **self.limits).ids if texts else [])

    def _vectors(self, ids: list[list[int]]) -> Floats:
        run = on_few_threads(self.engine.logits) if self.is_shared else self.engine.logits
        return np.asarray(run(ids), np.float32).reshape(len(ids), self.size)


def open_encoder(origin: str) -> TextEncoder:
    """The encoder of a registered backbone, of a backbone's folder, or of a model of the head `rank`.

    Raises UsageError for a model of another head, and as `load_backbone` does.
    """
    folder = Path(origin)
    if origin not in registry.names("backbones") and (folder / "model.json").is_file():
        return _of_model(folder)
    from bedside.backbones._columns import by_column
    from bedside.backbones._load import load_backbone
    from bedside.heads.rank import RankHead
    from bedside.model.engines.torch import TorchEngine

    backbone = load_backbone(origin)
    network, head = by_column(backbone.network), RankHead(backbone.hidden_size)
    engine = TorchEngine(network, head, backbone.tokenizer, backbone.pad_id)
    limits = {"prefix": backbone.prefix, "max_tokens": min(backbone.max_tokens, MAX_TOKENS)}
    weights = folder / "model.safetensors"
    name = f"{folder.name}-{file_sha256(weights)[:12]}" if weights.is_file() else origin
    return TextEncoder(name, _origin(origin), backbone.hidden_size, engine, limits)


def shared_encoder(origin: str) -> TextEncoder:
    """`open_encoder`, once a process: whoever asks again, or meanwhile, is given the same weights and threads."""
    with _OPENING:
        return _shared(origin)


@cache
def _shared(origin: str) -> TextEncoder:
    return replace(open_encoder(origin), is_shared=True)


def default_encoder() -> str:
    """The registered encoder that reads both languages, else the English one, else "none"."""
    found = (name for name in ("e5", "minilm") if registry.load("backbones", name).installed())
    return next(found, "none")


def _of_model(folder: Path) -> TextEncoder:
    from bedside.model.folder import open_model

    model = open_model(folder)
    if model.head != "rank":
        raise UsageError(
            tr("an encoder of a library is a model of the head rank", "知识库的编码器须为 rank 模型"),
            value=model.head,
            next="bedside fit QUESTIONS --head rank --text question --text-b document -o MODEL",
        )
    limits = {"prefix": model.settings["prefix"], "max_tokens": min(model.settings["max_tokens"], MAX_TOKENS)}
    name = f"{folder.name}-{file_sha256(folder / 'manifest.json')[:12]}"
    return TextEncoder(name, _origin(str(folder)), model.settings["hidden_size"], model.engine, limits)


def _origin(said: str) -> str:
    return str(Path(said).resolve()) if Path(said).is_dir() else said
