"""Logins in a browser: a random token in a cookie, its digest in the store, ended by time, logout or a shut account."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, or_, select, update

from bedside.clinic._database import Database
from bedside.clinic._tables import sessions, users
from bedside.clinic.principal import Principal

IDLE_S = 30 * 60.0
LONGEST_S = 12 * 3600.0
NOTED_S = 60.0
"""A session's last use is written down at most this often, so that reading a page is not a write."""


@dataclass(frozen=True)
class Sessions:
    """The logins in a database; a clock that is put back ends those that seem to come from the future."""

    database: Database
    clock: Callable[[], float] = time.time

    def open(self, user_id: str, patient_id: str | None = None, *, instead: str = "") -> tuple[str, str]:
        """Token (for the cookie) and CSRF token (for the page) of a new login; ended ones are cleared away.

        With `patient_id`, the login reaches that patient and no other. `instead`: the browser's token until now, whose
        login ends.
        """
        token, csrf, now = secrets.token_urlsafe(32), secrets.token_urlsafe(24), self.clock()
        late = or_(sessions.c.seen < now - IDLE_S, sessions.c.created < now - LONGEST_S)
        old = or_(late, sessions.c.digest == _digest(instead))
        with self.database.write() as db:
            db.execute(delete(sessions).where(old))
            values: dict[str, Any] = {
                "digest": _digest(token),
                "user_id": user_id,
                "csrf": csrf,
                "created": now,
                "seen": now,
            }
            values["patient_id"] = patient_id
            db.execute(insert(sessions).values(**values))
        return token, csrf

    def who(self, token: str) -> Principal | None:
        """Whose login that is, if it still holds."""
        now, digest = self.clock(), _digest(token)
        asked = select(sessions, users).join(users, users.c.id == sessions.c.user_id)
        with self.database.read() as db:
            row = db.execute(asked.where(sessions.c.digest == digest, users.c.disabled.is_(False))).one_or_none()
        if row is None or not now - LONGEST_S <= row.created <= now + NOTED_S or not now - IDLE_S <= row.seen:
            return None
        if now - row.seen > NOTED_S:
            with self.database.write() as db:
                db.execute(update(sessions).where(sessions.c.digest == digest).values(seen=now))
        patient = row.patient_id or ""
        return Principal(id=row.id, name=row.name, role=row.role, via="session", csrf=row.csrf, patient=patient)

    def close(self, token: str) -> None:
        """End a login."""
        with self.database.write() as db:
            db.execute(delete(sessions).where(sessions.c.digest == _digest(token)))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
