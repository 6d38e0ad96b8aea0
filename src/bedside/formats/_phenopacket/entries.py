"""The building blocks of a phenopacket (features, diseases, measurements, treatments, variants) as chart entries.

What is excluded, and what is a candidate only, is said in words: its code, alone, would read as present.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

from bedside.formats._charts import identity
from bedside.formats._charts.draft import Draft, Reading, clean
from bedside.formats._syntax.json import objects, strings, words
from bedside.lang import tr
from bedside.types import Code, Entry, Origin, Sex

_SEXES = {"MALE": "male", "FEMALE": "female", "OTHER_SEX": "other"}
_AGE = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T.*)?")
_UNITS = ("years", "months", "weeks", "days")


def pick(value: Any, *path: str) -> Any:
    """What lies under the names, each written as the JSON mapping (`camelCase`) or the schema (`snake_case`) has it.

    >>> pick({"time_at_last_encounter": {"age": {"iso8601duration": "P4Y"}}}, "timeAtLastEncounter", "age")
    {'iso8601duration': 'P4Y'}
    """
    for name in path:
        holder = next(iter(objects(value)), {})
        value = holder.get(name, holder.get(re.sub(r"[A-Z]", lambda found: "_" + found.group().lower(), name)))
    return value


def draft_of(packet: dict[str, Any], reading: Reading, place: str) -> Draft:
    """One phenopacket as a draft of a chart; its subject's ids are identity."""
    subject = pick(packet, "subject")
    key = words(pick(subject, "id")) or words(packet.get("id")) or reading.file
    draft = Draft(key, cast(Sex, _SEXES.get(words(pick(subject, "sex")), "unknown")))
    born = reading.time(words(pick(subject, "dateOfBirth")), f"{place}.subject.dateOfBirth")
    draft.birth_date = born[:10] if born else None
    for name in [words(pick(subject, "id")), *strings(pick(subject, "alternateIds"))]:
        draft.know(identity.number(name))
    draft.entries += _entries(packet, reading, place)
    return draft


def relative_entry(packet: dict[str, Any], reading: Reading, place: str) -> Entry | None:
    """What a relative has, as the proband's family history."""
    found = [(one, "term") for one in objects(pick(packet, "diseases"))]
    found += [(one, "type") for one in objects(pick(packet, "phenotypicFeatures"))]
    said = [label(pick(one, name)) for one, name in found if not pick(one, "excluded")]
    if not any(said):
        return None
    text = "relative: " + "; ".join(filter(None, said))
    return Entry(id=place, kind="FamilyMemberHistory", text=text, origin=Origin(reading.file, place))


def label(term: Any) -> str:
    """An ontology class as words: its label, else its id."""
    return clean(words(pick(term, "label")) or words(pick(term, "id")))


def _entries(packet: dict[str, Any], reading: Reading, place: str) -> Iterator[Entry]:
    yield from _subject(packet, reading, place)
    blocks = (
        ("phenotypicFeatures", _feature),
        ("diseases", _disease),
        ("measurements", _measurement),
        ("medicalActions", _action),
        ("biosamples", _sample),
    )
    for name, make in blocks:
        for number, one in enumerate(objects(pick(packet, name))):
            spot = f"{place}.{name}[{number}]"
            entry = make(one, reading, spot)
            if entry.text:
                yield entry
            else:
                reading.doubt(spot, tr("says nothing; left out", "没有内容；未读取"))
    for number, one in enumerate(objects(pick(packet, "interpretations"))):
        yield from _interpretation(one, reading, f"{place}.interpretations[{number}]")


def _subject(packet: dict[str, Any], reading: Reading, place: str) -> Iterator[Entry]:
    subject = pick(packet, "subject")
    facts = [
        ("age at last encounter", _when(pick(subject, "timeAtLastEncounter"))),
        ("vital status", words(pick(subject, "vitalStatus", "status")).lower().replace("_", " ")),
        ("cause of death", label(pick(subject, "vitalStatus", "causeOfDeath"))),
    ]
    said = [f"{name}: {text}" for name, text in facts if text]
    if said:
        yield _entry("Patient", "; ".join(said), reading, f"{place}.subject")


def _feature(one: dict[str, Any], reading: Reading, place: str) -> Entry:
    term = pick(one, "type")
    facts = [
        ("onset", _when(pick(one, "onset"))),
        ("severity", label(pick(one, "severity"))),
        ("modifier", ", ".join(map(label, objects(pick(one, "modifiers"))))),
        ("", clean(words(pick(one, "description")))),
    ]
    denied = bool(pick(one, "excluded") or pick(one, "negated"))
    time = _stamp(pick(one, "onset"), reading, place)
    return _entry("Observation", _said(term, facts, denied), reading, place, None if denied else term, time)


def _disease(one: dict[str, Any], reading: Reading, place: str) -> Entry:
    term = pick(one, "term")
    stages = objects(pick(one, "diseaseStage")) + objects(pick(one, "clinicalTnmFinding"))
    facts = [("onset", _when(pick(one, "onset"))), ("stage", ", ".join(map(label, stages)))]
    facts += [("site", label(pick(one, "primarySite"))), ("laterality", label(pick(one, "laterality")))]
    time = _stamp(pick(one, "onset"), reading, place)
    denied = bool(pick(one, "excluded"))
    return _entry("Condition", _said(term, facts, denied), reading, place, None if denied else term, time)


