"""/.well-known: what a SMART on FHIR client is told of this server, and the keys by which it signs as a client."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter

from bedside.exchange.signing import jwks
from bedside.server.clinic.access import Caller, require
from bedside.server.clinic.context import Context

SCOPES = [f"{level}/{kind}.rs" for level in ("patient", "user", "system") for kind in ("*", "Patient", "Observation")]


def routers(context: Context) -> list[APIRouter]:
    """What a client is told; tokens are those of the issuers that the settings name, and none is issued here."""
    router = APIRouter(tags=["SMART"])

    @router.get("/fhir/.well-known/smart-configuration")
    @router.get("/.well-known/smart-configuration")
    def configuration(caller: Annotated[Caller, require("public")]) -> dict[str, Any]:
        """How to be let in."""
        told = [one for one in context.settings.issuers if one.token_endpoint]
        return {
            **({"issuer": told[0].issuer, "token_endpoint": told[0].token_endpoint} if told else {}),
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["RS384", "ES384"],
            "grant_types_supported": ["client_credentials"] if told else [],
            "scopes_supported": SCOPES,
            "code_challenge_methods_supported": ["S256"],
            "capabilities": [
                "client-confidential-asymmetric",
                "permission-patient",
                "permission-user",
                "permission-v2",
            ],
        }

    @router.get("/.well-known/jwks.json")
    def keys(caller: Annotated[Caller, require("public")]) -> dict[str, Any]:
        """The public halves of the keys by which this server shows who it is to others."""
        return jwks(list(context.signing_keys.values()))

    return [router]
