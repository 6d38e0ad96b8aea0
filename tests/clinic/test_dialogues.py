"""What was asked and answered: kept sealed for three years at least, read by whoever may, gone with the patient."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bedside.clinic._database import Database
from bedside.clinic.dialogues import Dialogues, open_dialogues
from bedside.clinic.keys.keyring import keyring
from bedside.clinic.records import open_records
from bedside.deid.vault.key import MarkedKey
from bedside.errors import UsageError
from bedside.types import RawChart

PASSWORD = "correct horse 7 电池"
OLD, NEW = b"o" * 32, b"n" * 32


def weighed(ward: Any, role: str, proposal: str) -> None:
    csrf = ward.client.post("/v1/login", json={"name": role, "password": PASSWORD}).json()["csrf"]
    at = f"/patients/{ward.patients[0]}/check"
    assert ward.client.post(at, json={"proposal": proposal}, headers={"x-csrf-token": csrf}).status_code == 200
    ward.client.cookies.clear()


def of_mary(ward: Any, role: str) -> Any:
    return ward.as_(role).get(f"/v1/patients/{ward.patients[0]}/dialogues")


def test_a_proposal_that_was_weighed_is_kept_with_its_verdict_and_read_by_those_who_treat(ward: Any) -> None:
    weighed(ward, "clinician", "Start ibuprofen.")
    (one,) = of_mary(ward, "reviewer").json()
    assert (one["kind"], one["question"], one["answer"]) == ("check", "Start ibuprofen.", "allow")
    assert [told["id"] for told in ward.as_("clinician").get("/v1/dialogues").json()] == [one["id"]]
    assert ward.as_("reviewer").get("/v1/dialogues").json() == []


@pytest.mark.parametrize("role", ["admin", "auditor", "data_engineer", "service", "exporter"])
def test_who_runs_or_watches_the_system_reads_no_dialogue_about_a_patient(ward: Any, role: str) -> None:
    assert of_mary(ward, role).status_code == 403


def test_about_a_restricted_patient_not_even_ones_own_dialogues_are_shown(ward: Any) -> None:
    weighed(ward, "clinician", "Start ibuprofen.")
    ward.clinic.consent.restrict(ward.patients[0], restricted=True)
    assert of_mary(ward, "clinician").status_code == 403
    assert ward.as_("clinician").get("/v1/dialogues").json() == []


def test_nothing_of_a_dialogue_lies_readable_on_the_disk_or_in_the_audit_log(ward: Any) -> None:
    weighed(ward, "clinician", "Start ibuprofen.")
    ward.clinic.dialogues.keep("u1", "chat", "What is gout?", "Urate crystals.")
    lies = b"".join(path.read_bytes() for path in Path(ward.data).rglob("*") if path.is_file())
    assert not any(said in lies for said in (b"ibuprofen", b"What is gout", b"Urate"))


def test_an_erased_patients_dialogues_are_gone_and_others_stay(database: Database) -> None:
    records = open_records(database, keyring([OLD]))
    dialogues = Dialogues(records)
    mary, _ = records.keep(RawChart(patient="1"))
    dialogues.keep("u1", "check", "Start ibuprofen.", "block", mary)
    dialogues.keep("u1", "ask", "What is gout?", "Urate crystals.")
    records.erase(mary)
    assert [one.kind for one in dialogues.of_user("u1")] == ["ask"]
    assert dialogues.keep("u1", "check", "Start ibuprofen.", "block", mary) is None


@pytest.mark.parametrize("new", [NEW, MarkedKey("sm4", NEW)])
def test_under_a_new_master_key_every_dialogue_opens_without_the_old_one(database: Database, new: Any) -> None:
    records = open_records(database, keyring([OLD]))
    mary, _ = records.keep(RawChart(patient="1"))
    Dialogues(records).keep("u1", "check", "予布洛芬。", "block", mary)
    Dialogues(records).keep("u1", "ask", "痛风是什么？", "尿酸结晶。")
    both = open_records(database, keyring([new, OLD]))
    assert (open_dialogues(both).rewrap(), both.reseal(mary)) == (0, both.ring.sm)
    alone = open_dialogues(open_records(database, keyring([new])))
    assert {one.question for one in alone.of_user("u1")} == {"予布洛芬。", "痛风是什么？"}


def test_dialogues_are_deleted_after_three_years_and_not_a_day_earlier(database: Database) -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    times = iter([(now - timedelta(days=days)).timestamp() for days in (1200, 1000)])
    records = open_records(database, keyring([OLD]))
    for question in ("old", "young"):
        Dialogues(records, lambda: next(times)).keep("u1", "ask", question, "yes")
    dialogues = Dialogues(records, now.timestamp)
    with pytest.raises(UsageError, match="3 years"):
        dialogues.prune(datetime(2023, 11, 24, tzinfo=UTC))
    assert dialogues.prune(datetime(2023, 11, 23, tzinfo=UTC)) == 1
    assert [one.question for one in dialogues.of_user("u1")] == ["young"]


def test_a_chat_is_kept_under_the_account_that_asked(ward: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from bedside.server import openai
    from bedside.server.openai.reply import Reply

    monkeypatch.setattr(openai, "_reply", lambda *given: Reply(("Urate crystals.",), "stop", {}))
    sent = {"model": "bedside-library", "messages": [{"role": "user", "content": "What is gout?"}], "stream": True}
    assert ward.as_("service").post("/v1/chat/completions", json=sent).status_code == 200
    (one,) = ward.as_("service").get("/v1/dialogues").json()
    assert (one["question"], one["answer"]) == ("What is gout?", "Urate crystals.")
