"""The orders that a client would sign, as sentences that the guard weighs: "Start amoxicillin 5 mL bid x 10 days."."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bedside.cleaning.language import language_of
from bedside.formats._fhir.people import contained, reference_id
from bedside.formats._fhir.values import concept_text, quantity_text
from bedside.formats._syntax.json import names, objects, words

MEDICINES = frozenset(["MedicationRequest", "MedicationOrder", "MedicationPrescription"])
ORDERS = MEDICINES | frozenset(
    names("ServiceRequest ProcedureRequest DiagnosticOrder ReferralRequest NutritionOrder DeviceRequest")
)
"""Kinds of request, R4's and those of earlier releases that clients still send."""
OVER = frozenset(["revoked", "completed", "entered-in-error", "stopped", "cancelled"])

_WORDS = re.compile(r"[^\W\d_]{3}|[\u4e00-\u9fff]{2}")


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft order: its reference, what it orders as the client names it, and the sentence that proposes it.

    `is_named` is false where there is a code at most, in no words: nothing can be weighed by it.
    """

    reference: str
    name: str = field(repr=False)
    sentence: str = field(repr=False)
    lang: Literal["en", "zh"]
    is_medicine: bool
    is_named: bool = True


def drafts_in(bundle: Mapping[str, Any]) -> list[Draft]:
    """The draft orders of a Bundle, in its order; those that are over, or say "do not", propose nothing.

    >>> order = {"resourceType": "MedicationRequest", "id": "1", "status": "draft",
    ...          "medicationCodeableConcept": {"text": "Ibuprofen 400 mg"}, "dosageInstruction": [{"text": "1 tid"}]}
    >>> drafts_in({"resourceType": "Bundle", "entry": [{"resource": order}]})[0].reference
    'MedicationRequest/1'
    """
    resources = [one for entry in objects(bundle.get("entry")) for one in objects(entry.get("resource"))]
    beside = {reference_id(words(one.get("id"))): one for one in resources}
    found = []
    for one in resources:
        kind = words(one.get("resourceType"))
        if kind in ORDERS and words(one.get("status")) not in OVER and one.get("doNotPerform") is not True:
            found.append(_draft(one, kind, beside))
    return found


def _draft(one: Mapping[str, Any], kind: str, beside: Mapping[str, dict[str, Any]]) -> Draft:
    is_medicine = kind in MEDICINES
    told = _medicine(one, beside) if is_medicine else _thing(one)
    name = told or kind
    said = " ".join([name, *(_doses(one) if is_medicine else _reasons(one))])
    lang: Literal["en", "zh"] = "zh" if language_of(said) == "zh" else "en"
    verb = ("Start ", "予") if is_medicine else ("Order ", "行")
    reference = f"{kind}/{words(one.get('id'))}"
    return Draft(
        reference,
        name,
        f"{verb[lang == 'zh']}{said}{'。' if lang == 'zh' else '.'}",
        lang,
        is_medicine,
        bool(_WORDS.search(told)),
    )


def _medicine(one: Mapping[str, Any], beside: Mapping[str, dict[str, Any]]) -> str:
    """The medicine's name: of the order itself, of the Medication it holds or refers to, else the reference's words."""
    for key in ("medicationCodeableConcept", "medication"):
        if name := concept_text(one.get(key)):
            return name
    reference = one.get("medicationReference") or one.get("medication") or {}
    target = words(reference.get("reference")) if isinstance(reference, dict) else ""
    meant = contained(dict(one), target) if target.startswith("#") else beside.get(reference_id(target))
    return concept_text(meant.get("code")) if meant else concept_text(reference)


def _thing(one: Mapping[str, Any]) -> str:
    """What is ordered, of an order that is for no medicine."""
    named = [concept_text(one.get("code")), concept_text(one.get("codeCodeableConcept")), concept_text(one.get("type"))]
    detail = [concept_text(one.get("orderDetail")), concept_text(one.get("bodySite"))]
    diet = one.get("oralDiet")
    named.append(concept_text(diet.get("type")) if isinstance(diet, dict) else "")
    return " ".join(part for part in (next(filter(None, named), ""), *detail) if part)


def _reasons(one: Mapping[str, Any]) -> Iterator[str]:
    if reason := concept_text(one.get("reasonCode") or one.get("reason")):
        yield f"({reason})"


def _doses(one: Mapping[str, Any]) -> Iterator[str]:
    """How a medicine is to be taken: in the client's words, else from dose, rhythm and route."""
    for dosage in objects(one.get("dosageInstruction")):
        if text := words(dosage.get("text")):
            yield text
            continue
        amounts = [dosage, *objects(dosage.get("doseAndRate"))]
        doses = (quantity_text(part.get(key)) for part in amounts for key in ("doseQuantity", "doseRange"))
        parts = [next(filter(None, doses), ""), _rhythm(dosage.get("timing")), concept_text(dosage.get("route"))]
        yield " ".join(filter(None, parts))


def _rhythm(timing: Any) -> str:
    """How often: "2 times every 1 d"; the words of a code such as BID where it has one."""
    if not isinstance(timing, dict):
        return ""
    if code := concept_text(timing.get("code")):
        return code
    repeat = timing.get("repeat")
    if not isinstance(repeat, dict) or not repeat.get("period"):
        return ""
    times, period = repeat.get("frequency", 1), repeat["period"]
    unit = {"h": "hours", "d": "days", "wk": "weeks", "mo": "months"}.get(
        words(repeat.get("periodUnit") or repeat.get("periodUnits")), ""
    )
    if period == 1 and unit:
        return f"{times} times a {unit[:-1]}" if times != 1 else f"once a {unit[:-1]}"
    return f"{times} times every {period} {unit}" if times != 1 else f"every {period} {unit}"
