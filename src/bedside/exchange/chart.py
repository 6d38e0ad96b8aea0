"""One patient's chart out of a FHIR server: the searches that decision support needs, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlsplit

from bedside.errors import ExchangeError
from bedside.formats.fhir import read_resource
from bedside.lang import tr
from bedside.types import RawChart

SEARCHES = (
    "Condition",
    "AllergyIntolerance",
    "MedicationRequest",
    "MedicationStatement",
    "Observation",
    "Procedure",
    "Immunization",
    "Encounter",
    "DiagnosticReport",
    "DocumentReference",
)
NEEDED = ("Condition", "AllergyIntolerance", "MedicationRequest", "Observation")
"""Without these a chart would look safe that is not; a server may lack the others."""
MOST_PAGES = 50
Get = Callable[[str], dict[str, Any]]
"""A query below a FHIR server's address, or one of its whole addresses -> the resource; raises `ExchangeError`."""


def chart_from(get: Get, base: str, patient: str) -> RawChart:
    """The chart of the patient whom that server calls `patient`; raises `ExchangeError` where part of it cannot be had.

    What the server sends of other patients is left out.
    """
    id = quote(patient, safe="")
    resources = [get(f"Patient/{id}")]
    for kind in SEARCHES:
        try:
            resources += list(_found(get, base, f"{kind}?patient={id}"))
        except ExchangeError:
            if kind in NEEDED:
                raise
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}
    charts = [one for one in read_resource(bundle, "fetched") if isinstance(one, RawChart)]
    own = [one for one in charts if one.patient == patient]
    if len(own) != 1:
        raise ExchangeError(tr("the FHIR server sent another patient", "FHIR 服务器返回的不是该患者"))
    return own[0]


def _found(get: Get, base: str, query: str) -> Iterator[dict[str, Any]]:
    """The resources of a search, all of its pages."""
    for _ in range(MOST_PAGES):
        page = get(query)
        for entry in page.get("entry") or ():
            resource = entry.get("resource") if isinstance(entry, dict) else None
            if isinstance(resource, dict) and resource.get("resourceType") != "OperationOutcome":
                yield resource
        following = _next(page)
        if not following:
            return
        query = _below(base, following)
    raise ExchangeError(tr("the chart is too long to be fetched", "病历过长，无法获取"))


def _next(page: dict[str, Any]) -> str:
    links = [one for one in page.get("link") or () if isinstance(one, dict) and one.get("relation") == "next"]
    return str(links[0].get("url", "")) if links else ""


def _below(base: str, address: str) -> str:
    """A next page's address as a query below the same server; one elsewhere is refused."""
    if address.startswith(base.rstrip("/") + "/"):
        return address[len(base.rstrip("/")) + 1 :]
    parts = urlsplit(address)
    if base.rstrip("/") == f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}":
        return f"?{parts.query}"
    raise ExchangeError(tr("the next page lies on another server", "下一页位于其他服务器"))
