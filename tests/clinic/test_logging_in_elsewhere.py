"""OpenID Connect and SMART launches: in comes whom a listed issuer vouches for, in the role of the settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fake_ehr import FakeEhr

from bedside.errors import ConfigError
from bedside.exchange.signing import make_signing_key
from bedside.server.clinic.settings import Login, read_settings

HERE = "http://testserver"
ANN = {"sub": "u1", "preferred_username": "ann.lee", "groups": ["staff", "icu-doctors"]}
LEE = {"sub": "u9", "preferred_username": "lee", "fhirUser": "http://ehr/r4/Practitioner/9"}


@pytest.fixture
def hospital(open_ward: Callable[..., Any], ehr: FakeEhr) -> Any:
    """A ward whose clinicians log in at the hospital's identity provider, or come out of the record system."""
    roles = {"icu-doctors": "clinician", "auditors": "auditor"}
    logins = [
        Login(name="sso", issuer=ehr.url, client_id="bedside", roles=roles),
        Login(
            name="record-system",
            issuer=ehr.url,
            client_id="bedside-app",
            scopes=["openid", "fhirUser", "patient/*.rs"],
            role_claim="fhirUser",
            roles={"Practitioner": "clinician"},
            fhir=ehr.fhir,
        ),
    ]
    return open_ward(outbound=[ehr.url], logins=logins, public_url=HERE)


