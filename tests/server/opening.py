"""Openings of models that a replica can be given: a rule in place of a network, and faults on demand."""

from __future__ import annotations

import os
import socket
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bedside.errors import ServeError
from bedside.model.forms import form_of
from bedside.model.given import Given
from bedside.server.service import Served
from bedside.types import Advice, Decision, Prediction


@dataclass(frozen=True)
class Rule:
    """Says malignant to spiculation (毛刺), and as its limits which process and which version said so.

    It does not open while a file `broken` is there; it breaks on "crash", takes its time over "long", over "slow" until
    a file `released` is there, and on "call out" says whether it could connect to another machine.
    """

    version: str
    broken: Path | None = None
    released: Path | None = None

    def __call__(self) -> Served:
        if self.broken is not None and self.broken.exists():
            raise ServeError("the weights are gone")
        return Served("rule", self.version, self.advise, form_of("classify"))

    def advise(self, texts: Sequence[str], given: Sequence[Given], removed: Sequence[Counter[str]]) -> list[Decision]:
        return [self._said(text, counter) for text, counter in zip(texts, removed, strict=True)]

    def _said(self, text: str, counter: Counter[str]) -> Decision:
        if "crash" in text:
            raise RuntimeError(f"cannot digest {text}")
        time.sleep(0.05 if "long" in text else 0.0)
        while "slow" in text and self.released is not None and not self.released.exists():
            time.sleep(0.02)
        counter["NAME"] += text.count("Smith")
        label = "malignant" if "spiculat" in text or "毛刺" in text else "benign"
        if "call out" in text:
            label = _called_out()
        prediction = Prediction(label=label, probabilities={label: 1.0})
        return Advice(prediction=prediction, limits=(str(os.getpid()), self.version))


def _called_out() -> str:
    try:
        socket.create_connection(("203.0.113.7", 443), timeout=1)
    except OSError as fault:
        return type(fault).__name__
    return "connected"
