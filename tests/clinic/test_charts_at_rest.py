"""Charts in the store: nothing readable without the key, nothing changed unseen, nothing left once erased."""

from __future__ import annotations

import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, select, update

from bedside.clinic._database import Database, open_database
from bedside.clinic._tables import META, grants, pieces, terms
from bedside.clinic.consent import Consent
from bedside.clinic.keys.keyring import keyring, load_keyring
from bedside.clinic.records import Records, open_records
from bedside.errors import ClinicError, VaultError
from bedside.types import Entry, Identifier, RawChart

OLD, NEW = b"o" * 32, b"n" * 32
MARY = RawChart(
    patient="MRN-1",
    birth_date="1950-03-02",
    identifiers=(Identifier("NAME", "Mary O'Brien"),),
    entries=(Entry(id="1", kind="Condition", text="Gout of the left foot"),),
)
WANG = RawChart(
    patient="住院-2",
    identifiers=(Identifier("NAME", "王小明"),),
    entries=(Entry(id="1", kind="Condition", text="痛风"),),
)


def opened(data: Path, *keys: bytes) -> Records:
    data.mkdir(exist_ok=True)
    return open_records(open_database(data), keyring([*keys]))


def everything(data: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(data.rglob("*")) if path.is_file())


def test_no_name_number_date_or_word_of_a_chart_lies_readable_on_the_disk(tmp_path: Path) -> None:
    records = opened(tmp_path / "d", OLD)
    records.keep(MARY), records.keep(WANG)
    for said in ("Mary", "Brien", "MRN-1", "1950-03-02", "Gout", "王小明", "住院", "痛风"):
        assert said.encode() not in everything(tmp_path / "d")
    assert records.chart(records.search("王小明")[0].id) == WANG


def test_what_is_imported_twice_is_kept_once_and_what_is_new_is_added(database: Database) -> None:
    records = open_records(database, keyring([OLD]))
    id, new = records.keep(MARY)
    more = RawChart(patient="MRN-1", entries=(Entry(id="2", kind="Condition", text="Hypertension"),))
    assert new
    assert records.keep(MARY) == (id, False)
    assert records.keep(more) == (id, False)
    chart = records.chart(id)
    assert chart is not None
    assert [entry.text for entry in chart.entries] == ["Gout of the left foot", "Hypertension"]
    assert records.search("mary")[0].number == "MRN-1"


def test_another_key_opens_nothing(database: Database) -> None:
    open_records(database, keyring([OLD])).keep(MARY)
    with pytest.raises(ClinicError, match="not at hand"):
        open_records(database, keyring([NEW]))


def test_a_new_master_key_takes_over_and_the_old_one_can_go(database: Database) -> None:
    id, _ = open_records(database, keyring([OLD])).keep(MARY)
    assert open_records(database, keyring([NEW, OLD])).chart(id) == MARY
    assert open_records(database, keyring([NEW])).chart(id) == MARY
    assert open_records(database, keyring([NEW])).search("mary")[0].id == id


def test_an_erased_patient_is_gone_with_terms_and_grants(database: Database) -> None:
    records = open_records(database, keyring([OLD]))
    id, _ = records.keep(MARY)
    records.keep(WANG)
    assert Consent(records).break_glass(id, "u1", "an emergency")
    assert records.erase(id)
    assert (records.chart(id), records.search("mary"), records.patient_of("MRN-1")) == (None, [], None)
    with database.read() as db:
        left = [
            db.execute(select(func.count()).where(table.c.patient_id == id)).scalar()
            for table in (pieces, terms, grants)
        ]
    assert left == [0, 0, 0]
    assert records.count() == 1


def test_an_erased_patient_leaves_no_byte_of_key_or_chart(tmp_path: Path) -> None:
    records = opened(tmp_path, OLD)
    id, _ = records.keep(MARY)
    with sqlite3.connect(tmp_path / "clinic.db") as db:
        (wrapped,) = db.execute("SELECT data_key FROM patients").fetchone()
        (sealed,) = db.execute("SELECT sealed FROM pieces").fetchone()
    assert wrapped in everything(tmp_path)
    assert records.erase(id)
    assert wrapped not in everything(tmp_path)
    assert sealed not in everything(tmp_path)
    assert records.chart(id) is None
    assert records.search("mary") == []
    assert not records.erase(id)


def test_after_a_new_master_key_not_even_a_backup_gives_the_erased_patient_back(tmp_path: Path) -> None:
    records = opened(tmp_path / "d", OLD)
    mary, _ = records.keep(MARY)
    shutil.copytree(tmp_path / "d", tmp_path / "backup")
    records.erase(mary)
    opened(tmp_path / "d", NEW, OLD)
    with pytest.raises(ClinicError, match="not at hand"):
        opened(tmp_path / "backup", NEW)


def test_a_chart_put_under_another_patient_is_noticed(database: Database) -> None:
    records = open_records(database, keyring([OLD]))
    mary, _ = records.keep(MARY)
    wang, _ = records.keep(WANG)
    with database.write() as db:
        db.execute(update(pieces).where(pieces.c.patient_id == mary).values(patient_id=wang))
    with pytest.raises(ClinicError, match="changed"):
        records.chart(wang)


def test_writers_side_by_side_lose_nothing(database: Database) -> None:
    records = open_records(database, keyring([OLD]))
    entries = [RawChart(patient="MRN-1", entries=(Entry(id=str(n), kind="Condition", text=str(n)),)) for n in range(24)]
    with ThreadPoolExecutor(6) as pool:
        ids = {id for id, _ in pool.map(records.keep, entries)}
    assert len(ids) == 1
    chart = records.chart(ids.pop())
    assert chart is not None
    assert len(chart.entries) == 24


def test_the_steps_of_migration_lead_to_the_tables_as_declared(database: Database) -> None:
    with database.read() as db:
        assert compare_metadata(MigrationContext.configure(db), META) == []


def test_a_key_inside_the_data_or_open_to_others_is_refused(tmp_path: Path) -> None:
    data, key = tmp_path / "d", tmp_path / "key"
    data.mkdir()
    key.write_text("00" * 32)
    key.chmod(0o644)
    with pytest.raises(VaultError, match="others may read"):
        load_keyring(key, data)
    shutil.move(key, data / "key")
    with pytest.raises(ClinicError, match="inside the data"):
        load_keyring(data / "key", data)


def test_data_whose_key_is_gone_gets_no_new_one(tmp_path: Path, home: Path) -> None:
    data, others = tmp_path / "d", set((home / "keys").glob("*"))
    load_keyring(None, data)
    opened(data, OLD)
    (key,) = set((home / "keys").iterdir()) - others
    key.unlink()
    with pytest.raises(ClinicError, match="master key of this data is missing"):
        load_keyring(None, data)


def test_a_database_that_cannot_be_reached_says_so_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(ClinicError) as told:
        open_database(tmp_path, "postgresql+nosuchdriver://bedside:geheim@localhost/clinic")
    assert "geheim" not in str(told.value)
