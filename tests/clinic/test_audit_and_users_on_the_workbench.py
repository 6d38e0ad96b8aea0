"""The pages of those who watch over the system: who did what, is the log whole, who may enter, with which key."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

PASSWORD = "correct horse 7 电池"


def entered(ward: Any, role: str) -> dict[str, str]:
    """The headers of a page of that role's login."""
    return {"x-csrf-token": ward.client.post("/v1/login", json={"name": role, "password": PASSWORD}).json()["csrf"]}


def read_chart(ward: Any, who: str = "clinician") -> None:
    ward.as_(who).get(f"/v1/patients/{ward.patients[0]}")


def rows(html: str) -> int:
    return html.count("<tr") - 1


def test_an_auditor_finds_who_read_a_chart_and_nothing_of_the_chart(ward: Any) -> None:
    read_chart(ward), read_chart(ward, "reviewer")
    entered(ward, "auditor")
    found = ward.client.get("/audit", params={"patient": ward.patients[0], "act": "patient.read"}).text
    assert rows(found) == 2
    assert "Mary" not in found
    assert rows(ward.client.get("/audit", params={"who": "reviewer", "act": "patient.read"}).text) == 1
    assert "No line fits" in ward.client.get("/audit", params={"until": "2001-01-01"}).text


def test_the_newest_line_comes_first_and_a_refusal_stands_out(ward: Any) -> None:
    read_chart(ward), read_chart(ward, "admin")
    entered(ward, "auditor")
    shown = ward.client.get("/audit", params={"act": "patient.read"}).text
    assert shown.index("forbidden") < shown.index("done</td>")
    assert '<tr class="refused">' in shown


@pytest.mark.parametrize("changed", [False, True])
def test_the_log_is_verified_by_a_button_and_a_changed_line_is_found(ward: Any, changed: bool) -> None:
    read_chart(ward)
    token = entered(ward, "auditor")
    if changed:
        (log,) = (ward.data / "audit").glob("2*.jsonl")
        log.write_text(log.read_text().replace('"name": "clinician"', '"name": "clinicien"'))
    said = ward.client.post("/audit/verify", headers=token).text
    assert ("unchanged" in said) == (not changed)
    assert ("the audit log was changed" in said) == changed


def test_lines_are_exported_whole_and_in_order(ward: Any) -> None:
    read_chart(ward)
    entered(ward, "auditor")
    answer = ward.client.get("/audit/export", params={"who": "clinician"})
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert {one["name"] for one in lines} == {"clinician"}
    assert [one["n"] for one in lines] == sorted(one["n"] for one in lines)
    assert "attachment" in answer.headers["content-disposition"]


def test_an_administrator_adds_a_program_whose_key_is_shown_once_and_opens(ward: Any) -> None:
    token = entered(ward, "admin")
    made = ward.client.post("/users", json={"name": "emr", "role": "service", "enters": "key"}, headers=token).text
    (key,) = re.findall(r"bedside_k[0-9a-f]+\.[\w-]+", made)
    assert ward.client.get("/v1/me", headers={"x-api-key": key}).json()["role"] == "service"
    assert "emr" in ward.client.get("/users").text
    assert key not in ward.client.get("/users").text


def test_a_replaced_key_and_the_new_one_both_open_for_a_day(ward: Any) -> None:
    token = entered(ward, "admin")
    user = ward.clinic.accounts.named("service")
    (old,) = ward.clinic.keys.of(user.id)
    made = ward.client.post(f"/users/{user.id}/keys", json={"instead": old.id}, headers=token).text
    (key,) = re.findall(r"bedside_k[0-9a-f]+\.[\w-]+", made)
    assert [
        ward.client.get("/v1/me", headers={"x-api-key": one}).status_code for one in (ward.keys["service"], key)
    ] == [
        200,
        200,
    ]
    ends = {one.id: one.expires for one in ward.clinic.keys.of(user.id)}
    assert ends[old.id] - old.created < 2 * 86_400


def test_who_is_shut_out_is_out_at_once_and_nobody_shuts_himself_out(ward: Any) -> None:
    token = entered(ward, "admin")
    service, admin = (ward.clinic.accounts.named(name) for name in ("service", "admin"))
    ward.client.post(f"/users/{service.id}/shut", headers=token)
    assert ward.as_("service").get("/v1/me").status_code == 401
    assert ward.client.post(f"/users/{admin.id}/shut", headers=token).status_code == 422
    assert ward.as_("admin").get("/v1/me").status_code == 200


def test_an_auditor_sees_the_accounts_and_changes_none(ward: Any) -> None:
    token = entered(ward, "auditor")
    shown = ward.client.get("/users", headers={"accept-language": "zh"}).text
    assert "管理员" in shown
    assert "新增账户" not in shown
    assert ward.client.post("/users", json={"name": "x", "role": "admin"}, headers=token).status_code == 403


def test_the_last_login_is_told(ward: Any) -> None:
    user = ward.clinic.accounts.named("clinician")
    assert user.last_login is None
    entered(ward, "clinician")
    assert ward.clinic.accounts.named("clinician").last_login is not None
