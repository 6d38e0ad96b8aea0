"""A differential as a FHIR R4 Bundle: findings as Observations, a RiskAssessment, a ClinicalImpression, who made them.

All of it is a draft: status preliminary or in-progress, the security label AIAST (artificial intelligence asserted), a
note that says so, and a Provenance that names this program and its knowledge with their versions. No Condition is made:
nothing is asserted. Systems: terminology.hl7.org (HPO, OMIM); present and absent as HL7's Phenomics Exchange guide has
them (LOINC answers). In R4 `probabilityDecimal` is a percentage (RiskAssessment, rule ras-2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from html import escape
from typing import Any
from uuid import uuid4

from bedside import __version__
from bedside.knowledge.hpo import LICENCE, Hpo
from bedside.lang import current, disclaimer, tr
from bedside.phenotypes.called import Called
from bedside.tasks._diagnosis_told import SHOWN, Told
from bedside.tasks._diagnosis_words import bar_name, chance, none_of_these

OMIM = "http://www.omim.org"
HPO = "http://human-phenotype-ontology.org"
LOINC = "http://loinc.org"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
PRESENT, ABSENT = ("LA9633-4", "Present"), ("LA9634-2", "Absent")
MACHINE = {
    "system": f"{TERMINOLOGY}/v3-ObservationValue",
    "code": "AIAST",
    "display": "Artificial Intelligence asserted",
}
REASONS = 3
"""Bars that the rationale of a prediction names."""

Resource = dict[str, Any]


def fhir_bundle(
    told: Told, hpo: Hpo, *, now: datetime | None = None, new_id: Callable[[], str] = lambda: str(uuid4())
) -> Resource:
    """The Bundle (type collection) of one case; every reference in it points to an entry of it."""
    called, time = Called(hpo), (now or datetime.now(UTC)).isoformat(timespec="seconds")
    entries: list[Resource] = []

    def add(kind: str, **parts: Any) -> Resource:
        id = new_id()
        kept = {name: part for name, part in parts.items() if part not in (None, [], "")}
        entries.append({"fullUrl": f"urn:uuid:{id}", "resource": {"resourceType": kind, "id": id, **kept}})
        return {"reference": f"urn:uuid:{id}"}

    patient = add("Patient", identifier=[{"value": told.case.id}], gender=told.case.findings.sex or "unknown")
    device = add("Device", **_device(hpo))
    findings = told.case.findings
    common = {"subject": patient, "device": device, "issued": time, "meta": _meta() if told.text else None}
    present = [add("Observation", **_observation(hpo, called, term, PRESENT), **common) for term in findings.present]
    absent = [add("Observation", **_observation(hpo, called, term, ABSENT), **common) for term in findings.denied]
    risk = add("RiskAssessment", **_risk(told, hpo, called, patient, device, [*present, *absent], time))
    impression = add("ClinicalImpression", **_impression(told, hpo, patient, present, absent, risk, time))
    assembler = {"coding": [{"system": f"{TERMINOLOGY}/provenance-participant-type", "code": "assembler"}]}
    made = [*present, *absent, risk, impression]
    add("Provenance", target=made, recorded=time, agent=[{"type": assembler, "who": device}])
    return {"resourceType": "Bundle", "id": new_id(), "type": "collection", "timestamp": time, "entry": entries}


def _device(hpo: Hpo) -> Resource:
    said = [("bedside", __version__), ("HPO annotations", hpo.release), ("HPO index", hpo.key)]
    return {
        "status": "active",
        "deviceName": [{"name": "bedside", "type": "user-friendly-name"}],
        "type": {"text": "clinical decision support software"},
        "version": [{"type": {"text": name}, "value": value} for name, value in said],
        "note": [{"text": LICENCE}],
    }


def _observation(hpo: Hpo, called: Called, term: int, answer: tuple[str, str]) -> Resource:
    code, display = answer
    id = hpo.ids[term]
    return {
        "status": "preliminary",
        "category": [{"coding": [{"system": f"{TERMINOLOGY}/observation-category", "code": "exam"}]}],
        "code": {"coding": [{"system": HPO, "code": id, "display": hpo.names[term]}], "text": called.name(id)},
        "valueCodeableConcept": {"coding": [{"system": LOINC, "code": code, "display": display}]},
    }


def _risk(
    told: Told, hpo: Hpo, called: Called, patient: Resource, device: Resource, basis: list[Resource], time: str
) -> Resource:
    shown = told.answer.ranking[:SHOWN]
    rows = [(one.label, chance(one.probability)) for one in shown]
    other = none_of_these(len(shown))
    predictions = [
        {
            "outcome": {
                "coding": [{"system": OMIM, "code": one.id.removeprefix("OMIM:"), "display": one.label}],
                "text": one.label,
            },
            "probabilityDecimal": _percent(one.probability),
            "rationale": _rationale(told, one.id, called),
        }
        for one in shown
    ]
    predictions.append({"outcome": {"text": other}, "probabilityDecimal": _percent(told.rest())})
    return {
        "meta": _meta(),
        "language": _language(),
        "text": _narrative(_title(hpo), [f"{name}: {said}" for name, said in [*rows, (other, chance(told.rest()))]]),
        "status": "preliminary",
        "method": {
            "text": f"bedside {__version__}: log likelihood ratios of HPO annotations {hpo.release}, calibrated"
        },
        "code": {"text": _title(hpo)},
        "subject": patient,
        "occurrenceDateTime": time,
        "performer": device,
        "basis": basis,
        "prediction": predictions,
        "note": _notes(told),
    }


def _impression(
    told: Told,
    hpo: Hpo,
    patient: Resource,
    present: list[Resource],
    absent: list[Resource],
    risk: Resource,
    time: str,
) -> Resource:
    summary = _summary(told)
    return {
        "meta": _meta(),
        "language": _language(),
        "text": _narrative(_draft(), [summary]),
        "status": "in-progress",
        "description": _draft(),
        "subject": patient,
        "date": time,
        "investigation": [
            {"code": {"text": tr("Findings", "表型")}, "item": [*present, *absent]},
        ],
        "summary": summary,
        "finding": [{"itemReference": one} for one in present],
        "supportingInfo": [risk],
        "note": _notes(told),
    }


def _rationale(told: Told, id: str, called: Called) -> str:
    """The bars that move a disease most, with their signs."""
    bars = sorted(told.bars.get(id, ()), key=lambda bar: -abs(bar.value))[:REASONS]
    return tr("; ", "；").join(f"{bar.value:+.2f} {bar_name(bar, called)}" for bar in bars)


def _summary(told: Told) -> str:
    first = told.answer.ranking[0]
    if told.answer.abstained:
        return tr("The evidence is too thin to propose a diagnosis.", "证据不足，不提出诊断。")
    said = f"{first.label} ({first.id}), {chance(first.probability)}"
    return tr(f"First of the differential, not a diagnosis: {said}", f"鉴别诊断首位（并非诊断）：{said}")


def _notes(told: Told) -> list[Resource]:
    percent = tr("probabilityDecimal is a percentage (FHIR R4).", "probabilityDecimal 为百分数（FHIR R4）。")
    held = [_summary(told)] if told.answer.abstained else []
    return [{"text": text} for text in (_draft(), disclaimer(), *held, percent)]


def _draft() -> str:
    return tr(
        "AI-generated draft, not reviewed by a clinician.",
        "人工智能生成的草稿，未经临床医生审核。",
    )


def _title(hpo: Hpo) -> str:
    return tr(f"Ranked differential (HPO {hpo.release})", f"鉴别诊断排序（HPO {hpo.release}）")


def _meta() -> Resource:
    return {"security": [MACHINE]}


def _language() -> str:
    return "zh-CN" if current() == "zh" else "en"


def _percent(probability: float) -> float:
    return round(100 * probability, 4)


def _narrative(title: str, lines: Iterable[str]) -> Resource:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    said = f"<p>{escape(title)}</p><ul>{items}</ul><p>{escape(_draft())} {escape(disclaimer())}</p>"
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{said}</div>'}
