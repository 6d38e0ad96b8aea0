"""The store's own keys, one a purpose, each sealed by the master key: for search terms, for what jobs are told."""

from __future__ import annotations

import secrets

from sqlalchemy import insert, select, update

from bedside.clinic._database import Database
from bedside.clinic._tables import secrets as kept
from bedside.clinic.keys.keyring import Keyring

KEY_BYTES = 32


def store_key(database: Database, ring: Keyring, name: str) -> bytes:
    """The key of that name: made once, and sealed anew when the master key has changed."""
    with database.write() as db:
        wrapped = db.execute(select(kept.c.wrapped).where(kept.c.name == name)).scalar()
        key = secrets.token_bytes(KEY_BYTES) if wrapped is None else ring.unwrap(wrapped, name)
        if wrapped is None:
            db.execute(insert(kept).values(name=name, wrapped=ring.wrap(key, name)))
        elif ring.master_of(wrapped) != ring.current:
            db.execute(update(kept).where(kept.c.name == name).values(wrapped=ring.wrap(key, name)))
    return key
