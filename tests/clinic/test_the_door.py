"""How one shows who one is: key, login with the page's token, signed token, certificate; what every answer carries."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from bedside.clinic.audit.read import AuditReader
from bedside.server.clinic.settings import Issuer, Limits

ISSUER, AUDIENCE = "https://login.hospital.example", "bedside"


def login(ward: Any, name: str = "clinician") -> str:
    sent = {"name": name, "password": "correct horse 7 电池"}
    answer = ward.client.post("/v1/login", json=sent)
    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    return answer.json()["csrf"]


def test_a_login_reads_and_writes_only_with_the_pages_token(ward: Any) -> None:
    csrf, glass = login(ward), f"/v1/patients/{ward.patients[0]}/break-glass"
    assert ward.client.get("/v1/me").json()["via"] == "session"
    assert ward.client.get(f"/v1/patients/{ward.patients[0]}").status_code == 200
    bare = ward.client.post(glass, json={"reason": "an emergency"})
    assert (bare.status_code, bare.json()["error"]["code"]) == (403, "csrf")
    assert ward.client.post(glass, json={"reason": "an emergency"}, headers={"x-csrf-token": "x"}).status_code == 403
    assert ward.client.post(glass, json={"reason": "an emergency"}, headers={"x-csrf-token": csrf}).status_code == 200


def test_after_logout_the_cookie_opens_nothing(ward: Any) -> None:
    csrf = login(ward)
    cookie = ward.client.cookies["bedside_session"]
    assert ward.client.post("/v1/logout", headers={"x-csrf-token": csrf}).status_code == 204
    assert ward.client.get("/v1/me", headers={"cookie": f"bedside_session={cookie}"}).status_code == 401


def test_who_logs_in_at_a_shared_desk_ends_the_login_before(ward: Any) -> None:
    csrf, sent = login(ward), {"name": "reviewer", "password": "correct horse 7 电池"}
    before = ward.client.cookies["bedside_session"]
    assert ward.client.post("/v1/login", json=sent, headers={"x-csrf-token": csrf}).status_code == 200
    assert ward.client.get("/v1/me").json()["name"] == "reviewer"
    assert ward.client.get("/v1/me", headers={"cookie": f"bedside_session={before}"}).status_code == 401


def test_a_wrong_password_is_refused_and_stands_in_the_audit_log(ward: Any) -> None:
    refused = ward.client.post("/v1/login", json={"name": "clinician", "password": "guess"})
    assert refused.status_code == 401
    assert "guess" not in refused.text
    (line,) = AuditReader(ward.data / "audit").search({"action": "login"})
    assert line["outcome"] == "login_failed"


def test_guessing_passwords_is_slowed_down(open_ward: Callable[..., Any]) -> None:
    ward = open_ward(limits=Limits(logins_per_minute=0.01))
    sent = {"name": "nobody", "password": "guess"}
    statuses = [ward.client.post("/v1/login", json=sent).status_code for _ in range(3)]
    assert (statuses[0], statuses[-1]) == (401, 429)


def test_behind_a_trusted_proxy_each_address_has_its_own_limit(open_ward: Callable[..., Any]) -> None:
    ward = open_ward(limits=Limits(logins_per_minute=0.01), trusted_proxies=["testclient"])

    def guess(address: str) -> int:
        sent = {"name": "nobody", "password": "guess"}
        return ward.client.post("/v1/login", json=sent, headers={"x-forwarded-for": address}).status_code

    assert [guess("10.0.0.1"), guess("10.0.0.1"), guess("10.0.0.2"), guess("9.9.9.9, 10.0.0.1")] == [401, 429, 401, 429]


def test_asking_too_much_too_fast_is_refused(open_ward: Callable[..., Any]) -> None:
    ward = open_ward(limits=Limits(requests_per_second=0.001))
    answers = [ward.as_("clinician").get("/v1/me") for _ in range(2)]
    assert answers[0].status_code == 200
    assert answers[-1].status_code == 429
    assert answers[-1].headers["retry-after"]


KEY = ECKey.generate_key("P-256", {"kid": "k1"})


@pytest.fixture
def trusting(tmp_path: Path, open_ward: Callable[..., Any]) -> Any:
    """A ward that trusts one issuer of tokens."""
    jwks = tmp_path / "jwks.json"
    jwks.write_text(json.dumps({"keys": [KEY.as_dict(private=False)]}))
    return open_ward(issuers=[Issuer(issuer=ISSUER, jwks=jwks, audience=[AUDIENCE])])


@pytest.fixture
def signed(trusting: Any) -> Callable[..., Any]:
    """Asks /v1/me with a token that the issuer signed, with these claims changed."""

    def ask(signer: Any = KEY, alg: str = "ES256", **changed: Any) -> Any:
        claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "dr.lee", "role": "clinician", "exp": int(time.time()) + 60}
        claims = {name: value for name, value in {**claims, **changed}.items() if value is not None}
        token = jwt.encode({"alg": alg, "kid": "k1"}, claims, signer, algorithms=[alg])
        return trusting.client.get("/v1/me", headers={"authorization": f"Bearer {token}"})

    return ask


def test_a_signed_token_of_a_known_issuer_lets_in(signed: Callable[..., Any]) -> None:
    me = signed().json()
    assert (me["id"], me["role"], me["via"]) == ("token:dr.lee", "clinician", "token")


OTHERS: tuple[dict[str, Any], ...] = (
    {"iss": "https://elsewhere.example"},
    {"aud": "another service"},
    {"exp": 1_600_000_000},
    {"exp": None},
    {"sub": None},
    {"sub": 7},
    {"role": "janitor"},
    {"role": None},
    {"signer": ECKey.generate_key("P-256", {"kid": "k1"})},
    {"signer": OctKey.import_key("x" * 32), "alg": "HS256"},
)


def test_any_other_token_does_not(signed: Callable[..., Any]) -> None:
    assert [changed for changed in OTHERS if signed(**changed).status_code != 401] == []


def test_what_is_no_token_is_refused_and_breaks_nothing(trusting: Any) -> None:
    for token in ("x", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "\x7f", "é"):
        sent = {"authorization": f"Bearer {token}".encode()}
        assert trusting.client.get("/v1/me", headers=sent).status_code == 401, token


def test_a_certificate_is_believed_from_the_named_proxy_only(open_ward: Callable[..., Any]) -> None:
    shown = {"x-client-certificate-name": "clinician"}
    trusted = open_ward(trusted_proxies=["testclient"])
    assert trusted.client.get("/v1/me", headers=shown).json()["via"] == "certificate"
    assert trusted.client.get("/v1/me", headers={"x-client-certificate-name": "stranger"}).status_code == 401
    trusted.context.settings.trusted_proxies.clear()
    assert trusted.client.get("/v1/me", headers=shown).status_code == 401


def test_every_answer_carries_the_headers_a_browser_obeys(ward: Any) -> None:
    for path in ("/livez", "/v1/me", "/nowhere", "/openapi.json"):
        headers = ward.client.get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["x-request-id"]
        assert "strict-transport-security" not in headers


def test_behind_tls_browsers_are_told_to_stay_there(open_ward: Callable[..., Any]) -> None:
    ward = open_ward(behind_tls=True)
    assert "max-age=31536000" in ward.client.get("/livez").headers["strict-transport-security"]
    sent = {"name": "clinician", "password": "correct horse 7 电池"}
    assert "Secure" in ward.client.post("/v1/login", json=sent).headers["set-cookie"]


def test_refusals_speak_the_callers_language(ward: Any) -> None:
    assert (
        ward.as_("").get("/v1/me", headers={"accept-language": "zh-CN"}).json()["error"]["what"]
        == "请登录或提供 API 密钥"
    )
    assert ward.as_("").get("/v1/me").json()["error"]["what"] == "log in, or send an API key"


def test_a_page_of_another_site_may_call_only_when_the_settings_name_the_site(open_ward: Callable[..., Any]) -> None:
    ward = open_ward(browser_origins=["https://emr.hospital.example"])

    def preflight(origin: str) -> str | None:
        asked = {"origin": origin, "access-control-request-method": "POST"}
        return ward.client.options("/v1/patients", headers=asked).headers.get("access-control-allow-origin")

    assert preflight("https://emr.hospital.example") == "https://emr.hospital.example"
    assert preflight("https://elsewhere.example") is None


def test_a_certificates_subject_opens_the_account_that_the_settings_give_it_once_the_proxy_verified_it(
    open_ward: Callable[..., Any],
) -> None:
    subject = "CN=Ann Lee,OU=ICU,O=Hospital"
    ward = open_ward(trusted_proxies=["testclient"], certificate_subjects={subject: "clinician"})

    def status(shown: str, verified: str | None = "SUCCESS") -> int:
        headers = {"x-client-certificate-name": shown}
        headers |= {} if verified is None else {"x-client-certificate-verify": verified}
        return int(ward.client.get("/v1/me", headers=headers).status_code)

    assert status(subject) == 200
    assert [status(subject, said) for said in (None, "", "NONE", "FAILED:expired", "success")] == [401] * 5
    assert [status(shown) for shown in ("clinician", "CN=Ann Lee", subject.lower())] == [401] * 3


def test_a_login_refused_for_want_of_the_pages_token_stands_in_the_audit_log(ward: Any) -> None:
    login(ward)
    sent = {"name": "reviewer", "password": "correct horse 7 电池"}
    assert ward.client.post("/v1/login", json=sent).status_code == 403
    lines = AuditReader(ward.data / "audit").search({"action": "login"})
    assert [line["outcome"] for line in lines].count("csrf") == 1


def test_another_sites_page_cannot_use_the_certificate_of_a_browser(open_ward: Callable[..., Any]) -> None:
    ward = open_ward(trusted_proxies=["testclient"])
    user = ward.clinic.accounts.named("service")

    def shut(**headers: str) -> int:
        shown = {"x-client-certificate-name": "admin", **headers}
        return int(ward.client.post(f"/users/{user.id}/shut", headers=shown, follow_redirects=False).status_code)

    assert shut(origin="https://evil.example") == 403
    assert shut(**{"sec-fetch-site": "cross-site"}) == 403
    assert not ward.clinic.accounts.named("service").disabled
    assert shut(origin="http://testserver", **{"sec-fetch-site": "same-origin"}) == 303
    assert shut() == 303  # a program sends neither
