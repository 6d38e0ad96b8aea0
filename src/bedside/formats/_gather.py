"""Pieces of charts put together by patient in bounded memory: spilled to a private file, merged one by one."""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from types import TracebackType

from bedside.charts import chart_to_json, raw_from_json
from bedside.lang import tr
from bedside.types import Entry, Identifier, RawChart

BATCH = 2000
KNOWN_PATIENTS = 100_000
SCHEMA = """
PRAGMA journal_mode=OFF;
PRAGMA synchronous=OFF;
PRAGMA locking_mode=EXCLUSIVE;
PRAGMA temp_store=MEMORY;
PRAGMA cache_size=-32000;
CREATE TABLE person (no INTEGER PRIMARY KEY, patient TEXT UNIQUE);
CREATE TABLE piece (no INTEGER, body TEXT);
CREATE INDEX piece_of ON piece (no);
"""


@dataclass(slots=True)
class Merge:
    """What merging found: how many patients and entries, repeats left out, and charts whose sources disagree."""

    patients: int = 0
    entries: int = 0
    duplicates: int = 0
    conflicts: list[tuple[int, str]] = field(default_factory=list)


class Gather:
    """Collects pieces with `add`, gives whole charts with `charts`; a context manager.

    The spill file is made beside the output with mode 0600 and, where the system allows, unlinked at once: it vanishes
    with the process, however that ends.
    """

    def __init__(self, beside: Path) -> None:
        handle, name = tempfile.mkstemp(dir=beside.parent, prefix=f".{beside.name}.", suffix=".spill")
        os.close(handle)
        self._path = Path(name)
        self._file = sqlite3.connect(name, isolation_level=None)
        self._file.executescript(SCHEMA)
        if os.name == "posix":
            self._path.unlink()
        self._numbers: dict[str, int] = {}
        self._batch: list[tuple[int, str]] = []
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

    def charts(self) -> Iterator[RawChart]:
        """One whole chart a patient, in the order they first came."""
        self._flush()
        rows = self._file.execute("SELECT no, body FROM piece ORDER BY no, rowid")
        for _, pieces in groupby(rows, key=lambda row: row[0]):
            yield self._merged(raw_from_json(json.loads(body)) for _, body in pieces)

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

    def _merged(self, pieces: Iterator[RawChart]) -> RawChart:
        """The pieces as one chart: entries alike in all but their origin once, the first sex and fullest birth date."""
        entries: dict[Hashable, Entry] = {}
        known: dict[Identifier, None] = {}
        whole = RawChart(patient="")
        self.merge.patients += 1
        for piece in pieces:
            for entry in piece.entries:
                if entries.setdefault(_said(entry), entry) is not entry:
                    self.merge.duplicates += 1
            known.update(dict.fromkeys(piece.identifiers))
            whole = self._agreed(whole, piece)
        self.merge.entries += len(entries)
        return replace(whole, entries=tuple(entries.values()), identifiers=tuple(known))

    def _agreed(self, whole: RawChart, piece: RawChart) -> RawChart:
        sex, birth = whole.sex, whole.birth_date or ""
        if "unknown" not in (sex, piece.sex) and sex != piece.sex:
            self._conflict(tr("sources disagree on the sex; the first is kept", "各来源性别不一致；保留第一个"))
        if sex == "unknown":
            sex = piece.sex
        other = piece.birth_date or ""
        if not (birth.startswith(other) or other.startswith(birth)):
            self._conflict(
                tr("sources disagree on the date of birth; the first is kept", "各来源出生日期不一致；保留第一个")
            )
        elif len(other) > len(birth):
            birth = other
        return replace(whole, patient=piece.patient, sex=sex, birth_date=birth or None)

    def _conflict(self, what: str) -> None:
        if (self.merge.patients, what) not in self.merge.conflicts[-2:]:
            self.merge.conflicts.append((self.merge.patients, what))


def _said(entry: Entry) -> Hashable:
    """All of an entry but where it was read."""
    return (entry.id, entry.kind, entry.text, entry.time, entry.codes, entry.value, entry.unit)
