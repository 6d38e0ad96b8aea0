"""A call of a CDS service, read strictly: what the specification requires is there, or the call is refused by name.

Source: CDS Hooks 2.0, sections "HTTP Request" and "Hooks" (cds-hooks.hl7.org/2.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bedside.lang import tr
from bedside.server.cds_hooks.services import Service
from bedside.server.errors import Refusal

CONTEXT: dict[str, tuple[str, ...]] = {
    "patient-view": ("userId", "patientId"),
    "order-select": ("userId", "patientId", "selections", "draftOrders"),
    "order-sign": ("userId", "patientId", "draftOrders"),
    "encounter-start": ("userId", "patientId", "encounterId"),
    "encounter-discharge": ("userId", "patientId", "encounterId"),
}
"""The fields of `context` that each hook requires."""


@dataclass(frozen=True, slots=True)
class Authorization:
    """The token by which the service may read the client's FHIR server for this call; its repr does not show it."""

    access_token: str = field(repr=False)
    scope: str
    subject: str


@dataclass(frozen=True, slots=True)
class HookRequest:
    """One call: the patient's id in the client's FHIR server, drafts and selections, and what was prefetched.

    `prefetch` has a key for each template that the client could fill; None is its word that there is nothing.
    """

    instance: str
    patient: str = field(repr=False)
    drafts: Mapping[str, Any] = field(repr=False)
    selections: tuple[str, ...] | None = field(repr=False)
    prefetch: Mapping[str, Any] = field(repr=False)
    fhir_server: str | None = None
    authorization: Authorization | None = None


def read_call(body: Any, service: Service) -> HookRequest:
    """The call in a request's body; Refusal (400) names the field that is missing or wrong.

    >>> from bedside.server.cds_hooks.services import SERVICES
    >>> body = {"hook": "patient-view", "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
    ...         "context": {"userId": "Practitioner/1", "patientId": "12"}}
    >>> read_call(body, SERVICES[2]).fhir_server is None
    True
    """
    if not isinstance(body, dict):
        raise _wrong("body", tr("a JSON object is needed", "需要 JSON 对象"))
    if _text(body, "hook", "hook") != service.hook:
        raise _wrong("hook", tr("not the hook of this service", "与该服务的 hook 不符"), service.hook)
    context = _object(body, "context", "context")
    for name in CONTEXT[service.hook]:
        if context.get(name) in (None, ""):
            raise _wrong(f"context.{name}", tr("required by this hook", "该 hook 必填"))
    drafts = context.get("draftOrders", {})
    if "draftOrders" in CONTEXT[service.hook] and not _is_bundle(drafts):
        raise _wrong("context.draftOrders", tr("a Bundle is needed", "需要 Bundle"))
    return HookRequest(
        instance=_text(body, "hookInstance", "hookInstance"),
        patient=_text(context, "patientId", "context.patientId").removeprefix("Patient/"),
        drafts=drafts if "draftOrders" in CONTEXT[service.hook] else {},
        selections=_selections(context) if service.hook == "order-select" else None,
        prefetch=_prefetch(body),
        fhir_server=_text(body, "fhirServer", "fhirServer") if body.get("fhirServer") is not None else None,
        authorization=_authorization(body),
    )


def _is_bundle(told: Any) -> bool:
    return isinstance(told, dict) and told.get("resourceType") == "Bundle"


def _selections(context: Mapping[str, Any]) -> tuple[str, ...]:
    told = context["selections"]
    if not isinstance(told, list) or not all(isinstance(one, str) and one for one in told):
        raise _wrong("context.selections", tr("a list of references is needed", "需要引用列表"))
    return tuple(told)


def _prefetch(body: Mapping[str, Any]) -> Mapping[str, Any]:
    told = body.get("prefetch")
    if told is None:
        return {}
    if not isinstance(told, dict):
        raise _wrong("prefetch", tr("an object is needed", "需要对象"))
    for key, value in told.items():
        if value is not None and not (isinstance(value, dict) and isinstance(value.get("resourceType"), str)):
            raise _wrong(f"prefetch.{key}"[:80], tr("a FHIR resource or null is needed", "需要 FHIR 资源或 null"))
    return told


def _authorization(body: Mapping[str, Any]) -> Authorization | None:
    if body.get("fhirAuthorization") is None:
        return None
    told = _object(body, "fhirAuthorization", "fhirAuthorization")
    if body.get("fhirServer") is None:
        raise _wrong("fhirServer", tr("required beside fhirAuthorization", "提供 fhirAuthorization 时必填"))
    if told.get("token_type") != "Bearer":
        raise _wrong("fhirAuthorization.token_type", tr("not supported", "不支持"), "Bearer")
    names = ("access_token", "scope", "subject")
    return Authorization(*(_text(told, name, f"fhirAuthorization.{name}") for name in names))


def _object(holder: Mapping[str, Any], name: str, where: str) -> dict[str, Any]:
    told = holder.get(name)
    if not isinstance(told, dict):
        raise _wrong(where, tr("an object is needed", "需要对象"))
    return told


def _text(holder: Mapping[str, Any], name: str, where: str) -> str:
    told = holder.get(name)
    if not isinstance(told, str) or not told.strip():
        raise _wrong(where, tr("a text is needed", "需要文本"))
    return told.strip()


def _wrong(where: str, what: str, allowed: str | None = None) -> Refusal:
    return Refusal(400, "bad_request", what, where=where, allowed=allowed)
