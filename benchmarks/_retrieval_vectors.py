"""An encoder that keeps the vectors it made in a file, so that a second run costs little."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

TOGETHER = 64


class Kept:
    """Vectors by text from a SQLite file, and of what is not there from the encoder that `make` gives."""

    def __init__(self, make: Callable[[], Any], path: Path | None) -> None:
        self.name = self.origin = "e5"
        self.size = 384
        self._make, self._made = make, None
        self._kept = sqlite3.connect(path or ":memory:", timeout=60)
        self._kept.execute("CREATE TABLE IF NOT EXISTS v (k TEXT PRIMARY KEY, b BLOB)")

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        """[n, size], in order."""
        return self._vectors("passages", texts)

    def questions(self, texts: Sequence[str]) -> np.ndarray:
        """[n, size], in order."""
        return self._vectors("questions", texts)

    def _vectors(self, kind: str, texts: Sequence[str]) -> np.ndarray:
        keys = {hashlib.sha1(f"{kind}{text}".encode()).hexdigest(): text for text in texts}
        known = {key for key in keys if self._of(key) is not None}
        new = [key for key in keys if key not in known]
        for at in range(0, len(new), TOGETHER):
            some = new[at : at + TOGETHER]
            self._made = self._made or self._make()
            vectors = getattr(self._made, kind)([keys[key] for key in some]).astype(np.float32)
            rows = [(key, one.tobytes()) for key, one in zip(some, vectors, strict=True)]
            self._kept.executemany("INSERT OR REPLACE INTO v VALUES (?, ?)", rows)
            self._kept.commit()
        number = {text: key for key, text in keys.items()}
        rows = [np.frombuffer(self._of(number[text]) or b"", np.float32) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.size), np.float32)

    def _of(self, key: str) -> bytes | None:
        row = self._kept.execute("SELECT b FROM v WHERE k = ?", (key,)).fetchone()
        return row[0] if row else None
