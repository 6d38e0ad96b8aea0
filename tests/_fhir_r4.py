"""Whether a Bundle follows FHIR R4: elements, cardinalities and types by `fhir.resources`, codes and references by its
own lists of them, and what holds of the Bundle as a whole.

The package has R4B; of the resources made here it differs from R4 in nothing that is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fhir.resources.R4B.bundle import Bundle
from pydantic import BaseModel, ValidationError

NONE: Mapping[str, str] = {}
LATER = {"amended", "corrected", "appended", "cancelled", "entered-in-error", "unknown"}
"""What the package's lists of states shorten to "+"."""


def faults(bundle: dict[str, Any], outside: Mapping[str, str] = NONE) -> list[str]:
    """What is wrong; nothing when it follows the rules. `outside`: what is kept elsewhere, and its type."""
    try:
        read = Bundle.model_validate(bundle)
    except ValidationError as fault:
        return [f"{one['loc']}: {one['msg']}" for one in fault.errors(include_input=False)]
    resources = {one["fullUrl"]: one["resource"] for one in bundle["entry"]}
    found = [] if len(resources) == len(bundle["entry"]) else ["a fullUrl is there twice"]
    found += [url for url, one in resources.items() if url != f"urn:uuid:{one['id']}"]
    kinds = {url: one["resourceType"] for url, one in resources.items()} | dict(outside)
    return [*found, *(said for entry in read.entry for said in _walked(entry.resource, kinds))]


def _walked(value: BaseModel, kinds: Mapping[str, str]) -> Iterator[str]:
    for name, field in type(value).model_fields.items():
        here = getattr(value, name)
        about = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        for one in here if isinstance(here, list) else [here]:
            if one is None:
                continue
            place = f"{type(value).__name__}.{name}"
            yield from _coded(one, place, about.get("enum_values"))
            if targets := about.get("enum_reference_types"):
                yield from _pointed(one, place, targets, kinds)
            if isinstance(one, BaseModel):
                yield from _walked(one, kinds)


def _coded(value: Any, place: str, allowed: Any) -> Iterator[str]:
    if allowed and value not in {*allowed, *(LATER if "+" in allowed else ())} - {"+"}:
        yield f"{place}: {value} is no code"
    if place.endswith("probabilityDecimal") and not 0 <= value <= 100:  # ras-2
        yield f"{place}: {value}"


def _pointed(value: Any, place: str, targets: Any, kinds: Mapping[str, str]) -> Iterator[str]:
    """A reference by identifier alone points nowhere, and may."""
    if value.reference is None:
        return
    kind = kinds.get(value.reference)
    if kind is None or ("Resource" not in targets and kind not in targets):
        yield f"{place} points to {kind}"