def _measurement(one: dict[str, Any], reading: Reading, place: str) -> Entry:
    term, quantity = pick(one, "assay"), pick(one, "value", "quantity")
    number = reading.number(pick(quantity, "value"), place)
    unit = label(pick(quantity, "unit")) or None
    parts = objects(pick(one, "complexValue", "typedQuantities"))
    several = [f"{label(pick(p, 'type'))} {_amount(pick(p, 'quantity'))}" for p in parts]
    shown = label(pick(one, "value", "ontologyClass")) or "; ".join(several)
    if number is not None:
        shown = _amount(quantity)
    text = " ".join(filter(None, (label(term), shown)))
    time = _stamp(pick(one, "timeObserved"), reading, place)
    entry = _entry("Observation", text, reading, place, term, time)
    value = number if number is not None else shown or None
    return Entry(
        id=entry.id,
        kind=entry.kind,
        text=text,
        time=time,
        codes=entry.codes,
        value=value,
        unit=unit,
        origin=entry.origin,
    )


def _action(one: dict[str, Any], reading: Reading, place: str) -> Entry:
    target, response = label(pick(one, "treatmentTarget")), label(pick(one, "responseToTreatment"))
    facts = [("for", target), ("response", response), ("ended", label(pick(one, "treatmentTerminationReason")))]
    procedure, treatment = pick(one, "procedure"), pick(one, "treatment")
    if treatment is not None:
        facts.append(("route", label(pick(treatment, "routeOfAdministration"))))
        doses = [_amount(pick(dose, "quantity")) for dose in objects(pick(treatment, "doseIntervals"))]
        facts.append(("dose", ", ".join(filter(None, doses))))
        agent = pick(treatment, "agent")
        return _entry("MedicationStatement", _said(agent, facts), reading, place, agent)
    if procedure is not None:
        facts.append(("site", label(pick(procedure, "bodySite"))))
        code, time = pick(procedure, "code"), _stamp(pick(procedure, "performed"), reading, place)
        return _entry("Procedure", _said(code, facts), reading, place, code, time)
    regimen = pick(one, "therapeuticRegimen", "ontologyClass") or pick(one, "radiationTherapy", "modality")
    return _entry("Procedure", _said(regimen, facts), reading, place, regimen)


def _sample(one: dict[str, Any], reading: Reading, place: str) -> Entry:
    tissue, diagnosis = pick(one, "sampledTissue"), label(pick(one, "histologicalDiagnosis"))
    facts = [("diagnosis", diagnosis), ("progression", label(pick(one, "tumorProgression")))]
    return _entry("Specimen", _said(tissue, facts), reading, place, tissue)


def _interpretation(one: dict[str, Any], reading: Reading, place: str) -> Iterator[Entry]:
    disease = pick(one, "diagnosis", "disease")
    status = words(pick(one, "progressStatus")).lower().replace("_", " ")
    if label(disease):
        open_end = status in ("in progress", "unsolved")
        facts = [("candidate diagnosis" if open_end else "diagnosis", status), ("", clean(words(pick(one, "summary"))))]
        yield _entry("Condition", _said(disease, facts), reading, place, None if open_end else disease)
    for number, genomic in enumerate(objects(pick(one, "diagnosis", "genomicInterpretations"))):
        variant = pick(genomic, "variantInterpretation")
        described = pick(variant, "variationDescriptor")
        gene = words(pick(described, "geneContext", "symbol")) or words(pick(genomic, "gene", "symbol"))
        forms = [words(pick(form, "value")) for form in objects(pick(described, "expressions"))]
        judged = [words(pick(variant, "acmgPathogenicityClassification")), words(pick(genomic, "interpretationStatus"))]
        said = [gene, *forms, label(pick(described, "allelicState"))]
        said += [fact.lower().replace("_", " ") for fact in judged]
        text = "variant: " + "; ".join(dict.fromkeys(filter(None, said)))
        yield _entry("MolecularSequence", text, reading, f"{place}.genomicInterpretations[{number}]")


def _said(term: Any, facts: list[tuple[str, str]], denied: bool = False) -> str:
    extras = "; ".join(f"{name}: {text}" if name else text for name, text in facts if text)
    if not label(term):
        return "" if denied else extras
    head = ("not: " if denied else "") + label(term)
    return f"{head} ({extras})" if extras else head


def _amount(quantity: Any) -> str:
    return " ".join(filter(None, (words(pick(quantity, "value")), label(pick(quantity, "unit")))))


def _when(element: Any) -> str:
    """A time element as words: "4 years 2 months", "Congenital onset", a date."""
    span = pick(element, "ageRange")
    if span is not None:
        return " - ".join(filter(None, (_age(pick(span, "start")), _age(pick(span, "end")))))
    return _age(pick(element, "age")) or label(pick(element, "ontologyClass")) or words(pick(element, "timestamp"))[:10]


def _age(age: Any) -> str:
    found = _AGE.fullmatch(words(pick(age, "iso8601duration")))
    parts = zip(found.groups(), _UNITS, strict=True) if found else ()
    return " ".join(f"{number} {unit}" for number, unit in parts if number)


def _stamp(element: Any, reading: Reading, place: str) -> str | None:
    raw = words(pick(element, "timestamp")) or words(pick(element, "interval", "start"))
    return reading.time(raw, place)


def _entry(kind: str, text: str, reading: Reading, place: str, term: Any = None, time: str | None = None) -> Entry:
    curie = clean(words(pick(term, "id")))
    codes = (Code(curie.partition(":")[0], curie, label(term)),) if curie else ()
    return Entry(id=place, kind=kind, text=text, time=time, codes=codes, origin=Origin(reading.file, place))
