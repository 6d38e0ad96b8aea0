"""Patients' charts at rest: each sealed under a key of its own, found by keyed terms, erased by destroying that key."""

from __future__ import annotations

import hmac
import json
import re
import secrets
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Connection, Row, delete, func, insert, select, update

from bedside.charts import chart_to_json, raw_from_json
from bedside.clinic import _terms
from bedside.clinic._database import Conflict, Database
from bedside.clinic._tables import dialogues, grants, patients, pieces, terms
from bedside.clinic.keys.keyring import Keyring, seal, unseal
from bedside.clinic.keys.store_keys import store_key
from bedside.formats._charts.one_patient import joined
from bedside.types import RawChart

PATIENT_ID = re.compile("p[0-9a-f]{20}")
MOST_FOUND = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Who a patient is, as a list shows it: `number` is the hospital's own, `id` ours; may hold identity."""

    id: str
    number: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    sex: str = field(default="unknown", repr=False)
    birth_date: str | None = field(default=None, repr=False)
    restricted: bool = False


@dataclass(frozen=True)
class Records:
    """The charts in a database. Nothing here asks who may read: `consent` and the server's `require` do."""

    database: Database
    ring: Keyring = field(repr=False)
    terms_key: bytes = field(repr=False)
    clock: Callable[[], float] = time.time

    def keep(self, chart: RawChart) -> tuple[str, bool]:
        """Add a chart, or what is new of it, and return the patient's id and whether it is a new one."""
        try:
            return self._keep(chart)
        except Conflict:  # somebody added the same new patient in the same moment; now there is one to add to
            return self._keep(chart)

    def chart(self, id: str, *, after: float | None = None, until: float | None = None) -> RawChart | None:
        """All that is kept of a patient, put together; None for nobody.

        With `after` and `until` (seconds since 1970), what came in between them; None where nothing did.
        """
        with self.database.read() as db:
            row = self._row(db, id)
            found = list(self._pieces(db, id, self._key(row), after, until)) if row else []
        return joined(found) if found else None

    def ids(self, *, after: str = "", limit: int = 500) -> list[str]:
        """The ids of patients in their order, those that follow `after`."""
        asked = select(patients.c.id).where(patients.c.id > after).order_by(patients.c.id).limit(limit)
        with self.database.read() as db:
            return list(db.execute(asked).scalars())

    def about(self, id: str) -> About | None:
        """Who that is; None for nobody."""
        with self.database.read() as db:
            row = self._row(db, id)
        return self._about(row) if row else None

    def patient_of(self, number: str) -> str | None:
        """Our id for the hospital's own patient number."""
        with self.database.read() as db:
            return db.execute(select(patients.c.id).where(patients.c.source == self._source(number))).scalar()

    def search(self, query: str = "", *, limit: int = 20, after: str = "") -> list[About]:
        """Patients whose name, number or date of birth has words that begin as the query's do, by id; all for none."""
        asked = select(patients).where(patients.c.id > after).order_by(patients.c.id).limit(min(limit, MOST_FOUND))
        for word in dict.fromkeys(_terms.split(query)):
            held = select(terms.c.patient_id).where(terms.c.term == _terms.term(self.terms_key, word))
            asked = asked.where(patients.c.id.in_(held))
        with self.database.read() as db:
            return [self._about(row) for row in db.execute(asked)]

    def count(self) -> int:
        """How many patients there are."""
        with self.database.read() as db:
            return db.execute(select(func.count()).select_from(patients)).scalar_one()

    def erase(self, id: str) -> bool:
        """Destroy a patient's key and all that it sealed; False for nobody. Of backups see docs/clinic.md."""
        with self.database.write() as db:
            gone = db.execute(delete(patients).where(patients.c.id == id)).rowcount
        self.database.tidy()
        return gone > 0

    def rewrap(self) -> int:
        """Seal every patient's key under the current master key; how many were not yet. The charts stay as they are."""
        moved = 0
        with self.database.write() as db:
            for id, wrapped in db.execute(select(patients.c.id, patients.c.data_key)).all():
                if self.ring.master_of(wrapped) != self.ring.current:
                    anew = self.ring.wrap(self.ring.unwrap(wrapped, f"patient {id}"), f"patient {id}")
                    db.execute(update(patients).where(patients.c.id == id).values(data_key=anew))
                    moved += 1
        return moved

    def reseal(self, id: str) -> bool:
        """Seal all of a patient's under a new key of the cipher in use; False where it is so already, or for nobody."""
        with self.database.write() as db:
            row = db.execute(select(patients).where(patients.c.id == id).with_for_update()).one_or_none()
            if row is None or len(self._key(row)) == len(self.ring.data_key()):
                return False
            old, new = self._key(row), self.ring.data_key()
            about = seal(new, unseal(old, row.about, f"about {id}"), f"about {id}")
            wrapped = self.ring.wrap(new, f"patient {id}")
            db.execute(update(patients).where(patients.c.id == id).values(about=about, data_key=wrapped))
            for column, bound_to in _sealed_columns(id):
                table = column.table
                for row_id, sealed in db.execute(select(table.c.id, column).where(table.c.patient_id == id)).all():
                    anew = seal(new, unseal(old, sealed, bound_to), bound_to)
                    db.execute(update(table).where(table.c.id == row_id).values({column: anew}))
        return True

    def seal_for(self, db: Connection, id: str, text: str) -> bytes | None:
        """A text about a patient, sealed under the patient's key; None for nobody."""
        return self.seal_as(db, id, "text", text)

    def seal_as(self, db: Connection, id: str, what: str, text: str) -> bytes | None:
        """The same of another kind of text; in the transaction that writes it, so that the key stays until then."""
        row = db.execute(select(patients).where(patients.c.id == id).with_for_update()).one_or_none()
        return seal(self._key(row), text.encode(), f"{what} {id}") if row else None

    def unseal_as(self, db: Connection, id: str, what: str, sealed: bytes) -> str:
        """What `seal_as` sealed; empty for nobody."""
        row = self._row(db, id)
        return unseal(self._key(row), sealed, f"{what} {id}").decode() if row else ""

    def unseal_for(self, db: Connection, id: str, sealed: bytes) -> str:
        """What `seal_for` sealed."""
        return self.unseal_as(db, id, "text", sealed)

    def _keep(self, chart: RawChart) -> tuple[str, bool]:
        source = self._source(chart.patient)
        with self.database.write() as db:
            # Writers take turns on a patient: SQLite's do anyway, PostgreSQL's by this lock on the row.
            found = select(patients).where(patients.c.source == source).with_for_update()
            row = db.execute(found).one_or_none()
            id, key = (row.id, self._key(row)) if row else self._begin(db, source)
            sealed = seal(key, _packed(chart_to_json(chart)), f"piece {id}")
            db.execute(insert(pieces).values(patient_id=id, sealed=sealed, created=self.clock()))
            whole = joined(self._pieces(db, id, key))
            self._describe(db, id, key, whole)
        return id, row is None

    def _begin(self, db: Connection, source: str) -> tuple[str, bytes]:
        """A new patient with a new key."""
        id, key = "p" + secrets.token_hex(10), self.ring.data_key()
        wrapped = self.ring.wrap(key, f"patient {id}")
        values = {"id": id, "source": source, "data_key": wrapped, "about": b"", "restricted": False}
        db.execute(insert(patients).values(**values, created=self.clock()))
        return id, key

    def _describe(self, db: Connection, id: str, key: bytes, chart: RawChart) -> None:
        """Who the patient is by the whole chart, and the terms to find them by."""
        names = [known.value for known in chart.identifiers if known.type == "NAME"]
        about: dict[str, str | None] = {"number": chart.patient, "name": names[0] if names else "", "sex": chart.sex}
        about |= {"birth_date": chart.birth_date}
        db.execute(update(patients).where(patients.c.id == id).values(about=seal(key, _packed(about), f"about {id}")))
        known = set(db.execute(select(terms.c.term).where(terms.c.patient_id == id)).scalars())
        fresh = _terms.terms(self.terms_key, _terms.words_of(chart)) - known
        if fresh:
            db.execute(insert(terms), [{"term": term, "patient_id": id} for term in sorted(fresh)])

    def _pieces(
        self, db: Connection, id: str, key: bytes, after: float | None = None, until: float | None = None
    ) -> Iterator[RawChart]:
        asked = select(pieces.c.sealed).where(pieces.c.patient_id == id).order_by(pieces.c.id)
        asked = asked if after is None else asked.where(pieces.c.created > after)
        asked = asked if until is None else asked.where(pieces.c.created <= until)
        for (sealed,) in db.execute(asked):
            yield raw_from_json(_unpacked(unseal(key, sealed, f"piece {id}")))

    def _about(self, row: Row[Any]) -> About:
        said = _unpacked(unseal(self._key(row), row.about, f"about {row.id}"))
        return About(id=row.id, restricted=row.restricted, **said)

    def _row(self, db: Connection, id: str) -> Row[Any] | None:
        return db.execute(select(patients).where(patients.c.id == id)).one_or_none()

    def _key(self, row: Row[Any]) -> bytes:
        return self.ring.unwrap(row.data_key, f"patient {row.id}")

    def _source(self, number: str) -> str:
        return hmac.digest(self.terms_key, b"source " + number.encode("utf-8", "replace"), "sha256").hex()


def open_records(database: Database, ring: Keyring, clock: Callable[[], float] = time.time) -> Records:
    """The charts of a database; every key that is still under an older master key is sealed under the current one."""
    records = Records(database, ring, store_key(database, ring, "terms"), clock)
    records.rewrap()
    return records


def _sealed_columns(id: str) -> tuple[tuple[Column[Any], str], ...]:
    """Every column that a patient's key seals, beside the patient's own row, and what its seals are bound to."""
    return ((pieces.c.sealed, f"piece {id}"), (grants.c.reason, f"text {id}"), (dialogues.c.sealed, f"dialogue {id}"))


def _packed(values: dict[str, Any]) -> bytes:
    return zlib.compress(json.dumps(values, ensure_ascii=True, allow_nan=False).encode())


def _unpacked(packed: bytes) -> dict[str, Any]:
    return json.loads(zlib.decompress(packed))
