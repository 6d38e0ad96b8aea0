"""What was asked and what was answered, sealed: about a patient under the patient's key, else under one of its own."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from bedside.clinic._tables import dialogues
from bedside.clinic.audit.retention import RETENTION
from bedside.clinic.keys.keyring import seal, unseal
from bedside.clinic.records import Records
from bedside.errors import UsageError
from bedside.lang import tr

Kind = Literal["ask", "chat", "check"]
"""A question to the library, a chat, a proposal that was weighed for a patient."""
MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """One question and its answer; `created` in seconds since 1970, `patient_id` empty where it is about nobody."""

    id: str
    user_id: str
    patient_id: str
    kind: str
    question: str = field(repr=False)
    answer: str = field(repr=False)
    created: float


@dataclass(frozen=True)
class Dialogues:
    """The dialogues of a database. Nothing here asks who may read; an erased patient's go with the patient."""

    records: Records
    clock: Callable[[], float] = time.time

    def keep(self, user_id: str, kind: Kind, question: str, answer: str, patient_id: str = "") -> str | None:
        """Keep one; its id, None where its patient is not there."""
        id = "d" + secrets.token_hex(10)
        told = json.dumps({"kind": kind, "question": question, "answer": answer}, ensure_ascii=True)
        values: dict[str, Any] = {"id": id, "user_id": user_id, "created": self.clock()}
        with self.records.database.write() as db:
            if patient_id:
                sealed = self.records.seal_as(db, patient_id, "dialogue", told)
                values |= {"patient_id": patient_id, "sealed": sealed}
            else:
                values |= self._sealed(id, told.encode())
            if values["sealed"] is None:
                return None
            db.execute(insert(dialogues).values(**values))
        return id

    def of_user(self, user_id: str, *, limit: int = MOST) -> list[Dialogue]:
        """What somebody asked, newest first."""
        return self._found(select(dialogues).where(dialogues.c.user_id == user_id), limit)

    def of_patient(self, patient_id: str, *, limit: int = MOST) -> list[Dialogue]:
        """What was asked about a patient, newest first."""
        return self._found(select(dialogues).where(dialogues.c.patient_id == patient_id), limit)

    def prune(self, before: datetime) -> int:
        """Delete those of before a time; raises `UsageError` for one that lies within what must be kept."""
        rule, now = RETENTION["dialogue"], datetime.fromtimestamp(self.clock(), UTC)
        allowed = now.replace(year=now.year - rule.years, day=min(now.day, 28))
        if before.astimezone(UTC) > allowed:
            what = tr(f"dialogues must be kept for {rule.years} years", f"对话须保存至少 {rule.years} 年")
            raise UsageError(what, value=before.date(), allowed=f"<= {allowed.date()} ({rule.source})")
        old = delete(dialogues).where(dialogues.c.created < before.timestamp())
        with self.records.database.write() as db:
            gone = db.execute(old).rowcount
        self.records.database.tidy()
        return gone

    def rewrap(self) -> int:
        """Seal those of no patient anew that are still under an older master key; how many there were."""
        ring, moved = self.records.ring, 0
        with self.records.database.write() as db:
            asked = select(dialogues.c.id, dialogues.c.data_key).where(dialogues.c.data_key.is_not(None))
            for id, wrapped in db.execute(asked).all():
                if ring.master_of(wrapped) != ring.current:
                    row = db.execute(select(dialogues).where(dialogues.c.id == id)).one()
                    anew = self._sealed(id, self._opened(db, row))
                    db.execute(update(dialogues).where(dialogues.c.id == id).values(**anew))
                    moved += 1
        return moved

    def _found(self, asked: Select[Any], limit: int) -> list[Dialogue]:
        newest = asked.order_by(dialogues.c.created.desc(), dialogues.c.id).limit(min(limit, MOST))
        with self.records.database.read() as db:
            rows = db.execute(newest).all()
            return [_dialogue(row, json.loads(self._opened(db, row))) for row in rows]

    def _sealed(self, id: str, told: bytes) -> dict[str, bytes]:
        key = self.records.ring.data_key()
        return {"data_key": self.records.ring.wrap(key, f"dialogue {id}"), "sealed": seal(key, told, f"dialogue {id}")}

    def _opened(self, db: Connection, row: Row[Any]) -> bytes:
        if row.patient_id is not None:
            return self.records.unseal_as(db, row.patient_id, "dialogue", row.sealed).encode()
        return unseal(self.records.ring.unwrap(row.data_key, f"dialogue {row.id}"), row.sealed, f"dialogue {row.id}")


def open_dialogues(records: Records) -> Dialogues:
    """The dialogues beside charts; all under the current master key."""
    opened = Dialogues(records)
    opened.rewrap()
    return opened


def _dialogue(row: Row[Any], told: dict[str, str]) -> Dialogue:
    return Dialogue(id=row.id, user_id=row.user_id, patient_id=row.patient_id or "", created=row.created, **told)
