"""FHIR written as XML, turned into the same shape as FHIR written as JSON."""

from __future__ import annotations

from typing import Any

from lxml import etree

from bedside.formats._syntax.xml import local


def resource_of(element: etree._Element) -> dict[str, Any]:
    """A resource element as a JSON-like object; an element that comes once stays single, readers take both."""
    return {"resourceType": local(element), **_fields(element)}


def _fields(element: etree._Element) -> dict[str, Any]:
    found: dict[str, Any] = {name: value for name, value in element.attrib.items() if name in ("id", "url")}
    for child in element:
        name, value = local(child), _value(child)
        if name in found and isinstance(found[name], list):
            found[name].append(value)
        elif name in found:
            found[name] = [found[name], value]
        else:
            found[name] = value
    return found


def _value(element: etree._Element) -> Any:
    name = local(element)
    if name == "div":
        return etree.tostring(element, encoding="unicode", with_tail=False)
    if name in ("resource", "contained") and len(element):
        return resource_of(element[0])
    primitive = element.get("value")
    return _fields(element) if primitive is None else {"true": True, "false": False}.get(primitive, primitive)
