"""Groups of patients that a program takes copies of together: made whole, not changed, seen by their maker alone.

A patient who is erased is in no group any more.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select

from bedside.clinic._database import Database
from bedside.clinic._tables import groups, members


@dataclass(frozen=True, slots=True)
class Group:
    """One group: its time in seconds since 1970, and how many patients it has now."""

    id: str
    created: float
    size: int


@dataclass(frozen=True)
class Groups:
    """The groups of a database."""

    database: Database
    clock: Callable[[], float] = time.time

    def make(self, user_id: str, patients: Sequence[str]) -> Group:
        """A new group of patients by our ids, each once; Conflict where one was erased meanwhile."""
        id, now, held = "g" + secrets.token_hex(16), self.clock(), list(dict.fromkeys(patients))
        with self.database.write() as db:
            db.execute(insert(groups).values(id=id, user_id=user_id, created=now))
            db.execute(insert(members), [{"group_id": id, "patient_id": one} for one in held])
        return Group(id, now, len(held))

    def get(self, id: str, user_id: str) -> Group | None:
        """A group of that maker's; None for every other."""
        with self.database.read() as db:
            row = db.execute(_OF.where(groups.c.id == id, groups.c.user_id == user_id)).one_or_none()
        return Group(*row) if row else None

    def all(self, user_id: str) -> list[Group]:
        """The groups of a maker, the oldest first."""
        asked = _OF.where(groups.c.user_id == user_id).order_by(groups.c.created, groups.c.id)
        with self.database.read() as db:
            return [Group(*row) for row in db.execute(asked)]

    def patients(self, id: str, *, after: str = "", limit: int = 500) -> list[str]:
        """Our ids of its patients in their order, those that follow `after`."""
        mine = (members.c.group_id == id, members.c.patient_id > after)
        asked = select(members.c.patient_id).where(*mine).order_by(members.c.patient_id).limit(limit)
        with self.database.read() as db:
            return list(db.execute(asked).scalars())

    def delete(self, id: str) -> None:
        """End a group; the patients stay."""
        with self.database.write() as db:
            db.execute(delete(groups).where(groups.c.id == id))


_SIZE = select(func.count()).where(members.c.group_id == groups.c.id).scalar_subquery()
_OF = select(groups.c.id, groups.c.created, _SIZE.label("size"))