def sent_to(ward: Any, path: str, **query: str) -> str:
    answer = ward.client.get(path, params=query, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def back(ward: Any, query: dict[str, str]) -> Any:
    return ward.client.get("/login/callback", params=query, follow_redirects=False)


def came(ward: Any, ehr: FakeEhr, claims: dict[str, Any], **lie: Any) -> Any:
    query = ehr.log_in(sent_to(ward, "/login/with/sso"), claims)
    ehr.record.lie = lie
    return back(ward, query)


def me(ward: Any) -> dict[str, Any]:
    return dict(ward.client.get("/v1/me").json())


def test_a_clinician_logs_in_elsewhere_and_has_the_role_of_the_claim(hospital: Any, ehr: FakeEhr) -> None:
    assert "Log in with sso" in hospital.client.get("/login").text
    assert came(hospital, ehr, ANN).status_code == 200
    assert (me(hospital)["name"], me(hospital)["role"], me(hospital)["via"]) == ("ann.lee", "clinician", "session")
    assert hospital.clinic.accounts.named("ann.lee").last_login is not None


def test_a_second_login_is_the_same_person_with_the_role_of_today(hospital: Any, ehr: FakeEhr) -> None:
    came(hospital, ehr, ANN)
    first = me(hospital)["id"]
    came(hospital, ehr, {**ANN, "preferred_username": "ann.new", "groups": "auditors"})
    assert (me(hospital)["id"], me(hospital)["role"]) == (first, "auditor")
    assert came(hospital, ehr, {**ANN, "groups": []}).status_code == 403


@pytest.mark.parametrize("groups", [None, [], ["staff"], "clinician", {"icu-doctors": True}, [["icu-doctors"]]])
def test_who_has_no_role_that_the_settings_name_stays_out(hospital: Any, ehr: FakeEhr, groups: Any) -> None:
    assert came(hospital, ehr, {**ANN, "groups": groups}).status_code == 403
    assert hospital.client.get("/v1/me").status_code == 401


def test_a_name_that_a_local_account_has_does_not_open_that_account(hospital: Any, ehr: FakeEhr) -> None:
    assert came(hospital, ehr, {**ANN, "preferred_username": "admin"}).status_code == 403
    assert hospital.clinic.accounts.named("admin").role == "admin"


def test_an_account_that_is_shut_here_stays_shut(hospital: Any, ehr: FakeEhr) -> None:
    came(hospital, ehr, ANN)
    hospital.clinic.accounts.disable("ann.lee")
    hospital.client.cookies.clear()
    last = hospital.clinic.accounts.named("ann.lee")
    assert came(hospital, ehr, {**ANN, "groups": "auditors"}).status_code == 403
    assert hospital.clinic.accounts.named("ann.lee") == last


@pytest.mark.parametrize(
    "lie",
    [
        {"iss": "https://evil.example"},
        {"aud": "another-client"},
        {"aud": ["bedside", "another-client"]},
        {"nonce": "of another login"},
        {"exp": 1},
        {"sub": None},
    ],
)
def test_a_token_of_another_issuer_for_another_or_too_late_is_refused(hospital: Any, ehr: FakeEhr, lie: Any) -> None:
    assert came(hospital, ehr, ANN, **lie).status_code == 502
    assert hospital.client.get("/v1/me").status_code == 401


def test_a_token_signed_by_another_key_is_refused(hospital: Any, ehr: FakeEhr, monkeypatch: Any) -> None:
    from joserfc import jwt
    from joserfc.jwk import ECKey

    other = ECKey.generate_key("P-256", {"kid": "idp"})
    monkeypatch.setattr(ehr, "signed", lambda told: jwt.encode({"alg": "ES256", "kid": "idp"}, told, other))
    assert came(hospital, ehr, ANN).status_code == 502


def test_what_was_not_begun_in_this_browser_or_comes_twice_is_refused(hospital: Any, ehr: FakeEhr) -> None:
    query = ehr.log_in(sent_to(hospital, "/login/with/sso"), ANN)
    assert back(hospital, {**query, "state": "of another"}).status_code == 400
    assert back(hospital, {**query, "iss": "https://evil.example"}).status_code == 400
    assert back(hospital, {"state": query["state"], "error": "access_denied"}).status_code == 400
    kept = dict(hospital.client.cookies)
    hospital.client.cookies.clear()
    assert back(hospital, query).status_code == 400
    hospital.client.cookies.update(kept)
    assert back(hospital, query).status_code == 200
    assert back(hospital, query).status_code in (400, 502)  # the cookie is gone, or the issuer takes no code twice


def test_a_server_that_calls_itself_otherwise_than_the_settings_do_is_refused(hospital: Any, ehr: FakeEhr) -> None:
    ehr.record.lie = {"configuration": {"issuer": "https://evil.example"}}
    assert hospital.client.get("/login/with/sso", follow_redirects=False).status_code == 502


def test_a_launch_out_of_a_chart_opens_that_chart_and_no_other(hospital: Any, ehr: FakeEhr) -> None:
    address = sent_to(hospital, "/smart/launch", iss=ehr.fhir, launch="xyz")
    assert "launch=xyz" in address
    answer = back(hospital, ehr.log_in(address, LEE, patient="12"))
    assert answer.status_code == 200, answer.text
    own = hospital.clinic.records.patient_of("12")
    assert f"url=/patients/{own}" in answer.text
    assert "Gout" in hospital.client.get(f"/patients/{own}").text
    other = hospital.client.get(f"/v1/patients/{hospital.patients[0]}")
    assert (other.status_code, other.json()["error"]["code"]) == (403, "another_patient")
    assert "Mary" not in hospital.client.get("/patients").text
    assert [one["id"] for one in hospital.client.get("/v1/patients").json()["patients"]] == [own]
    token = {"x-csrf-token": me(hospital)["csrf"]}
    glass = hospital.client.post(
        f"/v1/patients/{hospital.patients[0]}/break-glass", json={"reason": "curious"}, headers=token
    )
    assert glass.status_code == 403


def test_a_standalone_launch_asks_for_a_patient_and_does_not_go_on_without(hospital: Any, ehr: FakeEhr) -> None:
    address = sent_to(hospital, "/login/with/record-system")
    assert "launch%2Fpatient" in address
    assert back(hospital, ehr.log_in(address, LEE)).status_code == 502
    address = sent_to(hospital, "/login/with/record-system")
    assert back(hospital, ehr.log_in(address, LEE, patient="12")).status_code == 200


def test_a_launch_by_a_server_that_is_not_listed_goes_nowhere(hospital: Any, ehr: FakeEhr) -> None:
    answer = hospital.client.get(
        "/smart/launch", params={"iss": "https://evil.example/r4", "launch": "x"}, follow_redirects=False
    )
    assert answer.status_code == 403
    assert ehr.record.asked == []


def test_a_restricted_patient_is_not_opened_by_a_launch(hospital: Any, ehr: FakeEhr) -> None:
    for status in (200, 403):
        address = sent_to(hospital, "/smart/launch", iss=ehr.fhir, launch="xyz")
        assert back(hospital, ehr.log_in(address, LEE, patient="12")).status_code == status
        hospital.clinic.consent.restrict(hospital.clinic.records.patient_of("12"), restricted=True)
        hospital.client.cookies.clear()


def test_a_client_with_a_key_also_signs(open_ward: Any, ehr: FakeEhr, tmp_path: Path) -> None:
    key = make_signing_key(tmp_path / "key.json")
    login = Login(name="sso", issuer=ehr.url, client_id="b", key=tmp_path / "key.json", roles={"x": "clinician"})
    ward = open_ward(outbound=[ehr.url], logins=[login], public_url=HERE)
    ehr.record.clients["b"] = key.public()
    assert came(ward, ehr, {"sub": "1", "groups": ["x"]}).status_code == 200
    assert came(ward, ehr, {"sub": "1", "groups": ["x"]}).status_code == 200


@pytest.mark.parametrize("bad", ["role", "service", "address", "two"])
def test_settings_that_would_let_in_the_wrong_people_stop_the_start(tmp_path: Path, bad: str) -> None:
    one = {"name": "a", "issuer": "https://i", "client_id": "c", "roles": {"x": "clinician"}, "fhir": "https://e/r4"}
    given: dict[str, Any] = {"logins": [one], "public_url": HERE}
    assert read_settings(None, **given).logins
    if bad in ("role", "service"):
        given["logins"] = [{**one, "roles": {"x": "boss" if bad == "role" else "service"}}]
    elif bad == "address":
        del given["public_url"]
    else:
        given["logins"] = [one, {**one, "name": "b", "fhir": "https://f/r4"}]
    with pytest.raises(ConfigError):
        read_settings(None, **given)
