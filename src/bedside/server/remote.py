"""A language model that another program of the hospital serves (vLLM, TGI, Ollama), asked like one of our own.

It is named in the server's settings with an address that is on the list of outbound ones. What is sent has lost its
identity on the same road as every text, and what comes back is guarded and marked as a draft like every draft.
Source: platform.openai.com/docs/api-reference/chat, which these programs speak.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import Request

import numpy as np
from numpy.typing import NDArray

from bedside.backbones.echo import byte_tokenizer
from bedside.calling import caller, unheard
from bedside.clinic.outbound import allowed
from bedside.errors import ConfigError, ModelError
from bedside.lang import tr
from bedside.model.calibration import Calibration
from bedside.model.engine import Ids, Outputs
from bedside.model.folder import Model
from bedside.model.given import Given
from bedside.server.clinic.settings import RemoteModel
from bedside.server.service import Served

if TYPE_CHECKING:
    from bedside.types import Decision

MOST_BYTES = 4_000_000


class RemoteEngine:
    """Bytes of a text to bytes of what the other program writes, in the form in which our own decoders answer."""

    def __init__(self, asked: RemoteModel) -> None:
        self.tokenizer = byte_tokenizer()
        self._asked, self._key = asked, _key(asked.key_file)
        self._opener = caller()

    def logits(self, ids: Sequence[Ids]) -> Outputs:
        """See `model/writing/decode.py`; ModelError where the other program cannot be asked."""
        return [self._written(self.tokenizer.decode(list(one))) for one in ids]

    def save(self, folder: Path) -> None:
        """There is nothing of it here."""
        raise ModelError(tr("a remote model has no folder", "远程模型没有目录"), value=self._asked.name)

    def _written(self, text: str) -> NDArray[np.float32]:
        told = self._told(text)
        try:
            (choice,) = told["choices"]
            said, finish = str(choice["message"]["content"] or ""), choice.get("finish_reason")
        except (KeyError, TypeError, ValueError):
            raise ModelError(tr("not an answer of a chat", "返回内容不是对话回答"), value=self._asked.name) from None
        ids = self.tokenizer.encode(said, add_special_tokens=False).ids
        return np.array([1.0 if finish == "length" else 0.0, _mean(choice), *ids], np.float32)

    def _told(self, text: str) -> Any:
        asked = self._asked
        system = [{"role": "system", "content": asked.system}] if asked.system else []
        body = {
            "model": asked.model,
            "messages": [*system, {"role": "user", "content": text}],
            "max_tokens": asked.new_tokens,
            "temperature": 0,
            "logprobs": True,
            "stream": False,
        }
        headers = {
            "Content-Type": "application/json",
            **({"Authorization": f"Bearer {self._key}"} if self._key else {}),
        }
        address = f"{asked.address.rstrip('/')}/chat/completions"
        request = Request(address, json.dumps(body).encode(), headers, method="POST")
        try:
            with self._opener.open(request, timeout=asked.timeout_s) as answer:
                return json.loads(answer.read(MOST_BYTES))
        except (OSError, ValueError) as fault:  # the fault itself could quote what was sent
            what = tr("the remote model did not answer", "远程模型没有响应") + f" ({type(fault).__name__})"
            raise ModelError(what, value=asked.name) from None


def remote_models(named: Iterable[RemoteModel], outbound: Sequence[str]) -> dict[str, Served]:
    """The remote models of the settings, by name; ConfigError for an address that is not listed or can be overheard."""
    listed, found = allowed(outbound), {}
    faults: list[str] = []
    for one in named:
        parts = urlsplit(one.address)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
        if not listed.lets(parts.hostname or "", port) or not parts.hostname:
            faults.append(tr(f"models.{one.name}: not in outbound", f"models.{one.name}：地址不在 outbound 中"))
        elif not unheard(parts):
            faults.append(tr(f"models.{one.name}: https is needed", f"models.{one.name}：须使用 https"))
        else:
            found[one.name] = _served(one)
    if faults:
        raise ConfigError(faults, next="docs/engines.md")
    return found


def remote_model(asked: RemoteModel) -> Model:
    """The remote model as one of ours: no weights, no folder; texts in, drafts out."""
    settings = {
        "engine": "remote",
        "head": "generate",
        "labels": [],
        "prefix": "{text}",
        "max_tokens": asked.max_bytes,
        "write": {"new_tokens": asked.new_tokens},
    }
    return Model(settings, RemoteEngine(asked), Calibration(), recipe={}, receipt={})


def _served(asked: RemoteModel) -> Served:
    from bedside.advise import advise

    model = remote_model(asked)

    def answer(texts: Sequence[str], given: Sequence[Given], removed: Sequence[Counter[str]]) -> list[Decision]:
        return advise(model, texts, removed=removed)

    digest = hashlib.sha256(f"{asked.address} {asked.model}".encode()).hexdigest()
    return Served(asked.name, digest[:16], answer, model.form)


def _mean(choice: dict[str, Any]) -> float:
    """The mean log probability of its pieces; where the program tells none, minus infinity: unknown is not sure."""
    pieces = ((choice.get("logprobs") or {}).get("content")) or []
    told = [float(one["logprob"]) for one in pieces if isinstance(one, dict) and "logprob" in one]
    return math.fsum(told) / len(told) if told else -math.inf


def _key(file: Path | None) -> str:
    if file is None:
        return ""
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        what = tr("the key of a remote model cannot be read", "无法读取远程模型密钥")
        raise ConfigError([f"{what} ({type(fault).__name__})"], where=str(file)) from None
