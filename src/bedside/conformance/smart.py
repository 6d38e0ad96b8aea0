"""SMART App Launch 2: the well-known configuration (hl7.org/fhir/smart-app-launch/conformance.html)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from bedside.conformance._base import Check, Client, NotTried, expect
from bedside.lang import tr

_V2 = re.compile(r"(patient|user|system)/(\*|[A-Z][A-Za-z]+)\.(?=[cruds])c?r?u?d?s?(\?.*)?")
AT = ("/fhir/.well-known/smart-configuration", "/.well-known/smart-configuration")


def _configuration(client: Client) -> dict[str, Any]:
    for path in AT:
        answer = client("GET", path)
        if answer.status == 200:
            told = answer.json()
            expect(isinstance(told, dict), "a JSON object")
            return dict(told)
    raise NotTried(tr("no smart-configuration", "没有 smart-configuration"))


def _told(client: Client) -> None:
    told = _configuration(client)
    for name in ("grant_types_supported", "capabilities", "code_challenge_methods_supported"):
        expect(isinstance(told.get(name), list), f"{name}: a list")
    expect("plain" not in told["code_challenge_methods_supported"], "code_challenge_methods_supported: not plain")


def _backend(client: Client) -> None:
    told = _configuration(client)
    if "client-confidential-asymmetric" not in told["capabilities"]:
        raise NotTried(tr("no backend services", "没有后端服务"))
    methods = told.get("token_endpoint_auth_methods_supported", ())
    expect("private_key_jwt" in methods, "token_endpoint_auth_methods_supported: private_key_jwt", methods)
    algorithms = set(told.get("token_endpoint_auth_signing_alg_values_supported", ()))
    expect(bool(algorithms & {"RS384", "ES384"}), "RS384 or ES384", algorithms)


def _grants(client: Client) -> None:
    told = _configuration(client)
    for grant, name in (("client_credentials", "token_endpoint"), ("authorization_code", "authorization_endpoint")):
        if grant in told["grant_types_supported"]:
            at = urlsplit(str(told.get(name, "")))
            local = at.hostname in ("127.0.0.1", "::1", "localhost")
            expect(at.scheme == "https" or local, f"{name}: an https address beside {grant}", told.get(name))


def _scopes(client: Client) -> None:
    told = _configuration(client)
    scopes = told.get("scopes_supported")
    if scopes is None or "permission-v2" not in told["capabilities"]:
        raise NotTried(tr("no scopes of version 2 are told", "未声明第 2 版 scope"))
    clinical = [one for one in scopes if "/" in str(one) and ":" not in str(one)]
    wrong = [one for one in clinical if not _V2.fullmatch(str(one)) and not str(one).startswith("launch/")]
    expect(not wrong, "scopes_supported: patient|user|system/Type.cruds", wrong)


def _keys(client: Client) -> None:
    answer = client("GET", "/.well-known/jwks.json")
    if answer.status == 404:
        raise NotTried(tr("no keys at /.well-known/jwks.json", "/.well-known/jwks.json 处没有密钥"))
    told = answer.json()
    expect(isinstance(told, dict) and isinstance(told.get("keys"), list), '{"keys": [...]}')
    for key in told["keys"]:
        expect(bool(key.get("kid")) and key.get("kty") in ("RSA", "EC"), "keys[]: kid, and kty RSA or EC")
        expect(not {"d", "p", "q", "k"} & key.keys(), "keys[]: no private part")


CHECKS = (
    Check("configuration", ("the configuration is told", "提供配置"), ".well-known/smart-configuration", _told),
    Check("grants", ("each grant has its endpoint, by https", "各授权方式均有 https 端点"), "metadata", _grants),
    Check("scopes", ("scopes are of version 2", "scope 为第 2 版"), "scopes-for-requesting-fhir-resources", _scopes),
    Check("keys", ("keys are public halves with ids", "仅公开公钥并带 kid"), "client-confidential-asymmetric", _keys),
    Check("backend", ("backend services sign by key", "后端服务以密钥签名"), "backend-services", _backend),
)
