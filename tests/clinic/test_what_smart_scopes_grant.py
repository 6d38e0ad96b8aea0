"""SMART scopes of version 2 on our own FHIR addresses: what is granted is given, what is not understood is not."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey

from bedside.clinic.scopes import read_scopes
from bedside.server.clinic.settings import Issuer

KEY = ECKey.generate_key("P-256", {"kid": "k"})


@pytest.fixture
def ask(open_ward: Any, tmp_path: Path) -> Any:
    """Asks an address with a token of these scopes, and gives the answer; `ask.ward` is the ward."""
    jwks = tmp_path / "jwks.json"
    jwks.write_text(json.dumps({"keys": [KEY.as_dict(private=False)]}), encoding="utf-8")
    ward = open_ward(issuers=[Issuer(issuer="https://i", jwks=jwks, audience=["b"], role="service", smart=True)])

    def asked(scope: str | None, path: str, method: str = "GET", **claims: Any) -> Any:
        told = {"iss": "https://i", "aud": "b", "sub": "app", "exp": int(time.time()) + 60, **claims}
        told |= {} if scope is None else {"scope": scope}
        token = jwt.encode({"alg": "ES256", "kid": "k"}, told, KEY)
        return ward.as_("").request(method, path, headers={"authorization": f"Bearer {token}"}, json={})

    asked.ward = ward  # type: ignore[attr-defined]
    return asked


@pytest.mark.parametrize(
    ("scope", "status"),
    [
        ("system/Patient.r", 200),
        ("system/*.rs", 200),
        ("user/Patient.cruds", 200),
        ("openid system/Patient.rs", 200),
        ("system/Patient.s", 403),
        ("system/Observation.rs", 403),
        ("system/Patient.read", 403),
        ("system/*.*", 403),
        ("system/Patient.sr", 403),
        ("system/Patient.r?gender=female", 403),
        ("System/Patient.r", 403),
        ("", 403),
        (None, 403),
    ],
)
def test_a_patient_is_read_with_the_letter_r_for_its_type_and_without_is_not(ask: Any, scope: Any, status: int) -> None:
    assert ask(scope, f"/fhir/Patient/{ask.ward.patients[0]}").status_code == status


def test_a_scope_with_a_query_is_refused_in_words(ask: Any) -> None:
    told = ask("system/Patient.r?gender=female", f"/fhir/Patient/{ask.ward.patients[0]}").json()
    assert "scopes with a query are not applied" in told["issue"][0]["details"]["text"]


@pytest.mark.parametrize(
    ("operation", "makes"), [("analyze", "DetectedIssue"), ("summary", "Composition"), ("report", "DiagnosticReport")]
)
def test_what_is_made_of_a_chart_that_is_sent_needs_the_scope_to_make_it(ask: Any, operation: str, makes: str) -> None:
    for path in (f"/fhir/${operation}", f"/fhir/Patient/${operation}"):
        assert ask(f"system/{makes}.c", path, "POST").status_code == 422  # let in; nothing was sent
        assert ask("system/Patient.rs system/Observation.c", path, "POST").status_code == 403


def test_everything_holds_the_types_that_are_granted_and_no_other(ask: Any) -> None:
    def kinds(scope: str) -> set[str]:
        bundle = ask(scope, f"/fhir/Patient/{ask.ward.patients[0]}/$everything").json()
        return {one["resource"]["resourceType"] for one in bundle["entry"]}

    assert kinds("system/*.rs") == {"Patient", "Condition", "MedicationStatement"}
    assert kinds("system/Patient.r system/Condition.r") == {"Patient", "Condition"}


@pytest.mark.parametrize("mine", ["our id", "the hospital's number"])
def test_a_patient_scope_reaches_the_patient_of_the_token_and_no_other(ask: Any, mine: str) -> None:
    mary, wang = ask.ward.patients
    patient = mary if mine == "our id" else "MRN-1001"
    assert ask("patient/*.rs", f"/fhir/Patient/{mary}", patient=patient).status_code == 200
    assert ask("patient/*.rs", f"/fhir/Patient/{wang}", patient=patient).status_code == 403
    found = ask("patient/*.rs", "/fhir/Patient", patient=patient).json()
    assert [one["resource"]["id"] for one in found["entry"]] == [mary]


def test_a_patient_scope_without_a_patient_reaches_nobody(ask: Any) -> None:
    for patient in ("", "nobody", 7, None):
        answer = ask("patient/*.rs", f"/fhir/Patient/{ask.ward.patients[0]}", patient=patient)
        assert answer.status_code in (403, 404)


def test_a_smart_token_opens_nothing_beside_the_fhir_addresses(ask: Any) -> None:
    mary = ask.ward.patients[0]
    for path in (f"/v1/patients/{mary}", "/v1/patients", "/metrics", f"/patients/{mary}"):
        assert ask("system/*.cruds", path).status_code == 403
    assert ask("system/*.cruds", "/v1/me").status_code == 200


def test_scopes_bind_a_token_of_any_issuer(ask: Any, open_ward: Any) -> None:
    ward = ask.ward
    (issuer,) = ward.context.settings.issuers
    object.__setattr__(issuer, "smart", False)
    mary = ward.patients[0]
    assert ask("patient/Patient.r", f"/v1/patients/{mary}", patient=mary).status_code == 403
    assert ask(None, f"/v1/patients/{mary}").status_code == 200


def test_a_scope_never_gives_more_than_the_role(ask: Any) -> None:
    assert ask("system/*.cruds user/*.cruds", "/v1/audit").status_code in (403, 404)
    (issuer,) = ask.ward.context.settings.issuers
    object.__setattr__(issuer, "role", "auditor")
    assert ask("system/*.cruds", f"/fhir/Patient/{ask.ward.patients[0]}").status_code == 403


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_and_none_grants_what_it_does_not_name(text: str) -> None:
    held = read_scopes(text)
    assert all(one.level in ("patient", "user", "system") and set(one.may) <= set("cruds") for one in held.grants)
    assert held.level("Patient", "x") is None


def test_clients_are_told_where_tokens_are_given_only_where_the_settings_say_so(open_ward: Any, tmp_path: Path) -> None:
    jwks = tmp_path / "jwks.json"
    jwks.write_text(json.dumps({"keys": [KEY.as_dict(private=False)]}), encoding="utf-8")
    door = "https://login.hospital.lan/token"
    issuer = Issuer(issuer="https://i", jwks=jwks, audience=["b"], token_endpoint=door)
    told = open_ward(issuers=[issuer]).client.get("/fhir/.well-known/smart-configuration").json()
    assert (told["token_endpoint"], told["grant_types_supported"]) == (door, ["client_credentials"])


def test_without_such_an_issuer_no_door_is_made_up(ward: Any) -> None:
    told = ward.client.get("/fhir/.well-known/smart-configuration").json()
    assert ("token_endpoint" in told, told["grant_types_supported"]) == (False, [])
