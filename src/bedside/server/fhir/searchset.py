"""What a search gives: a Bundle of type searchset, each resource under the address that is its identity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Resource = dict[str, Any]


def searchset(
    found: Sequence[Resource], base: str, *, total: int | None = None, links: Sequence[dict[str, str]] = ()
) -> Resource:
    """The resources that were found, of a server at `base`; `total` where it is known how many there are in all.

    >>> told = searchset([{"resourceType": "Patient", "id": "p1"}], "http://127.0.0.1:8765/fhir", total=1)
    >>> told["entry"][0]["fullUrl"], searchset([], "", total=3)
    ('http://127.0.0.1:8765/fhir/Patient/p1', {'resourceType': 'Bundle', 'type': 'searchset', 'total': 3})

    Without resources no `entry` stands there, for FHIR knows no empty list.
    Source: hl7.org/fhir/R4/bundle.html, bdl-7 and Bundle.entry.fullUrl.
    """
    told: Resource = {"resourceType": "Bundle", "type": "searchset"}
    if total is not None:
        told["total"] = total
    if links:
        told["link"] = list(links)
    if found:
        told["entry"] = [_entry(one, base) for one in found]
    return told


def _entry(one: Resource, base: str) -> Resource:
    return {"fullUrl": f"{base}/{one['resourceType']}/{one['id']}", "resource": one, "search": {"mode": "match"}}
