"""Opens what a hospital's server keeps, all of it under one data folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bedside.clinic._database import Database, open_database
from bedside.clinic.accounts import Accounts
from bedside.clinic.api_keys import ApiKeys
from bedside.clinic.audit.log import AuditLog
from bedside.clinic.audit.signer import open_signer
from bedside.clinic.consent import Consent
from bedside.clinic.dialogues import Dialogues, open_dialogues
from bedside.clinic.exports import Exports
from bedside.clinic.groups import Groups
from bedside.clinic.jobs.jobs import Jobs
from bedside.clinic.keys.keyring import Keyring, load_keyring
from bedside.clinic.keys.store_keys import store_key
from bedside.clinic.models.registry import Models
from bedside.clinic.records import Records, open_records
from bedside.clinic.sessions import Sessions
from bedside.errors import ClinicError
from bedside.lang import tr


@dataclass(frozen=True)
class Clinic:
    """People, charts and the record of acts, open."""

    database: Database
    records: Records
    consent: Consent
    accounts: Accounts
    keys: ApiKeys
    sessions: Sessions
    audit: AuditLog
    folder: Path
    exports: Exports
    groups: Groups
    dialogues: Dialogues
    jobs: Jobs
    models: Models

    @property
    def review(self) -> Path:
        """Where the queue of the people who check lies."""
        return self.folder / "review.sqlite"


@contextmanager
def open_clinic(data: Path, *, database: str | None = None, key_file: Path | None = None) -> Iterator[Clinic]:
    """The clinic of a data folder, made (for its owner alone) if it is not there; closed when the block ends.

    `database` is the address of a PostgreSQL; without it, charts and accounts lie in `data` too.
    Raises `ClinicError`, or `VaultError` for a key that others may read.
    """
    ring = _prepared(data, key_file)
    opened = open_database(data, database)
    try:
        records = open_records(opened, ring)
        audit = AuditLog(data / "audit", open_signer(data / "audit" / "signer.json", ring), sm=ring.sm)
        yield Clinic(
            database=opened,
            records=records,
            consent=Consent(records),
            accounts=Accounts(opened),
            keys=ApiKeys(opened),
            sessions=Sessions(opened),
            audit=audit,
            folder=data,
            exports=Exports(opened),
            groups=Groups(opened),
            dialogues=open_dialogues(records),
            jobs=Jobs(opened, data, store_key(opened, ring, "jobs")),
            models=Models(opened, data, store_key(opened, ring, "models")),
        )
    finally:
        opened.close()


def _prepared(data: Path, key_file: Path | None) -> Keyring:
    """The folder, its owner's alone, and the master keys that open what lies in it."""
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not any(data.iterdir()):
            data.chmod(0o700)  # an empty folder made by hand is usually open to others
        ring = load_keyring(key_file, data)
        (data / "audit").mkdir(exist_ok=True, mode=0o700)
    except OSError as fault:
        what = tr("the data folder cannot be used", "数据目录无法使用")
        raise ClinicError(what, value=f"{data} ({fault.strerror})") from None
    return ring
