"""SMART App Launch 2: the well-known configuration (hl7.org/fhir/smart-app-launch/conformance.html)."""

from __future__ import annotations

from typing import Any

from bedside.conformance._base import Check, Client, NotTried, expect

AT = ("/fhir/.well-known/smart-configuration", "/.well-known/smart-configuration")


def _configuration(client: Client) -> dict[str, Any]:
    for path in AT:
        answer = client("GET", path)
        if answer.status == 200:
            told = answer.json()
            expect(isinstance(told, dict), "a JSON object")
            return dict(told)
    raise NotTried("no smart-configuration")


def _told(client: Client) -> None:
    told = _configuration(client)
    for name in ("grant_types_supported", "capabilities", "code_challenge_methods_supported"):
        expect(isinstance(told.get(name), list), f"{name}: a list")
    expect("plain" not in told["code_challenge_methods_supported"], "code_challenge_methods_supported: not plain")


def _backend(client: Client) -> None:
    told = _configuration(client)
    if "client-confidential-asymmetric" not in told["capabilities"]:
        raise NotTried("no backend services")
    methods = told.get("token_endpoint_auth_methods_supported", ())
    expect("private_key_jwt" in methods, "token_endpoint_auth_methods_supported: private_key_jwt", methods)
    algorithms = set(told.get("token_endpoint_auth_signing_alg_values_supported", ()))
    expect(bool(algorithms & {"RS384", "ES384"}), "RS384 or ES384", algorithms)


CHECKS = (
    Check("configuration", ("the configuration is told", "提供配置"), ".well-known/smart-configuration", _told),
    Check("backend", ("backend services sign by key", "后端服务以密钥签名"), "backend-services", _backend),
)
