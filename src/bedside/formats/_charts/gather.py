"""Pieces of charts put together by patient in bounded memory: spilled to a private file, merged one by one."""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from types import TracebackType

from bedside.charts import chart_to_json, raw_from_json
from bedside.files import unfinished_prefix
from bedside.formats._charts.changes import Change, survivors, withdrawn
from bedside.formats._charts.one_patient import Merge, Person
from bedside.lang import tr
from bedside.types import RawChart

BATCH = 2000
KNOWN_PATIENTS = 100_000
MOST_TOLD = 2000
"""Corrections and merges in vain that are told one by one."""

SCHEMA = """
PRAGMA journal_mode=OFF;
PRAGMA synchronous=OFF;
PRAGMA locking_mode=EXCLUSIVE;
PRAGMA temp_store=MEMORY;
PRAGMA cache_size=-32000;
CREATE TABLE person (no INTEGER PRIMARY KEY, patient TEXT UNIQUE);
CREATE TABLE piece (no INTEGER, body TEXT);
CREATE INDEX piece_of ON piece (no);
CREATE TABLE change (no INTEGER, kind TEXT, key TEXT, entry TEXT, time TEXT, place TEXT);
CREATE INDEX change_of ON change (no);
"""


class Gather:
    """Collects pieces with `add`, gives whole charts with `charts`; a context manager.

    The spill file is made beside the output with mode 0600 and, where the system allows, unlinked at once: it vanishes
    with the process, however that ends.
    """

    def __init__(self, beside: Path) -> None:
        handle, name = tempfile.mkstemp(dir=beside.parent, prefix=unfinished_prefix(beside), suffix=".spill")
        os.close(handle)
        self._path = Path(name)
        self._file = sqlite3.connect(name, isolation_level=None)
        self._file.executescript(SCHEMA)
        if os.name == "posix":
            self._path.unlink()
        self._numbers: dict[str, int] = {}
        self._batch: list[tuple[int, str]] = []
        self._changes: list[tuple[int, Change]] = []
        self._names: dict[int, str] = {}
        self.merge = Merge()

    def __enter__(self) -> Gather:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)

    def add(self, piece: RawChart) -> None:
        """Take one piece."""
        self._batch.append((self._number(piece.patient), json.dumps(chart_to_json(piece))))
        if len(self._batch) >= BATCH:
            self._flush()

    def change(self, change: Change) -> None:
        """Take note of what takes back or joins what others said; carried out when all is read."""
        self._changes.append((self._number(change.patient), change))
        if len(self._changes) >= BATCH:
            self._flush()

    def charts(self) -> Iterator[RawChart]:
        """One whole chart a patient, in the order they first came."""
        self._flush()
        self._join()
        rows = self._file.execute("SELECT no, body FROM piece ORDER BY no, rowid")
        for number, pieces in groupby(rows, key=lambda row: row[0]):
            people: list[Person] = []
            gone = self._withdrawn(number)
            for _, body in pieces:
                piece = self._current(number, raw_from_json(json.loads(body)), gone)
                self._person(people, piece).take(piece, self.merge)
            yield from (person.chart(self.merge) for person in people)

    def _join(self) -> None:
        """Give the pieces of records that are no more to those that stay."""
        rows = self._file.execute("SELECT no, key, place FROM change WHERE kind = 'join' ORDER BY rowid").fetchall()
        known = "SELECT person.no FROM person JOIN piece ON piece.no = person.no WHERE patient = ? LIMIT 1"
        pairs: list[tuple[int, int]] = []
        for stays, key, place in rows:
            if found := self._file.execute(known, (key,)).fetchone():
                pairs.append((found[0], stays))
            else:
                what = tr("the record merged away is not among the files", "被合并的记录不在所读文件中")
                self._in_vain(place, what)
        for gone, stays in survivors(pairs).items():
            (self._names[stays],) = self._file.execute("SELECT patient FROM person WHERE no = ?", (stays,)).fetchone()
            self._file.execute("UPDATE piece SET no = ? WHERE no = ?", (stays, gone))
            self._file.execute("UPDATE change SET no = ? WHERE no = ?", (stays, gone))
            self.merge.joined += 1

    def _withdrawn(self, number: int) -> set[str]:
        """The ids of entries of a patient that later messages took back."""
        fields = "kind, key, entry, time, place"
        asked = f"SELECT {fields} FROM change WHERE no = ? AND kind != 'join' ORDER BY rowid"
        gone, lost = withdrawn(Change("", *row) for row in self._file.execute(asked, (number,)))
        for change in lost:
            what = tr("what it corrects or cancels is not among the files", "所更正或取消的内容不在所读文件中")
            self._in_vain(change.place, what)
        return gone

    def _current(self, number: int, piece: RawChart, gone: set[str]) -> RawChart:
        """The piece as it stands now: under the name that stays, without what was taken back."""
        entries = tuple(entry for entry in piece.entries if f"{entry.origin.file}: {entry.id}" not in gone)
        self.merge.withdrawn += len(piece.entries) - len(entries)
        return replace(piece, patient=self._names.get(number, piece.patient), entries=entries)

    def _in_vain(self, place: str, what: str) -> None:
        if len(self.merge.unresolved) < MOST_TOLD:
            self.merge.unresolved.append((place, what))

    def _person(self, people: list[Person], piece: RawChart) -> Person:
        """Whom a piece is about: a new person, if both the sex and the date of birth speak against all before."""
        for person in people:
            if not (person.other_sex(piece) and person.other_birth(piece)):
                return person
        self.merge.patients += 1
        number = len(people) + 1
        people.append(Person(self.merge.patients, piece.patient + (f"~{number}" if number > 1 else "")))
        if number > 1:
            en = "two people under one number: sex and date of birth both differ; kept apart"
            self.merge.conflicts.append((self.merge.patients, tr(en, "同一编号下有两人：性别与出生日期均不同；已分开")))
        return people[-1]

    def _number(self, patient: str) -> int:
        patient = patient.encode("utf-8", "backslashreplace").decode()  # a file's name may hold half a character
        if (number := self._numbers.get(patient)) is None:
            self._file.execute("INSERT OR IGNORE INTO person (patient) VALUES (?)", (patient,))
            (number,) = self._file.execute("SELECT no FROM person WHERE patient = ?", (patient,)).fetchone()
            if len(self._numbers) >= KNOWN_PATIENTS:
                self._numbers.clear()
            self._numbers[patient] = number
        return number

    def _flush(self) -> None:
        self._file.execute("BEGIN")
        self._file.executemany("INSERT INTO piece VALUES (?, ?)", self._batch)
        self._file.execute("COMMIT")
        self._batch.clear()
        rows = [(no, one.kind, one.key, one.entry, one.time, one.place) for no, one in self._changes]
        self._file.execute("BEGIN")
        self._file.executemany("INSERT INTO change VALUES (?, ?, ?, ?, ?, ?)", rows)
        self._file.execute("COMMIT")
        self._changes.clear()
