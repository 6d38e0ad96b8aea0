"""The audit log: one JSON line a request, who asked which model how much, and how it ended. Never text or an answer."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from bedside.errors import ServeError
from bedside.lang import tr

_encode = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, kw_only=True)
class AuditLine:
    """One request. `outcome` is "answered" or the code of the refusal; `key` is the key's id, never the key.

    `model` is the hash of the model's folder; `name` what it is served as, where there are several: then a request that
    was refused before it named one has neither. `guards` counts the rules that guards found to hold of the answers.
    """

    request_id: str
    key: str | None
    model: str | None
    n_texts: int
    outcome: str
    status: int
    latency_ms: float
    identity_removed: int = 0
    error_id: str | None = None
    name: str | None = None
    guards: Mapping[str, int] | None = None


class AuditLog:
    """Appends lines to a file only its owner can read. No line, no answer: a failed write is an error."""

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        except OSError:
            raise ServeError(tr("the audit log cannot be written", "无法写入审计日志"), value=str(path)) from None
        self._file: IO[bytes] = os.fdopen(handle, "ab", buffering=0)

    def write(self, line: AuditLine) -> None:
        """One line, handed to the operating system before this returns."""
        parts = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), **vars(line)}
        kept = {key: part for key, part in parts.items() if part is not None}
        self._file.write(_encode(kept).encode() + b"\n")

    def close(self) -> None:
        """Close the file; later writes fail."""
        self._file.close()
