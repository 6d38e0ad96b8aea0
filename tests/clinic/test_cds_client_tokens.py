"""The signed tokens of a CDS client (CDS Hooks 2.0, "Trusting CDS Clients"): whose, for whom, until when, and once."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from bedside.server.clinic.settings import Issuer

HERE = "https://bedside.hospital.lan/cds-services/bedside-patient-view"
RECORD = "https://ehr.hospital.lan"
KEY = ECKey.generate_key("P-384", {"kid": "k1", "use": "sig", "alg": "ES384"})


@pytest.fixture
def ask(open_ward: Callable[..., Any], tmp_path: Path) -> Callable[[str], int]:
    """Posts feedback with a token, and gives the status."""
    jwks = tmp_path / "jwks.json"
    jwks.write_text(json.dumps({"keys": [KEY.as_dict(private=False)]}), encoding="utf-8")
    issuer = Issuer(issuer=RECORD, jwks=jwks, audience=[HERE], role="service", once=True)
    ward = open_ward(issuers=[issuer])
    given = {"card": "c", "outcome": "overridden", "outcomeTimestamp": "2026-01-01T10:00:00Z"}

    def asked(token: str) -> int:
        path, headers = "/cds-services/bedside-patient-view/feedback", {"authorization": f"Bearer {token}"}
        return ward.as_("").post(path, json={"feedback": [given]}, headers=headers).status_code

    return asked


def token(key: ECKey = KEY, **change: Any) -> str:
    now = int(time.time())
    claims = {"iss": RECORD, "aud": HERE, "iat": now, "exp": now + 300, "jti": str(time.perf_counter_ns()), **change}
    told = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": "ES384", "kid": "k1", "typ": "JWT"}, told, key, algorithms=["ES384"])


def test_a_client_that_the_settings_name_is_let_in_without_a_subject(ask: Callable[[str], int]) -> None:
    assert ask(token()) == 200


def test_a_token_is_good_for_one_request(ask: Callable[[str], int]) -> None:
    used = token()
    assert (ask(used), ask(used), ask(token())) == (200, 401, 200)


@pytest.mark.parametrize(
    "change",
    [
        {"aud": "https://other.example/cds-services/x"},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"exp": None},
        {"jti": None},
        {"jti": ""},
    ],
)
def test_a_token_of_another_for_another_or_too_late_is_refused(ask: Callable[[str], int], change: Any) -> None:
    assert ask(token(**change)) == 401


def test_a_token_signed_by_another_key_or_by_none_is_refused(ask: Callable[[str], int]) -> None:
    other = ECKey.generate_key("P-384", {"kid": "k1", "use": "sig", "alg": "ES384"})
    head, body, _ = token().split(".")
    assert (ask(token(other)), ask(f"{head}.{body}.")) == (401, 401)


def test_a_used_token_stays_used_when_the_clock_leaps_ahead_a_year_and_is_put_back(
    ask: Callable[[str], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    used = token()
    assert ask(used) == 200
    monkeypatch.setattr("bedside.server.clinic.tokens.time", lambda: time.time() + 366 * 86_400)
    assert ask(token()) == 200  # whatever is cleared away is cleared away now
    monkeypatch.undo()
    assert ask(used) == 401
