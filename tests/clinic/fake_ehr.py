"""A record system for tests: tokens for programs by signed assertion, logins by code and PKCE, FHIR, Bulk Data.

It is strict where the specifications are: an assertion twice, a wrong verifier or another redirect is refused.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

PATIENT = {"resourceType": "Patient", "id": "12", "gender": "female", "birthDate": "1958-02-11"}
SUBJECT = {"reference": "Patient/12"}


def measured(id: str, name: str, value: float) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "subject": SUBJECT,
        "code": {"text": name},
        "valueQuantity": {"value": value, "unit": "mmol/L"},
        "effectiveDateTime": "2026-01-02",
    }


HELD: dict[str, list[dict[str, Any]]] = {
    "Condition": [{"resourceType": "Condition", "id": "c1", "subject": SUBJECT, "code": {"text": "Gout"}}],
    "Observation": [measured("o1", "Potassium", 4.1), measured("o2", "Sodium", 139.0)],
}


@dataclass
class Record:
    """What the record system holds and was told."""

    clients: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Registered programs: client id to public key (JWK)."""
    seen: set[str] = field(default_factory=set)
    tokens: dict[str, float] = field(default_factory=dict)
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    life_s: int = 300
    lie: dict[str, Any] = field(default_factory=dict)
    """Faults on purpose: claims or fields that are answered otherwise."""
    files: dict[str, bytes] = field(default_factory=dict)
    polls: int = 1
    deleted: bool = False


class FakeEhr(ThreadingHTTPServer):
    """The record system, listening on this machine."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.key = ECKey.generate_key("P-256", {"kid": "idp"})
        self.record = Record()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def fhir(self) -> str:
        return f"{self.url}/r4"

    def close(self) -> None:
        self.shutdown()
        self.server_close()

    def log_in(self, address: str, claims: dict[str, Any], patient: str = "") -> dict[str, str]:
        """What a person does in the browser at the address we sent it to: the query of the way back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(12)
        self.record.codes[code] = {**asked, "claims": claims, "patient": patient}
        return {"code": code, "state": asked["state"]}

    def signed(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "ES256", "kid": "idp"}, claims, self.key, algorithms=["ES256"])


class _Handler(BaseHTTPRequestHandler):
    server: FakeEhr

    def do_GET(self) -> None:
        at, record = urlsplit(self.path), self.server.record
        record.asked.append(self.path)
        if at.path.endswith(("/smart-configuration", "/openid-configuration")):
            return self._json(self._configuration())
        if at.path == "/jwks":
            return self._json({"keys": [self.server.key.as_dict(private=False)]})
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if record.tokens.get(token, 0) < time.time():
            return self._json({"resourceType": "OperationOutcome", "issue": []}, 401)
        if at.path.startswith(("/r4/$export", "/bulk/")):
            return self._bulk(at.path)
        return self._resource(at.path.removeprefix("/r4/"), parse_qs(at.query))

    def do_DELETE(self) -> None:
        self.server.record.deleted = True
        self._json({}, 202)

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        form = {name: values[0] for name, values in parse_qs(self.rfile.read(size).decode()).items()}
        try:
            told = self._by_code(form) if form["grant_type"] == "authorization_code" else self._by_key(form)
        except (AssertionError, KeyError, ValueError, JoseError):
            return self._json({"error": "invalid_client", "error_description": "Mary O'Brien"}, 400)
        token = secrets.token_urlsafe(12)
        self.server.record.tokens[token] = time.time() + self.server.record.life_s
        life = self.server.record.life_s
        return self._json({"access_token": token, "token_type": "bearer", "expires_in": life, **told})

    def _by_key(self, form: dict[str, str]) -> dict[str, Any]:
        self._authenticated(form)
        return {"scope": form["scope"]}

    def _authenticated(self, form: dict[str, str]) -> None:
        record = self.server.record
        assert form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        keys = KeySet.import_key_set({"keys": list(record.clients.values())})
        token = jwt.decode(form["client_assertion"], keys, algorithms=["RS384", "ES384"])
        claims = token.claims
        assert claims["iss"] == claims["sub"] in record.clients
        assert claims["aud"] == f"{self.server.url}/token"
        assert time.time() < claims["exp"] <= time.time() + 300
        assert claims["jti"] not in record.seen
        assert token.header["kid"]
        record.seen.add(claims["jti"])

    def _by_code(self, form: dict[str, str]) -> dict[str, Any]:
        asked = self.server.record.codes.pop(form["code"])
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]
        assert form["redirect_uri"] == asked["redirect_uri"]
        if form["client_id"] in self.server.record.clients:
            self._authenticated(form)
        now = int(time.time())
        claims = {"iss": self.server.url, "aud": asked["client_id"], "iat": now, "exp": now + 300}
        claims |= {"nonce": asked["nonce"], **asked["claims"], **self.server.record.lie}
        patient = {"patient": asked["patient"]} if asked["patient"] else {}
        return {"id_token": self.server.signed(claims), **patient}

    def _configuration(self) -> dict[str, Any]:
        url = self.server.url
        told = {"issuer": url, "token_endpoint": f"{url}/token", "authorization_endpoint": f"{url}/authorize"}
        told |= {"jwks_uri": f"{url}/jwks", "code_challenge_methods_supported": ["S256"]}
        return {**told, **self.server.record.lie.get("configuration", {})}

    def _resource(self, path: str, query: dict[str, list[str]]) -> None:
        if path == "Patient/12":
            return self._json(PATIENT)
        found = HELD.get(path, []) if query.get("patient") == ["12"] else []
        at = int(query.get("page", ["0"])[0])
        page: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset"}
        page["entry"] = [{"resource": one} for one in found[at : at + 1]]
        if at + 1 < len(found):
            page["link"] = [{"relation": "next", "url": f"{self.server.fhir}/{path}?patient=12&page={at + 1}"}]
        return self._json(page)

    def _bulk(self, path: str) -> None:
        record, url = self.server.record, self.server.url
        if path == "/r4/$export":
            assert self.headers["Prefer"] == "respond-async"
            return self._json({}, 202, {"Content-Location": f"{url}/bulk/status"})
        if path == "/bulk/status":
            record.polls -= 1
            if record.polls >= 0:
                return self._json({}, 202, {"X-Progress": "half way", "Retry-After": "0"})
            output = [{"type": name.split(".")[0], "url": f"{url}/bulk/{name}"} for name in record.files]
            return self._json({"transactionTime": "2026-01-01T00:00:00Z", "output": output, "error": []})
        return self._raw(record.files[path.removeprefix("/bulk/")], "application/fhir+ndjson")

    def _json(self, told: Any, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self._raw(json.dumps(told).encode(), "application/json", status, headers)

    def _raw(self, body: bytes, kind: str, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None: ...
