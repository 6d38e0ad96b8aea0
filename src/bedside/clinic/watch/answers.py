"""What models answered, without the texts: label, probabilities, how long, which language, in which hour; outcomes.

Neither a text nor its vector is kept: a vector can be turned back into much of its text. What is kept is coarse: the
hour, not the minute; a length to the next power of two; probabilities to three places. An answer is found again by a
keyed digest of its request's id, so that the outcome can be told of it; whose it was stands nowhere here.
"""

from __future__ import annotations

import hmac
import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Row, delete, insert, select, update

from bedside.clinic._database import Database
from bedside.clinic.watch._tables import answers
from bedside.clinic.watch.tallies import HOUR_S, KEPT_HOURS
from bedside.drift.rows import Part

MOST_WAITING = 10_000
"""Answers held in memory at most; beyond it they are counted (`Tallies`) and not kept one by one."""
PLACES = 3
GROUPS = {
    "sex": ("female", "male", "other", "unknown"),
    "age": ("0-17", "18-39", "40-64", "65-79", "80-"),
}
"""The groups an outcome may be told of, and their values (sexes as FHIR's AdministrativeGender has them)."""

Kept = Literal["kept", "unknown_answer", "unknown_label"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One answer; `id` is its request's, `kind` advice, abstained, nothing or failed."""

    id: str = field(repr=False)
    model: str
    version: str
    kind: str
    label: str = ""
    probabilities: Mapping[str, float] = field(default_factory=dict)
    characters: int = 0
    language: str = ""


@dataclass
class Answers:
    """The answers in a database; `key` is the store's own, for the digests."""

    database: Database
    key: bytes = field(repr=False)
    _waiting: list[dict[str, Any]] = field(default_factory=list, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def note(self, one: Answered, now: float) -> None:
        """Keep an answer, with the next writing: a request waits for no disk for this."""
        row = {
            "id": self._digest(one.id),
            "hour": int(now // HOUR_S),
            "model": one.model[:64],
            "version": one.version[:40],
            "kind": one.kind,
            "label": one.label[:128],
            "probabilities": json.dumps({label: round(p, PLACES) for label, p in one.probabilities.items()}),
            "length": one.characters.bit_length(),
            "language": one.language,
        }
        with self._lock:
            if len(self._waiting) < MOST_WAITING:
                self._waiting.append(row)

    def write(self, now: float) -> int:
        """Write what waits, and forget what is old; how many were written."""
        with self._lock:
            rows, self._waiting = self._waiting, []
        with self.database.write() as db:
            known = set(db.execute(select(answers.c.id).where(answers.c.id.in_([row["id"] for row in rows]))).scalars())
            fresh = {row["id"]: row for row in rows if row["id"] not in known}  # a request's id may come twice
            if fresh:
                db.execute(insert(answers), list(fresh.values()))
            db.execute(delete(answers).where(answers.c.hour < int(now // HOUR_S) - KEPT_HOURS))
        return len(fresh)

    def outcome(self, id: str, truth: str, groups: Mapping[str, str], now: float) -> Kept:
        """Put down what proved true of an answer; told again, the last counts.

        `truth` must be one of the labels that the model weighed for that answer: any other word could be anything.
        """
        mine = answers.c.id == self._digest(id)
        with self.database.write() as db:
            told = db.execute(select(answers.c.probabilities).where(mine)).scalar()
            if told is None:
                return "unknown_answer"
            if truth not in json.loads(told):
                return "unknown_label"
            values = {"truth": truth, "told": int(now // HOUR_S), "groups": json.dumps(dict(groups))}
            db.execute(update(answers).where(mine).values(**values))
        return "kept"

    def models(self, since_hour: int) -> list[tuple[str, str]]:
        """Name and version of the models that answered since then."""
        asked = select(answers.c.model, answers.c.version).where(answers.c.hour >= since_hour).distinct()
        with self.database.read() as db:
            return sorted((row.model, row.version) for row in db.execute(asked))

    def first(self, model: str, version: str, limit: int, *, known: bool = False, before: int) -> Rows:
        """A version's first answers, before an hour: what it is compared with; with `known`, those with an outcome."""
        return self._read(model, version, answers.c.hour < before, limit, known=known, newest=False)

    def since(self, model: str, version: str, hour: int, limit: int, *, known: bool = False) -> Rows:
        """Its answers from that hour on, the newest of them where there are more."""
        return self._read(model, version, answers.c.hour >= hour, limit, known=known, newest=True)

    def _read(self, model: str, version: str, when: Any, limit: int, *, known: bool, newest: bool) -> Rows:
        mine = [answers.c.model == model, answers.c.version == version, when]
        mine += [answers.c.truth.is_not(None)] if known else []
        order = (answers.c.hour.desc(), answers.c.id) if newest else (answers.c.hour, answers.c.id)
        with self.database.read() as db:
            found = db.execute(select(answers).where(*mine).order_by(*order).limit(limit)).all()
        return Rows(tuple(reversed(found) if newest else found))

    def _digest(self, id: str) -> str:
        return hmac.digest(self.key, b"answer " + id.encode("utf-8", "replace"), "sha256").hex()[:40]


@dataclass(frozen=True, slots=True)
class Rows:
    """Answers as they were read, in the order of time."""

    rows: Sequence[Row[Any]] = field(repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    def part(self) -> Part:
        """The rows as `drift` compares them; each stands for a patient of its own, since whose it is is not kept."""
        return Part(
            patients=[row.id for row in self.rows],
            texts=[""] * len(self.rows),
            times=[str(row.hour) for row in self.rows],
            truths=[row.truth or "" for row in self.rows],
            labels=[row.label for row in self.rows],
            probabilities=[json.loads(row.probabilities) for row in self.rows],
            columns=self._columns(),
        )

    def groups(self) -> dict[str, list[str]]:
        """The value of each group in each row, "" where it was not told; languages are one too."""
        told = [json.loads(row.groups or "{}") for row in self.rows]
        return {
            "language": [row.language for row in self.rows],
            **{name: [one.get(name, "") for one in told] for name in GROUPS},
        }

    def _columns(self) -> dict[str, list[str | float | None]]:
        sure = [max(json.loads(row.probabilities).values(), default=None) for row in self.rows]
        columns: dict[str, list[str | float | None]] = {
            "kind": [row.kind for row in self.rows],
            "label": [row.label for row in self.rows],
            "length": [str(row.length) for row in self.rows],
            "language": [row.language for row in self.rows],
        }
        return {**columns, "confidence": list(sure)} if any(one is not None for one in sure) else columns


def check_groups(groups: Mapping[str, str]) -> Iterable[str]:
    """The names among these that are no group, or whose value is none of its values.

    >>> list(check_groups({"sex": "female", "age": "about fifty", "ward": "ICU"}))
    ['age', 'ward']
    """
    return (name for name, value in groups.items() if value not in GROUPS.get(name, ()))
