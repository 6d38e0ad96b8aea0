"""A lease in the store: of several servers before one database, one at a time may do a thing."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, or_, select, update

from bedside.clinic._database import Conflict, Database, now_of
from bedside.clinic.watch._tables import leases

LEASE_S = 600.0
"""Longer than any check takes; a server that was killed is followed by another after this."""


@dataclass(frozen=True)
class Lease:
    """`holder` is a name that no other process has. The clock is the database's; one put back holds nothing long."""

    database: Database
    holder: str
    name: str = "watch"

    def take(self) -> bool:
        """Take it or keep it; False while another holds it."""
        mine = leases.c.name == self.name
        try:
            with self.database.write() as db:
                now = now_of(db)
                values = {"holder": self.holder, "until": now + LEASE_S}
                free = or_(leases.c.holder == self.holder, leases.c.until <= now, leases.c.until > now + LEASE_S)
                if db.execute(update(leases).where(mine, free).values(**values)).rowcount:
                    return True
                if db.execute(select(leases.c.name).where(mine)).first():
                    return False
                db.execute(insert(leases).values(name=self.name, **values))
        except Conflict:  # another took it in the same moment
            return False
        return True

    def leave(self) -> None:
        """Give it back, so that another server need not wait for its end."""
        with self.database.write() as db:
            mine = (leases.c.name == self.name, leases.c.holder == self.holder)
            db.execute(update(leases).where(*mine).values(until=0.0))
