"""FHIR's data types (codes, quantities, periods, choices) as text, codes, values and times."""

from __future__ import annotations

import math
from typing import Any

from bedside.formats._charts.draft import Reading, clean
from bedside.formats._syntax.json import MAX_DEPTH, at, names, objects, strings, words
from bedside.lang import tr
from bedside.types import Code

TIMES = names(
    "effectiveDateTime effectivePeriod effectiveInstant onsetDateTime onsetPeriod performedDateTime performedPeriod "
    "occurrenceDateTime occurrencePeriod collectedDateTime collectedPeriod collection authoredOn recordedDate "
    "recorded dateAsserted assertedDate whenHandedOver whenPrepared started start period startDate servicedDate "
    "date issued sent created billablePeriod onset effective performed occurrence dateTime timestamp"
)
_BOOKKEEPING = frozenset(
    names(
        "resourceType id meta implicitRules language identifier extension modifierExtension contained text subject "
        "patient encounter context basedOn partOf derivedFrom hasMember result reference system url fullUrl data "
        "contentType hash size uid instance assigner use rank sequence profile instantiatesCanonical instantiatesUri "
        "start end value lastUpdated versionId beneficiary"
    )
)
_CODED = frozenset(names("concept reference id extension"))
"""What a CodeableReference of R5 has."""

_PEOPLE = frozenset(names("name telecom address contact link photo birthDate generalPractitioner managingOrganization"))


def concept_text(concept: Any) -> str:
    """A CodeableConcept, Coding, CodeableReference or plain string as words: its text, else a display, else a code.

    >>> concept_text({"coding": [{"code": "718-7", "display": "Hemoglobin"}]})
    'Hemoglobin'
    """
    if isinstance(concept, str):
        return clean(concept)
    if isinstance(concept, list):
        return ", ".join(text for text in map(concept_text, concept) if text)
    inner = at(concept, "concept") or concept
    codings = objects(at(inner, "coding"))
    choices = [at(inner, "text"), at(inner, "display"), *(at(c, "display") for c in codings), at(inner, "code")]
    choices += [at(c, "code") for c in codings]
    return next((clean(choice) for choice in choices if isinstance(choice, str) and clean(choice)), "")


def concept_codes(concept: Any) -> tuple[Code, ...]:
    """Every coding of a concept (or of several), in order."""
    found = []
    for one in objects(concept):
        one = at(one, "concept") or one
        for coding in objects(at(one, "coding")) or ([one] if isinstance(at(one, "code"), str) else []):
            code = clean(words(at(coding, "code")))
            if code:
                found.append(Code(clean(words(at(coding, "system"))), code, clean(words(at(coding, "display")))))
    return tuple(dict.fromkeys(found))


def quantity_text(quantity: Any) -> str:
    """A Quantity, Range or Ratio as words: "13.2 g/dL", "< 5 mg/L", "4 - 10 10*9/L", "1:128"."""
    if at(quantity, "low") is not None or at(quantity, "high") is not None:
        low, high = quantity_text(at(quantity, "low")), quantity_text(at(quantity, "high"))
        return f"{low} - {high}" if low and high else f">= {low}" if low else f"<= {high}"
    if at(quantity, "numerator") is not None:
        return f"{quantity_text(at(quantity, 'numerator'))}:{quantity_text(at(quantity, 'denominator'))}"
    unit = clean(words(at(quantity, "unit")) or words(at(quantity, "code")) or words(at(quantity, "currency")))
    sign, number = words(at(quantity, "comparator")), _shown(at(quantity, "value"))
    return " ".join(part for part in (sign, number, unit) if part)


def _shown(number: Any) -> str:
    """A computed 160.73915169188263 as 160.7392; the entry's value keeps every digit."""
    if isinstance(number, float) and math.isfinite(number):
        return str(round(number, 4)) if abs(number) >= 1 else f"{number:.4g}"
    return words(number)


def time_of(resource: dict[str, Any], reading: Reading, place: str) -> str | None:
    """When it happened: the first time the resource gives, as precise as it was."""
    for key in TIMES:
        value = resource.get(key)
        if value is None:
            continue
        raw = value if isinstance(value, str) else words(at(value, "start") or at(value, "end"))
        raw = raw or words(at(value, "collectedDateTime"))
        if raw and raw[:4].isdigit():
            return reading.time(
                raw,
                f"{place}.{key}",
            )
    return None


def value_of(holder: dict[str, Any], reading: Reading, place: str) -> tuple[float | str | None, str | None, str]:
    """The `value[x]` of an Observation or a component: value, unit, and both as words."""
    key = next((k for k in holder if k.startswith("value") and len(k) > 5), "")
    raw = holder.get(key) if key else holder.get("value")
    if key == "valueQuantity" and not isinstance(raw, dict):
        reading.doubt(f"{place}.{key}", tr("not a quantity; kept as words", "不是数量；按文字保留"))
        key = ""
    if key == "valueQuantity":
        number = reading.number(at(raw, "value"), f"{place}.{key}")
        unit = clean(words(at(raw, "unit")) or words(at(raw, "code"))) or None
        if number is None:
            return None, unit, ""
        if at(raw, "comparator"):
            return f"{words(at(raw, 'comparator'))}{words(at(raw, 'value'))}", unit, quantity_text(raw)
        return number, unit, quantity_text(raw)
    if key in ("valueInteger", "valueDecimal"):
        number = reading.number(raw, f"{place}.{key}")
        return number, None, "" if number is None else words(raw)
    if key in ("valueRange", "valueRatio"):
        text = quantity_text(raw)
    elif key in ("valueCodeableConcept", "valueCoding"):
        text = concept_text(raw)
    elif key == "valueSampledData":
        reading.doubt(f"{place}.{key}", tr("sampled waveform is not read", "不读取采样波形"))
        return None, None, ""
    else:
        text = clean(words(raw)) or any_text(raw)
    return text or None, None, text


def any_text(value: Any, depth: int = 0) -> str:
    """Whatever a reader would want to see of a value: displays, texts, quantities, strings; no ids and no links."""
    if depth > MAX_DEPTH or value is None:
        return ""
    if isinstance(value, (str, int, float)):
        return clean(words(value))
    if isinstance(value, list):
        return _joined([any_text(part, depth + 1) for part in value], ", ")
    if not isinstance(value, dict):
        return ""
    if "coding" in value or "display" in value or ("concept" in value and value.keys() <= _CODED):
        return concept_text(value)
    if ("value" in value and ("unit" in value or "code" in value or "currency" in value)) or "numerator" in value:
        return quantity_text(value)
    if isinstance(value.get("start"), str) or isinstance(value.get("end"), str):
        return " - ".join(part for part in (words(value.get("start")), words(value.get("end"))) if part)
    texts = strings(value.get("text")) if isinstance(value.get("text"), str) else []
    return _joined([*texts, *(f for f in fields_text(value, depth))], "; ")


def fields_text(resource: dict[str, Any], depth: int = 0, without: frozenset[str] = frozenset()) -> list[str]:
    """`name: words` for each field that says something, in the order of the resource."""
    said = []
    for key, value in resource.items():
        if key in _BOOKKEEPING or key in without or key.startswith("_") or (not depth and key in _PEOPLE):
            continue
        text = any_text(value, depth + 1)
        if text:
            said.append(f"{spaced(key)}: {text}")
    return said


def spaced(name: str) -> str:
    """A field's or resource's name as words.

    >>> spaced("clinicalStatus")
    'clinical status'
    """
    return "".join(f" {c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))


def _joined(parts: list[str], separator: str) -> str:
    return separator.join(dict.fromkeys(part for part in parts if part))
