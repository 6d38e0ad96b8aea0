"""Whole copies that programs asked for (FHIR Bulk Data): what was asked, how far it is, what was counted.

No chart is copied here: each is read, and asked for consent, when its line is sent. An erased patient is so in no copy.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from bedside.clinic._database import Database
from bedside.clinic._tables import exports

KEPT_S = 24 * 3600.0
"""How long an export can be fetched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One export; times are seconds since 1970. `group` is empty for all patients.

    `counts` (resources of each type) is None until all were seen.
    """

    id: str
    user_id: str
    request: str
    kinds: tuple[str, ...]
    since: float | None
    created: float
    group: str = ""
    seen: int = 0
    total: int = 0
    counts: Mapping[str, int] | None = None

    @property
    def ends(self) -> float:
        """When it can be fetched no more."""
        return self.created + KEPT_S


@dataclass(frozen=True)
class Exports:
    """The exports of a database; ended ones are cleared away when the next begins."""

    database: Database
    clock: Callable[[], float] = time.time

    def begin(
        self, user_id: str, request: str, kinds: tuple[str, ...], since: float | None, total: int, *, group: str = ""
    ) -> Export:
        """A new export of what is kept now, of so many patients."""
        id, now = "x" + secrets.token_hex(16), self.clock()
        told: dict[str, Any] = {"request": request, "kinds": kinds, "since": since, "group": group}
        with self.database.write() as db:
            db.execute(delete(exports).where(exports.c.created < now - KEPT_S))
            values = {
                "id": id,
                "user_id": user_id,
                "asked": json.dumps(told),
                "seen": 0,
                "total": total,
                "created": now,
            }
            db.execute(insert(exports).values(**values))
        return Export(id=id, user_id=user_id, **told, created=now, total=total)

    def get(self, id: str, user_id: str) -> Export | None:
        """An export of that caller's that has not ended; None for every other."""
        asked = select(exports).where(exports.c.id == id, exports.c.user_id == user_id)
        with self.database.read() as db:
            row = db.execute(asked).one_or_none()
        found = _export(row) if row else None
        return found if found and found.created - KEPT_S <= self.clock() < found.ends else None

    def held(self, user_id: str) -> int:
        """How many exports of that caller's there are."""
        young = (exports.c.user_id == user_id, exports.c.created >= self.clock() - KEPT_S)
        with self.database.read() as db:
            return db.execute(select(func.count()).where(*young)).scalar_one()

    def at(self, id: str, seen: int, counts: Mapping[str, int] | None = None) -> bool:
        """Note how far it is, and what was counted once it is whole; False where it was cancelled meanwhile."""
        told = None if counts is None else json.dumps(dict(counts))
        with self.database.write() as db:
            return db.execute(update(exports).where(exports.c.id == id).values(seen=seen, counts=told)).rowcount > 0

    def cancel(self, id: str) -> None:
        """End an export, whether it is whole or not."""
        with self.database.write() as db:
            db.execute(delete(exports).where(exports.c.id == id))


def _export(row: Row[Any]) -> Export:
    asked = json.loads(row.asked)
    return Export(
        id=row.id,
        user_id=row.user_id,
        request=asked["request"],
        kinds=tuple(asked["kinds"]),
        since=asked["since"],
        created=row.created,
        group=asked.get("group", ""),  # what was begun by an earlier version has none
        seen=row.seen,
        total=row.total,
        counts=None if row.counts is None else json.loads(row.counts),
    )
