"""Who did what with a version of a model, when and why: only ever added to, the reasons sealed."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from bedside.clinic._database import now_of
from bedside.clinic._tables import model_acts
from bedside.clinic.keys.keyring import seal, unseal
from bedside.clinic.models.versions import Act, Version

MOST_REASON = 500


def write_act(db: Connection, key: bytes, one: Version, act: str, by: str, reason: str) -> None:
    """Put down an act in the transaction that does it."""
    sealed = seal(key, reason[:MOST_REASON].encode(), _bound(one.name))
    values = {"name": one.name, "version": one.version, "act": act, "user_id": by, "reason": sealed}
    db.execute(insert(model_acts).values(**values, created=now_of(db)))


def acts_of(db: Connection, key: bytes, name: str) -> list[Act]:
    """The acts upon a name, the newest first."""
    asked = select(model_acts).where(model_acts.c.name == name).order_by(model_acts.c.id.desc())
    return [
        Act(
            name=row.name,
            version=row.version,
            act=row.act,
            user_id=row.user_id,
            reason=unseal(key, row.reason, _bound(row.name)).decode(),
            created=row.created,
        )
        for row in db.execute(asked)
    ]


def _bound(name: str) -> str:
    return f"act {name}"
