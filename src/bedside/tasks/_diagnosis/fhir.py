"""A differential as a FHIR R4 Bundle: findings as Observations, RiskAssessments, a ClinicalImpression, a CarePlan.

All of it is a draft: status preliminary or in-progress, the security label AIAST (artificial intelligence asserted), a
note that says so, and a Provenance that names this program and its knowledge with their versions. No Condition is made:
nothing is asserted. Systems: terminology.hl7.org (HPO, OMIM); present and absent as HL7's Phenomics Exchange guide has
them (LOINC answers). In R4 `probabilityDecimal` is a percentage (RiskAssessment, rule ras-2).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from bedside import __version__
from bedside.knowledge.hpo import LICENCE, Hpo
from bedside.lang import tr
from bedside.phenotypes.called import Called
from bedside.tasks._diagnosis.aside import twins
from bedside.tasks._diagnosis.chart import coded, places
from bedside.tasks._diagnosis.fhir_engines import (
    OMIM,
    fused_risk,
    local_device,
    local_risk,
    mixed_risk,
    writer_device,
    written_risk,
)
from bedside.tasks._diagnosis.fhir_plan import work_up
from bedside.tasks._diagnosis.told import SHOWN, Told
from bedside.tasks._diagnosis.words import bar_name, chance, none_of_these, twins_said
from bedside.tasks._fhir_parts import TERMINOLOGY, Resource, draft, language, meta, narrative, notes, percent, program

HPO = "http://human-phenotype-ontology.org"
LOINC = "http://loinc.org"
PRESENT, ABSENT = ("LA9633-4", "Present"), ("LA9634-2", "Absent")
REASONS = 3
"""Bars that the rationale of a prediction names."""


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
    device = add("Device", **_maker(hpo))
    common = {"subject": patient, "issued": time}
    present, absent = (
        [add("Observation", **_observation(told, hpo, called, term, answer, device), **common) for term in terms]
        for terms, answer in ((told.case.findings.present, PRESENT), (told.case.findings.denied, ABSENT))
    )
    basis = [*present, *absent]
    risk = add("RiskAssessment", **_risk(told, hpo, called, patient, device, basis, time))
    risks, makers = [risk], [([*basis, risk], device)]
    by = {"subject": patient, "occurrenceDateTime": time}
    if told.aside.local is not None:
        who = add("Device", **local_device(told.aside.local))
        read = [] if told.case.text else present  # without a text it read the findings' names
        own = add("RiskAssessment", **local_risk(told.aside.local, performer=who, basis=read, **by))
        risks, makers = [risk, own], [*makers, ([own], who)]
        if told.aside.fused is not None:
            name = told.aside.local.name
            both = fused_risk(told.aside.fused, name, performer=device, basis=[risk, own], **by)
            risks.append(add("RiskAssessment", **both))
            makers[0][0].append(risks[-1])
    if (written := told.aside.written) is not None:
        who, mixed = add("Device", **writer_device(written)), told.aside.mixed
        own = add("RiskAssessment", **written_risk(written, mixed, performer=who, basis=basis, **by))
        risks, makers = [*risks, own], [*makers, ([own], who)]
        if mixed is not None:
            fused = mixed_risk(mixed, written.by, performer=device, basis=[risk, own], **by)
            risks.append(add("RiskAssessment", **fused))
            makers[0][0].append(risks[-1])
    impression = add("ClinicalImpression", **_impression(told, hpo, called, patient, present, absent, risks, time))
    makers[0][0].append(impression)
    if told.aside.tests:
        makers[0][0].append(add("CarePlan", **work_up(told.aside.tests, called, patient, device, impression, time)))
    assembler = {"coding": [{"system": f"{TERMINOLOGY}/provenance-participant-type", "code": "assembler"}]}
    for made, maker in makers:
        add("Provenance", target=made, recorded=time, agent=[{"type": assembler, "who": maker}])
    return {"resourceType": "Bundle", "id": new_id(), "type": "collection", "timestamp": time, "entry": entries}


def _maker(hpo: Hpo) -> Resource:
    said = [("bedside", __version__), ("HPO annotations", hpo.release), ("HPO index", hpo.key)]
    versions = [{"type": {"text": name}, "value": value} for name, value in said]
    return program(*versions, note=[{"text": LICENCE}])


def _observation(
    told: Told, hpo: Hpo, called: Called, term: int, answer: tuple[str, str], device: Resource
) -> Resource:
    """A finding; what this program read in a text or a value is labelled so, and of a chart the place is noted."""
    (code, display), id, chart = answer, hpo.ids[term], told.case.chart
    where = places(chart).get(id, "") if chart else ""
    read = bool(told.text) if chart is None else id not in coded(chart)
    return {
        "status": "preliminary",
        "category": [{"coding": [{"system": f"{TERMINOLOGY}/observation-category", "code": "exam"}]}],
        "code": {"coding": [{"system": HPO, "code": id, "display": hpo.names[term]}], "text": called.name(id)},
        "valueCodeableConcept": {"coding": [{"system": LOINC, "code": code, "display": display}]},
        "note": [{"text": tr(f"In the chart: {where}", f"病历中：{where}")}] if where else [],
        **({"device": device, "meta": meta()} if read else {}),
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
            "probabilityDecimal": percent(one.probability),
            "rationale": _rationale(told, one.id, called),
        }
        for one in shown
    ]
    predictions.append({"outcome": {"text": other}, "probabilityDecimal": percent(told.rest())})
    return {
        "meta": meta(),
        "language": language(),
        "text": narrative(_title(hpo), [f"{name}: {said}" for name, said in [*rows, (other, chance(told.rest()))]]),
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
        "note": notes(*_held(told), *map(twins_said, twins(shown))),
    }


def _impression(
    told: Told,
    hpo: Hpo,
    called: Called,
    patient: Resource,
    present: list[Resource],
    absent: list[Resource],
    risks: list[Resource],
    time: str,
) -> Resource:
    summary = _summary(told)
    return {
        "meta": meta(),
        "language": language(),
        "text": narrative(draft(), [summary]),
        "status": "in-progress",
        "description": draft(),
        "subject": patient,
        "date": time,
        "investigation": [
            {"code": {"text": tr("Findings", "表型")}, "item": [*present, *absent]},
        ],
        "summary": summary,
        "finding": [{"itemReference": one} for one in present],
        "supportingInfo": risks,
        "note": notes(*_held(told)),
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


def _held(told: Told) -> list[str]:
    return [_summary(told)] if told.answer.abstained else []


def _title(hpo: Hpo) -> str:
    return tr(f"Ranked differential (HPO {hpo.release})", f"鉴别诊断排序（HPO {hpo.release}）")
