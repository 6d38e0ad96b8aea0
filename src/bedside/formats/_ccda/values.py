"""C-CDA's data types (codes, quantities, times, narrative) as text, codes, values and times."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from bedside.formats._charts.draft import Reading, clean
from bedside.formats._charts.times import hl7_time
from bedside.formats._syntax.narrative import tidy
from bedside.formats._syntax.xml import local
from bedside.types import Code

SYSTEMS = {
    "2.16.840.1.113883.6.1": "http://loinc.org",
    "2.16.840.1.113883.6.96": "http://snomed.info/sct",
    "2.16.840.1.113883.6.88": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "2.16.840.1.113883.6.90": "http://hl7.org/fhir/sid/icd-10-cm",
    "2.16.840.1.113883.6.3": "http://hl7.org/fhir/sid/icd-10",
    "2.16.840.1.113883.6.103": "http://hl7.org/fhir/sid/icd-9-cm",
    "2.16.840.1.113883.12.292": "http://hl7.org/fhir/sid/cvx",
    "2.16.840.1.113883.6.12": "http://www.ama-assn.org/go/cpt",
    "2.16.840.1.113883.6.69": "http://hl7.org/fhir/sid/ndc",
}
"""Object identifiers of terminologies as FHIR's addresses; others become `urn:oid:`."""

_BLOCKS = frozenset(
    ["paragraph", "tr", "list", "item", "table", "br", "caption", "thead", "tbody", "title", "div", "p"]
)
_CELLS = frozenset(["td", "th"])


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first element down a path of names, or None."""
    for name in path:
        if element is None:
            return None
        element = next((one for one in element if local(one) == name), None)
    return element


def children(element: etree._Element | None, name: str) -> list[etree._Element]:
    """The elements of that name right below."""
    return [] if element is None else [one for one in element if local(one) == name]


def attribute(element: etree._Element | None, name: str) -> str:
    """An attribute, empty when absent."""
    return clean(element.get(name) or "") if element is not None else ""


def inner_text(element: etree._Element | None) -> str:
    """All the text in an element, on one line."""
    return "" if element is None else clean(" ".join("".join(element.itertext()).split()))


def narrative(element: etree._Element | None) -> str:
    """A section's text as it is read: a line for each paragraph, row and item."""
    return "" if element is None else clean(tidy("".join(_pieces(element))))


def _pieces(element: etree._Element) -> Iterator[str]:
    name = local(element)
    edge = "\n" if name in _BLOCKS else " " if name in _CELLS else ""
    yield edge
    yield " ".join((element.text or "").split("\n"))
    for one in element:
        yield from _pieces(one)
        yield " ".join((one.tail or "").split("\n"))
    yield edge


def codes_of(element: etree._Element | None) -> tuple[Code, ...]:
    """A coded element's code and its translations."""
    found = []
    for one in [] if element is None else [element, *children(element, "translation")]:
        code = attribute(one, "code")
        oid = attribute(one, "codeSystem")
        if code:
            found.append(Code(SYSTEMS.get(oid, f"urn:oid:{oid}" if oid else ""), code, attribute(one, "displayName")))
    return tuple(dict.fromkeys(found))


def words_of(element: etree._Element | None, anchors: dict[str, str]) -> str:
    """A coded element as words: its display, else the text it points to in the narrative, else a translation's."""
    if element is None:
        return ""
    original = child(element, "originalText")
    pointed = anchors.get(attribute(child(original, "reference"), "value").lstrip("#"), "")
    translated = [words_of(one, anchors) for one in children(element, "translation")]
    choices = [
        attribute(element, "displayName"),
        pointed,
        inner_text(original),
        *translated,
        attribute(element, "code").replace("ASSERTION", ""),
    ]
    return next(filter(None, choices), "")


def time_of(statement: etree._Element, reading: Reading, place: str) -> str | None:
    """When a statement holds: its effectiveTime's value or start, else its author's or document's time."""
    for name in ("effectiveTime", "time", "activityTime"):
        for one in children(statement, name):
            for holder in (one, child(one, "low"), child(one, "center"), child(one, "high")):
                raw = attribute(holder, "value")
                if raw:
                    return reading.time(raw, place, hl7_time)
    return None


def value_of(
    statement: etree._Element, anchors: dict[str, str], reading: Reading, place: str
) -> tuple[float | str | None, str | None, str]:
    """An observation's value: value, unit, and both as words."""
    element = child(statement, "value")
    if element is None:
        return None, None, ""
    kind = next((text for name, text in element.attrib.items() if name.endswith("type")), "").rpartition(":")[2]
    if kind in ("PQ", "REAL", "INT") or (not kind and element.get("value") and element.get("unit")):
        return _quantity(element, reading, place)
    if kind.startswith(("IVL", "RTO")):
        text = _interval(element)
        return text or None, None, text
    if kind == "BL":
        text = attribute(element, "value")
    elif kind in ("CD", "CE", "CO", "CV", "CS"):
        text = words_of(element, anchors)
    else:
        text = inner_text(element) or words_of(element, anchors) or attribute(element, "value")
        text = text or anchors.get(attribute(child(element, "reference"), "value").lstrip("#"), "")
    return text or None, None, text


def quantity_words(element: etree._Element | None) -> str:
    """A quantity, or an interval of them, as words."""
    if element is None:
        return ""
    own = " ".join(filter(None, (attribute(element, "value"), attribute(element, "unit"))))
    return own.removesuffix(" 1") or _interval(element)


def _quantity(element: etree._Element, reading: Reading, place: str) -> tuple[float | str | None, str | None, str]:
    holder = element
    unit = attribute(element, "unit")
    if not attribute(element, "value") and (translated := child(element, "translation")) is not None:
        holder = translated
        unit = attribute(holder, "unit") or inner_text(child(holder, "originalText"))
    raw = attribute(holder, "value")
    number = reading.number(raw, place)
    unit = "" if unit == "1" else unit
    text = " ".join(filter(None, (raw, unit))) if number is not None else ""
    return number, unit or None, text


def _interval(element: etree._Element) -> str:
    sides = {name: child(element, name) for name in ("low", "high", "numerator", "denominator")}
    said = {name: quantity_words(one) for name, one in sides.items()}
    if said["numerator"]:
        return f"{said['numerator']} / {said['denominator']}"
    low, high = said["low"], said["high"]
    if low and high:
        return f"{low} - {high}"
    closed = attribute(sides["low" if low else "high"], "inclusive") != "false"
    sign = (">=" if closed else ">") if low else ("<=" if closed else "<")
    return f"{sign} {low or high}" if low or high else ""
