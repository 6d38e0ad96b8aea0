"""The cards that were shown: rule and gravity of each by its id, so that feedback can be told of a rule. No patient."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bedside.lang import tr
from bedside.library._database.store import open_store

KEPT_DAYS = 30
"""How long a client may take with its feedback."""
FORMAT = 1
SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value);
CREATE TABLE cards (id TEXT PRIMARY KEY, service TEXT NOT NULL, rule TEXT NOT NULL, indicator TEXT NOT NULL,
  at REAL NOT NULL);
CREATE INDEX cards_by_time ON cards (at);
"""


@dataclass(frozen=True, slots=True)
class ShownCard:
    """What is remembered of a card."""

    id: str
    service: str
    rule: str
    indicator: str


class ShownCards:
    """A file of them; `clock` gives the time in seconds since 1970."""

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._path, self._clock = path, clock

    def keep(self, service: str, cards: Sequence[dict[str, Any]]) -> None:
        """Remember cards as they are sent, and forget those of long ago. Raises DataError or sqlite3.Error."""
        if not cards:
            return
        now = self._clock()
        rows = [(one["uuid"], service, rule_of(one), one["indicator"], now) for one in cards]
        with closing(self._open()) as database:
            database.execute("BEGIN IMMEDIATE")
            database.execute("DELETE FROM cards WHERE at < ?", (now - KEPT_DAYS * 86_400,))
            database.executemany("INSERT OR IGNORE INTO cards VALUES (?, ?, ?, ?, ?)", rows)
            database.execute("COMMIT")

    def get(self, service: str, id: str) -> ShownCard | None:
        """The card that this service sent under that id; None for one that it did not, or long ago."""
        with closing(self._open()) as database:
            asked = "SELECT id, service, rule, indicator FROM cards WHERE id = ? AND service = ?"
            found = database.execute(asked, (id, service)).fetchone()
        return ShownCard(*found) if found else None

    def _open(self) -> sqlite3.Connection:
        return open_store(self._path, SCHEMA, FORMAT, tr("not a file of cards, or damaged", "不是卡片文件，或已损坏"))


def rule_of(card: dict[str, Any]) -> str:
    """The rule that a card rests on."""
    return str(card["source"]["topic"]["code"])
