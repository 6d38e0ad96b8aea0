"""API keys, `bedside_<id>.<secret>`: shown once when made; the store holds the secret's SHA-256, and when it ends."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, insert, or_, select, update

from bedside.clinic._database import Database
from bedside.clinic._tables import api_keys, users
from bedside.clinic.principal import Principal

PREFIX = "bedside_"
DAY_S = 86_400.0
GRACE_S = DAY_S
"""How long a key that is being replaced still opens, so that what uses it can be given the new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key without its secret; times are seconds since 1970, `expires` None for one without an end."""

    id: str
    created: float
    expires: float | None
    disabled: bool


@dataclass(frozen=True)
class ApiKeys:
    """The keys in a database. SHA-256 is enough for them: a secret is 256 random bits, which no dictionary holds."""

    database: Database
    clock: Callable[[], float] = time.time

    def make(self, user_id: str, days: float | None = None) -> str:
        """A new key for an account, which ends after so many days, or never."""
        id, secret, now = "k" + secrets.token_hex(8), secrets.token_urlsafe(32), self.clock()
        values = {"id": id, "user_id": user_id, "digest": _digest(secret), "disabled": False, "created": now}
        with self.database.write() as db:
            db.execute(insert(api_keys).values(**values, expires=None if days is None else now + days * DAY_S))
        return f"{PREFIX}{id}.{secret}"

    def replace(self, id: str, days: float | None = None) -> str | None:
        """A new key in place of one that opens now, which then ends within a day; None where there is none such."""
        asked = select(api_keys.c.user_id).where(api_keys.c.id == id, self._opens())
        with self.database.read() as db:
            user_id = db.execute(asked).scalar()
        if user_id is None:
            return None
        made, end = self.make(user_id, days), self.clock() + GRACE_S
        later = or_(api_keys.c.expires.is_(None), api_keys.c.expires > end)
        with self.database.write() as db:
            db.execute(update(api_keys).where(api_keys.c.id == id, later).values(expires=end))
        return made

    def of(self, user_id: str) -> list[ApiKey]:
        """The keys of an account, newest first."""
        asked = select(api_keys).where(api_keys.c.user_id == user_id).order_by(api_keys.c.created.desc())
        with self.database.read() as db:
            return [
                ApiKey(id=row.id, created=row.created, expires=row.expires, disabled=row.disabled)
                for row in db.execute(asked)
            ]

    def disable(self, id: str) -> bool:
        """Shut one key, by its id; False if there is none."""
        with self.database.write() as db:
            return db.execute(update(api_keys).where(api_keys.c.id == id).values(disabled=True)).rowcount > 0

    def who(self, key: str) -> Principal | None:
        """Whose key that is; None for a wrong, ended or shut one, and for one of a shut account."""
        id, _, secret = key.removeprefix(PREFIX).partition(".")
        asked = select(api_keys.c.digest, users).join(users, users.c.id == api_keys.c.user_id)
        with self.database.read() as db:
            held = asked.where(api_keys.c.id == id, self._opens(), users.c.disabled.is_(False))
            row = db.execute(held).one_or_none()
        # Compared in every case, so that time does not tell which ids exist.
        if not hmac.compare_digest(row.digest if row else _digest(""), _digest(secret)) or row is None:
            return None
        return Principal(id=row.id, name=row.name, role=row.role, via="key")

    def _opens(self) -> ColumnElement[bool]:
        ended = api_keys.c.expires.is_not(None) & (api_keys.c.expires <= self.clock())
        return api_keys.c.disabled.is_(False) & ~ended


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
