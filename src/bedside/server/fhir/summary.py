"""A chart as a patient summary: a FHIR document whose Composition has a section a kind, and what the guard objects to.

Sections and their codes are those of HL7's International Patient Summary; nothing is written that the chart does not
hold. A section without entries says that nothing is on record, never that there is nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bedside.facts.in_chart import words_of
from bedside.facts.measured import measured_name
from bedside.facts.of_chart import facts_of_raw
from bedside.lang import tr
from bedside.server.clinic.access import Caller
from bedside.server.fhir.analyze import detected, issues
from bedside.server.fhir.made import Made, Resource, pointed
from bedside.server.fhir.resources import MEDICINES, patient_of, resource_of
from bedside.tasks._fhir_parts import TERMINOLOGY, language, listed, meta, narrative
from bedside.types import Entry, RawChart

LOINC = "http://loinc.org"
SUMMARY = ("60591-5", "Patient summary Document")


@dataclass(frozen=True)
class Section:
    """A part of the document: its LOINC code, its title (English, Chinese), and the kinds of entry it tells."""

    code: tuple[str, str]
    title: tuple[str, str]
    kinds: tuple[str, ...]


SECTIONS = (
    Section(("11450-4", "Problem list - Reported"), ("Problems", "健康问题"), ("Condition",)),
    Section(
        ("48765-2", "Allergies and adverse reactions Document"),
        ("Allergies", "过敏与不良反应"),
        ("AllergyIntolerance",),
    ),
    Section(("10160-0", "History of Medication use Narrative"), ("Medicines", "用药"), MEDICINES),
    Section(
        ("30954-2", "Relevant diagnostic tests/laboratory data Narrative"),
        ("Results, the latest of each", "检查检验结果（各项最近一次）"),
        ("Observation",),
    ),
    Section(("47519-4", "History of Procedures Document"), ("Procedures", "手术与操作"), ("Procedure",)),
)


def summary(chart: RawChart, patient: str, caller: Caller) -> Resource:
    """The document about `Patient/{patient}`, in the language in force; Refusal (500): a guard could not be asked."""
    made = Made(patient)
    made.who = made.add("Patient", **_parts(patient_of(chart, patient)))
    told = [_section(one, chart, made, patient) for one in SECTIONS]
    raised = issues(facts_of_raw(chart), caller.context.guard)
    if raised:
        lines = [finding.reason for finding, _ in raised]
        title = tr("What the guard objects to", "安全核查提示")
        told.append({"title": title, "text": listed(lines), "entry": detected(made, raised)})
    composition = made.add(
        "Composition",
        first=True,
        meta=meta(),
        language=language(),
        text=narrative(_title(), _untold(chart)),
        status="preliminary",
        type={"coding": [_loinc(SUMMARY)]},
        subject=made.who,
        date=made.time,
        author=[made.device],
        title=_title(),
        section=told,
    )
    made.provenance([composition])
    caller.note(entries=len(chart.entries), issues=len(raised))
    return made.document()


def latest(entries: Sequence[Entry]) -> list[tuple[Entry, int]]:
    """Of each name the youngest entry, and how many older ones there are; a time that is not known is the oldest.

    >>> old, new = (Entry(id=time, kind="Observation", text="Potassium", time=time) for time in ("2024-01", "2025-02"))
    >>> [(one.time, older) for one, older in latest([new, old])]
    [('2025-02', 1)]
    """
    named: dict[str, list[Entry]] = defaultdict(list)
    for one in entries:
        named[_name(one).casefold()].append(one)
    return [(max(some, key=lambda one: one.time or ""), len(some) - 1) for some in named.values()]


def _section(section: Section, chart: RawChart, made: Made, patient: str) -> Resource:
    entries = [one for one in chart.entries if one.kind in section.kinds]
    told = {"title": tr(*section.title), "code": {"coding": [_loinc(section.code)]}}
    if not entries:
        unknown = tr("Nothing on record here; this does not mean that there is none.", "此处无记录，并不表示没有。")
        coded = {"system": f"{TERMINOLOGY}/list-empty-reason", "code": "unavailable", "display": "Unavailable"}
        return {**told, "text": listed([unknown]), "emptyReason": {"coding": [coded]}}
    shown = latest(entries) if section.kinds == ("Observation",) else [(one, 0) for one in entries]
    here = str(made.who["reference"])
    kept = [pointed(resource_of(one, patient), f"Patient/{patient}", here) for one, _ in shown]
    references = [made.add(one["resourceType"], **_parts(one)) for one in kept]
    return {**told, "text": listed([_line(one, older) for one, older in shown]), "entry": references}


def _line(entry: Entry, older: int) -> str:
    value = "" if entry.value is None else f" {entry.value}{f' {entry.unit}' if entry.unit else ''}"
    aside = [entry.time or "", tr(f"{older} earlier", f"另有较早{older}次") if older else ""]
    said = tr("; ", "；").join(one for one in aside if one)
    return f"{_name(entry)}{value}" + (tr(f" ({said})", f"（{said}）") if said else "")


def _name(entry: Entry) -> str:
    if entry.kind == "Observation":
        return measured_name(entry)
    return words_of(entry) or next((code.display for code in entry.codes if code.display), "")


def _untold(chart: RawChart) -> list[str]:
    """What of the chart the sections leave out."""
    kinds = {kind for section in SECTIONS for kind in section.kinds}
    left = sum(one.kind not in kinds for one in chart.entries)
    if not left:
        return []
    said = tr(
        f"Not summarised: {left} notes and other entries of the chart.", f"未纳入摘要：病历中的{left}份文书及其他条目。"
    )
    return [said]


def _title() -> str:
    return tr("Patient summary", "患者摘要")


def _loinc(code: tuple[str, str]) -> Resource:
    return {"system": LOINC, "code": code[0], "display": code[1]}


def _parts(resource: Resource) -> Resource:
    return {name: part for name, part in resource.items() if name not in ("resourceType", "id")}
