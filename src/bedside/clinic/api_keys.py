"""API keys, `bedside_<id>.<secret>`: shown once when made; the store holds the secret's SHA-256."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass

from sqlalchemy import insert, select, update

from bedside.clinic._database import Database
from bedside.clinic._tables import api_keys, users
from bedside.clinic.principal import Principal

PREFIX = "bedside_"


@dataclass(frozen=True)
class ApiKeys:
    """The keys in a database. SHA-256 is enough for them: a secret is 256 random bits, which no dictionary holds."""

    database: Database

    def make(self, user_id: str) -> str:
        """A new key for an account."""
        id, secret = "k" + secrets.token_hex(8), secrets.token_urlsafe(32)
        values = {"id": id, "user_id": user_id, "digest": _digest(secret), "disabled": False, "created": time.time()}
        with self.database.write() as db:
            db.execute(insert(api_keys).values(**values))
        return f"{PREFIX}{id}.{secret}"

    def disable(self, id: str) -> bool:
        """Shut one key, by its id; False if there is none."""
        with self.database.write() as db:
            return db.execute(update(api_keys).where(api_keys.c.id == id).values(disabled=True)).rowcount > 0

    def who(self, key: str) -> Principal | None:
        """Whose key that is; None for a wrong or shut one, and for one of a shut account."""
        id, _, secret = key.removeprefix(PREFIX).partition(".")
        asked = select(api_keys.c.digest, users).join(users, users.c.id == api_keys.c.user_id)
        shut = (api_keys.c.disabled.is_(True), users.c.disabled.is_(True))
        with self.database.read() as db:
            row = db.execute(asked.where(api_keys.c.id == id, ~shut[0], ~shut[1])).one_or_none()
        # Compared in every case, so that time does not tell which ids exist.
        if not hmac.compare_digest(row.digest if row else _digest(""), _digest(secret)) or row is None:
            return None
        return Principal(id=row.id, name=row.name, role=row.role, via="key")


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
