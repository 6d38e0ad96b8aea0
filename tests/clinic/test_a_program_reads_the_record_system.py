"""SMART backend services: we show who we are by key, read what we may, and speak to listed servers alone."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from fake_ehr import FakeEhr
from joserfc.jwk import ECKey, RSAKey

from bedside.errors import ConfigError, ExchangeError
from bedside.exchange.backend import BackendClient
from bedside.exchange.chart import chart_from
from bedside.exchange.peers import Peers
from bedside.exchange.signing import SigningKey, jwks, make_signing_key, read_signing_key
from bedside.server.clinic.settings import FhirServer


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    return make_signing_key(tmp_path / "smart.json")


def client(ehr: FakeEhr, key: SigningKey, **given: Any) -> BackendClient:
    ehr.record.clients["bedside"] = key.public()
    return BackendClient(Peers([ehr.url]), ehr.fhir, "bedside", key, **given)


def tokens(ehr: FakeEhr) -> int:
    return len(ehr.record.tokens)


def test_a_patient_is_read_with_a_token_got_by_key(ehr: FakeEhr, key: SigningKey) -> None:
    assert client(ehr, key).get("Patient/12")["birthDate"] == "1958-02-11"
    assert "private" not in json.dumps(jwks([key]))
    assert "d" not in key.public()


def test_an_rsa_key_signs_with_the_algorithm_that_smart_names_for_it(ehr: FakeEhr) -> None:
    rsa = SigningKey(RSAKey.generate_key(2048, {"kid": "r"}), "RS384")
    assert client(ehr, rsa).get("Patient/12")["id"] == "12"


def test_a_token_is_kept_until_it_is_nearly_over(ehr: FakeEhr, key: SigningKey) -> None:
    now = [0.0]
    reader = client(ehr, key, clock=lambda: now[0])
    reader.get("Patient/12"), reader.get("Patient/12")
    assert tokens(ehr) == 1
    now[0] = 271.0
    reader.get("Patient/12")
    assert tokens(ehr) == 2


def test_a_token_that_was_taken_back_is_asked_for_anew_once(ehr: FakeEhr, key: SigningKey) -> None:
    reader = client(ehr, key)
    reader.get("Patient/12")
    ehr.record.tokens.clear()
    assert reader.get("Patient/12")["id"] == "12"
    ehr.record.life_s = -1
    ehr.record.tokens.clear()
    with pytest.raises(ExchangeError, match="401"):
        reader.get("Patient/12")


def test_another_key_gets_no_token_and_the_servers_words_are_not_repeated(ehr: FakeEhr, key: SigningKey) -> None:
    reader = client(ehr, key)
    ehr.record.clients["bedside"] = {**ECKey.generate_key("P-384").as_dict(private=False), "kid": key.kid}
    with pytest.raises(ExchangeError, match="invalid_client") as told:
        reader.get("Patient/12")
    assert "Mary" not in str(told.value)


def test_no_two_assertions_are_the_same_and_none_holds_for_more_than_five_minutes(key: SigningKey) -> None:
    from joserfc import jwt

    made = [jwt.decode(key.assertion("b", "https://e/token"), key.key, algorithms=["ES384"]).claims for _ in range(3)]
    assert len({one["jti"] for one in made}) == 3
    assert all(0 < one["exp"] - one["iat"] <= 300 for one in made)


@pytest.mark.parametrize("name", ["token_endpoint", "authorization_endpoint", "jwks_uri"])
def test_a_server_that_names_a_door_elsewhere_gets_nothing(ehr: FakeEhr, key: SigningKey, name: str) -> None:
    ehr.record.lie["configuration"] = {name: "https://evil.example/x"}
    with pytest.raises(ExchangeError, match="not listed"):
        client(ehr, key).get("Patient/12")
    assert tokens(ehr) == 0


def test_a_server_that_is_not_listed_is_never_knocked_at(ehr: FakeEhr, key: SigningKey) -> None:
    for listed in ([], ["https://other.hospital.lan"], [f"http://127.0.0.1:{ehr.server_port + 1}"]):
        with pytest.raises(ExchangeError, match="not listed"):
            BackendClient(Peers(listed), ehr.fhir, "bedside", key).get("Patient/12")
    assert ehr.record.asked == []


def test_a_chart_is_fetched_over_all_pages_of_every_search(ehr: FakeEhr, key: SigningKey) -> None:
    chart = chart_from(client(ehr, key).get, ehr.fhir, "12")
    assert [entry.value for entry in chart.entries if entry.kind == "Observation"] == [4.1, 139.0]
    assert chart.birth_date == "1958-02-11"


def test_a_chart_of_somebody_else_or_one_that_lacks_allergies_is_no_chart(ehr: FakeEhr, key: SigningKey) -> None:
    reader = client(ehr, key)

    def without(query: str) -> dict[str, Any]:
        if query.startswith("AllergyIntolerance"):
            raise ExchangeError("refused")
        return reader.get(query)

    def other(query: str) -> dict[str, Any]:
        return {**reader.get(query), "id": "13"} if query.startswith("Patient/") else {"resourceType": "Bundle"}

    for get in (without, other):
        with pytest.raises(ExchangeError):
            chart_from(get, ehr.fhir, "12")


def test_a_page_on_another_server_is_not_followed(ehr: FakeEhr, key: SigningKey) -> None:
    reader = client(ehr, key)

    def away(query: str) -> dict[str, Any]:
        found = reader.get(query)
        return {**found, "link": [{"relation": "next", "url": "https://evil.example/r4/Condition?page=2"}]}

    with pytest.raises(ExchangeError, match="another server"):
        chart_from(away, ehr.fhir, "12")


def test_a_key_that_others_may_read_or_that_is_too_weak_is_refused(tmp_path: Path) -> None:
    made = tmp_path / "smart.json"
    make_signing_key(made)
    with pytest.raises(ConfigError, match="already"):
        make_signing_key(made)
    made.chmod(0o640)
    with pytest.raises(ConfigError, match="others may read"):
        read_signing_key(made)
    for key in (ECKey.generate_key("P-256"), ECKey.generate_key("P-384").as_dict(private=False)):
        weak = tmp_path / "weak.json"
        weak.write_text(json.dumps(key if isinstance(key, dict) else key.as_dict(private=True)))
        os.chmod(weak, 0o600)
        with pytest.raises(ConfigError, match="neither P-384"):
            read_signing_key(weak)


def test_a_cds_call_without_a_token_is_answered_with_our_own_for_a_program_alone(
    open_ward: Any, ehr: FakeEhr, tmp_path: Path
) -> None:
    key = make_signing_key(tmp_path / "key.json")
    ehr.record.clients["bedside"] = key.public()
    server = FhirServer(fhir=ehr.fhir, client_id="bedside", key=tmp_path / "key.json")
    ward = open_ward(outbound=[ehr.url], fhir_servers=[server])
    context = {"userId": "Practitioner/1", "patientId": "12"}
    call = {"hook": "patient-view", "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"}
    call |= {"context": context, "fhirServer": ehr.fhir}
    statuses = [
        ward.as_(role).post("/cds-services/bedside-patient-view", json=call).status_code
        for role in ("service", "clinician")
    ]
    assert statuses == [200, 412]
    assert ward.client.get("/.well-known/jwks.json").json()["keys"][0]["kid"] == key.kid
