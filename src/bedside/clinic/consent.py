"""Which patients a person reaches: open ones, and a restricted one by its consent or by breaking the glass."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import insert, or_, select, update

from bedside.clinic._tables import grants, patients
from bedside.clinic.records import Records

GLASS_S = 3600.0
"""How long a broken glass stays open: one hour, then a reason is asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Why somebody reached a restricted patient: by `consent` or `break_glass`; times are seconds since 1970."""

    id: str
    user_id: str
    kind: str
    reason: str = field(repr=False)
    created: float
    expires: float | None


@dataclass(frozen=True)
class Consent:
    """The restrictions on patients and what opens them."""

    records: Records
    clock: Callable[[], float] = time.time

    def reaches(self, user_id: str, patient_id: str) -> bool | None:
        """Whether that person may see that patient's chart now; None where there is no such patient."""
        now = self.clock()
        open_now = or_(grants.c.expires.is_(None), grants.c.expires > now)
        held = select(grants.c.id).where(grants.c.patient_id == patient_id, grants.c.user_id == user_id, open_now)
        # A clock put back must not keep a glass open for longer than it was broken for.
        held = held.where(grants.c.created <= now + GLASS_S)
        with self.records.database.read() as db:
            restricted = db.execute(select(patients.c.restricted).where(patients.c.id == patient_id)).scalar()
            if restricted is None:
                return None
            return not restricted or db.execute(held.limit(1)).scalar() is not None

    def restrict(self, patient_id: str, *, restricted: bool) -> bool:
        """Restrict a patient's chart, or open it, and end every consent given so far; False for nobody."""
        changed = update(patients).where(patients.c.id == patient_id).values(restricted=restricted)
        given = (grants.c.patient_id == patient_id, grants.c.kind == "consent", grants.c.expires.is_(None))
        with self.records.database.write() as db:
            db.execute(update(grants).where(*given).values(expires=self.clock()))
            return db.execute(changed).rowcount > 0

    def grant(self, patient_id: str, user_id: str, reason: str) -> str | None:
        """The patient's consent that somebody sees the chart, until it is taken back; its id, None for nobody."""
        return self._open(patient_id, user_id, "consent", reason, None)

    def break_glass(self, patient_id: str, user_id: str, reason: str) -> str | None:
        """Open a restricted chart for an hour, for a stated reason; the grant's id, None for nobody."""
        return self._open(patient_id, user_id, "break_glass", reason, self.clock() + GLASS_S)

    def grants(self, patient_id: str) -> list[Grant]:
        """Who was let in and why, newest first."""
        asked = select(grants).where(grants.c.patient_id == patient_id).order_by(grants.c.created.desc())
        with self.records.database.read() as db:
            return [
                Grant(
                    id=row.id,
                    user_id=row.user_id,
                    kind=row.kind,
                    reason=self.records.unseal_for(db, patient_id, row.reason),
                    created=row.created,
                    expires=row.expires,
                )
                for row in db.execute(asked).all()
            ]

    def _open(self, patient_id: str, user_id: str, kind: str, reason: str, expires: float | None) -> str | None:
        id = "g" + secrets.token_hex(10)
        with self.records.database.write() as db:
            sealed = self.records.seal_for(db, patient_id, reason)
            if sealed is None:
                return None
            values = {"id": id, "patient_id": patient_id, "user_id": user_id, "kind": kind, "reason": sealed}
            db.execute(insert(grants).values(**values, created=self.clock(), expires=expires))
        return id
