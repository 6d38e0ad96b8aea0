"""Vectors of texts as the OpenAI API shapes them, by the embedded encoders; identity is taken off each text first."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from bedside import registry
from bedside.lang import tr
from bedside.server.openai.request import text_in
from bedside.server.openai.wrong import wrong

ENCODERS = ("e5", "minilm")
MOST_TEXTS = 256
MOST_CHARACTERS = 20_000


@cache
def encoders() -> tuple[str, ...]:
    """The encoders that are installed here; looked up once, for a server asks at each request."""
    return tuple(name for name in ENCODERS if registry.load("backbones", name).installed())


def embed(body: Mapping[str, Any]) -> dict[str, Any]:
    """The vectors of `input`, each of length 1; Refusal (400) names the field that is wrong."""
    from bedside.model.embedder import shared_encoder
    from bedside.model.inputs import prepare_texts

    name, texts = text_in(body, "model"), _texts(body.get("input"))
    if name not in encoders():
        raise wrong("model", tr("no such encoder here", "没有该编码器"), ", ".join(encoders()) or "-")
    form = body.get("encoding_format", "float")
    if form not in ("float", "base64"):
        raise wrong("encoding_format", tr("unknown format", "未知的格式"), "float, base64")
    encoder = shared_encoder(name)
    if body.get("dimensions") not in (None, encoder.size):
        raise wrong("dimensions", tr("the encoder has one size", "该编码器维数固定"), str(encoder.size))
    vectors = encoder.passages(prepare_texts(texts))
    words = sum(len(text.split()) for text in texts)
    data = [{"object": "embedding", "index": at, "embedding": _told(one, form)} for at, one in enumerate(vectors)]
    return {
        "object": "list",
        "model": name,
        "data": data,
        "usage": {"prompt_tokens": words, "total_tokens": words},
    }


def _texts(told: Any) -> list[str]:
    texts = [told] if isinstance(told, str) else told
    if not isinstance(texts, list) or not texts or not all(isinstance(one, str) and one.strip() for one in texts):
        raise wrong("input", tr("a text or a list of texts is needed", "需要文本或文本列表"))
    if len(texts) > MOST_TEXTS or max(map(len, texts)) > MOST_CHARACTERS:
        raise wrong("input", tr("too much", "过多或过长"), f"<= {MOST_TEXTS} x {MOST_CHARACTERS}")
    return texts


def _told(vector: np.ndarray, form: str) -> list[float] | str:
    if form == "base64":
        return base64.b64encode(np.asarray(vector, "<f4").tobytes()).decode()
    return [float(one) for one in vector]
