"""A case as a GA4GH phenopacket v2 (phenopacket-schema.readthedocs.io): findings as given, candidates in progress.

Labels are the ontology's English ones, whatever the language in force: they belong to the ids. No candidate is
asserted: `diseases` stays empty, and every interpretation is IN_PROGRESS.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from bedside import __version__
from bedside.knowledge._onset import CLASSES
from bedside.knowledge.hpo import Hpo
from bedside.lang import disclaimer, tr
from bedside.tasks._diagnosis.told import SHOWN, Told
from bedside.tasks._diagnosis.words import chance

SCHEMA = "2.0"
_ISO_AGE = re.compile(r"P(?=\d)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?")


def phenopacket(told: Told, hpo: Hpo, *, row: Any = None, now: datetime | None = None) -> dict[str, Any]:
    """The phenopacket of a case; `row` is what the case was read from, for ages that the ranking does not keep."""
    found, onsets = told.case.findings, dict(_onsets(row, hpo))
    features = [_feature(hpo, term, False, onsets) for term in found.present]
    features += [_feature(hpo, term, True, onsets) for term in found.denied]
    subject: dict[str, Any] = {"id": told.case.id, "sex": (found.sex or "unknown_sex").upper()}
    if age := _age(row):
        subject["timeAtLastEncounter"] = age
    created = (now or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "id": told.case.id,
        "subject": subject,
        "phenotypicFeatures": features,
        "interpretations": list(_candidates(told)),
        "metaData": {
            "created": created,
            "createdBy": f"bedside {__version__}",
            "resources": _resources(hpo),
            "phenopacketSchemaVersion": SCHEMA,
        },
    }


def _feature(hpo: Hpo, term: int, excluded: bool, onsets: Mapping[str, Any]) -> dict[str, Any]:
    id = hpo.ids[term]
    feature: dict[str, Any] = {"type": {"id": id, "label": hpo.names[term]}}
    if excluded:
        feature["excluded"] = True
    return {**feature, "onset": onsets[id]} if id in onsets else feature


def _candidates(told: Told) -> Iterator[dict[str, Any]]:
    held = tr("; too thin to propose a diagnosis", "；证据不足，不提出诊断") if told.answer.abstained else ""
    for place, one in enumerate(told.answer.ranking[:SHOWN], 1):
        said = tr(
            f"candidate {place}, chance {chance(one.probability)}", f"候选 {place}，概率 {chance(one.probability)}"
        )
        yield {
            "id": f"{told.case.id}-candidate-{place}",
            "progressStatus": "IN_PROGRESS",
            "diagnosis": {"disease": {"id": one.id, "label": one.label}},
            "summary": f"{said}{held}. {disclaimer()}",
        }


def _resources(hpo: Hpo) -> list[dict[str, str]]:
    """What the ids are of; OMIM has no releases of its own, so its version is that of the annotations."""
    return [
        {
            "id": "hp",
            "name": "Human Phenotype Ontology",
            "url": "http://purl.obolibrary.org/obo/hp.owl",
            "version": str(hpo.about["ontology"] or hpo.release),
            "namespacePrefix": "HP",
            "iriPrefix": "http://purl.obolibrary.org/obo/HP_",
        },
        {
            "id": "omim",
            "name": "Online Mendelian Inheritance in Man",
            "url": "https://www.omim.org",
            "version": hpo.release,
            "namespacePrefix": "OMIM",
            "iriPrefix": "https://www.omim.org/entry/",
        },
    ]


def _onsets(row: Any, hpo: Hpo) -> Iterator[tuple[str, dict[str, Any]]]:
    """(id, time element) of each finding of a row that says when it began."""
    if not isinstance(row, dict):
        return
    for feature in _objects(row.get("phenotypicFeatures", row.get("phenotypic_features"))):
        kind, onset = feature.get("type"), feature.get("onset")
        if isinstance(kind, dict) and isinstance(onset, dict) and onset:
            yield _known(str(kind.get("id")), hpo), onset
    for finding in [*_objects(row.get("present")), *_objects(row.get("excluded"))]:
        if time := _time(finding.get("onset"), hpo):
            yield _known(str(finding.get("id")), hpo), time


def _known(id: str, hpo: Hpo) -> str:
    """The id that this release has for one that a row may write in an old or untidy way."""
    number = hpo.number.get(id.strip().upper().replace("_", ":"))
    return id if number is None else hpo.ids[number]


def _age(row: Any) -> dict[str, Any] | None:
    if not isinstance(row, dict):
        return None
    subject = row.get("subject")
    kept = subject.get("timeAtLastEncounter") if isinstance(subject, dict) else None
    return kept if isinstance(kept, dict) and kept else _time(row.get("age"), None)


def _time(said: Any, hpo: Hpo | None) -> dict[str, Any] | None:
    """A time element of an ISO 8601 duration, or of the id or name of an onset class."""
    if not isinstance(said, str) or not said:
        return None
    if _ISO_AGE.fullmatch(said):
        return {"age": {"iso8601duration": said}}
    if hpo is None:
        return None
    id = said if said in hpo.number else next((id for id, name in _classes(hpo) if name == said.lower()), "")
    return {"ontologyClass": {"id": id, "label": hpo.label(id)}} if id else None


def _classes(hpo: Hpo) -> Iterator[tuple[str, str]]:
    return ((id, hpo.label(id).lower()) for id in CLASSES)


def _objects(value: Any) -> Iterable[dict[str, Any]]:
    return (one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()
