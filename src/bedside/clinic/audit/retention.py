"""How long what is kept must be kept at least; audit files older than that may be deleted, and no others."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from bedside.chain import canonical, digest, end_of
from bedside.clinic.audit.read import AuditReader
from bedside.clinic.audit.signer import Signer
from bedside.errors import UsageError
from bedside.files import whole_file
from bedside.lang import tr


@dataclass(frozen=True, kw_only=True)
class Rule:
    """The shortest time that something must be kept, in years, and who says so."""

    years: int
    en: str
    zh: str
    source: str
    year: int


RETENTION = {
    "inpatient_record": Rule(
        years=30,
        en="records of inpatients, from the last discharge",
        zh="住院病历（自末次出院起）",
        source="《医疗机构病历管理规定（2013年版）》第二十九条",
        year=2013,
    ),
    "outpatient_record": Rule(
        years=15,
        en="records of outpatients and emergencies, from the last visit",
        zh="门（急）诊病历（自末次就诊起）",
        source="《医疗机构病历管理规定（2013年版）》第二十九条",
        year=2013,
    ),
    "dialogue": Rule(
        years=3,
        en="dialogues and other records of the course of online care",
        zh="诊疗中的图文对话、音视频等过程记录",
        source="《互联网诊疗监管细则（试行）》",
        year=2022,
    ),
}
"""A hospital's own rule may ask for more, never for less."""

AUDIT_YEARS = RETENTION["outpatient_record"].years
"""The audit log says who read a record, so it is kept as long as one."""


def prune(reader: AuditReader, signer: Signer, before: int, now: datetime | None = None) -> list[str]:
    """Delete the audit files of the years before `before`, and return their names; where the log begins then is signed.

    Raises `UsageError` when any of them must still be kept, `AuditError` when the log is not whole: nothing is deleted.
    """
    newest = (now or datetime.now(UTC)).year - AUDIT_YEARS - 1
    if before - 1 > newest:
        rule = RETENTION["outpatient_record"]
        raise UsageError(
            tr(f"audit files must be kept for {rule.years} years", f"审计日志须保存至少 {rule.years} 年"),
            value=before,
            allowed=f"--before {newest + 1} ({rule.source})",
        )
    reader.verify()
    gone = [path for path in reader.years() if int(path.stem) < before]
    if gone:
        _sign_start(reader, signer, before)
    for path in gone:
        path.unlink()
    return [path.name for path in gone]


def _sign_start(reader: AuditReader, signer: Signer, before: int) -> None:
    """Write down, signed, what the first line that stays follows."""
    end = reader.start()
    for path in reader.years():
        if int(path.stem) < before:
            with path.open("rb") as log:
                end = end_of(log, digest, end)
    time = datetime.now(UTC).isoformat(timespec="milliseconds")
    said = {"n": end.count, "mark": end.mark, "year": before, "size": 0, "time": time}
    with whole_file(reader.folder / "pruned.json") as out:
        json.dump({**said, "signature": signer.sign(canonical(said))}, out)
