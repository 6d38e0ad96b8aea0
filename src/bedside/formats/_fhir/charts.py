"""FHIR resources read together as charts: whose each is, what it refers to, who is named in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from bedside.formats._charts.draft import Draft, Reading
from bedside.formats._fhir.entries import entries_of
from bedside.formats._fhir.people import DIRECTORY, about_group, contained, fill, named, owner, reference_id
from bedside.formats._syntax.json import objects, words
from bedside.lang import tr
from bedside.types import RawChart

Resource = tuple[str, dict[str, Any]]
"""Where a resource stands, and the resource."""


def charts_of(batch: list[Resource], reading: Reading, skipped: Counter[str]) -> Iterator[RawChart]:
    """A chart a patient; `skipped` counts what tells of places and staff alone."""
    index = _index(batch)
    drafts: dict[str, Draft] = {}
    patients = {_key(one): place for place, one in batch if one["resourceType"] == "Patient"}
    staff = [known for _, one in batch if one["resourceType"] in DIRECTORY for known in named(one)]
    for place, one in batch:
        kind = words(one["resourceType"])
        if kind in DIRECTORY:
            skipped[kind] += 1
            continue
        if about_group(one):
            reading.doubt(place, tr("about a group, no one patient; left out", "与群体而非某位患者有关；未读取"))
            continue
        key = _patient_of(one, index, patients, reading, place)
        draft = drafts.setdefault(key, Draft(key))
        draft.know(named(one))
        inner = contained(one, owner(one))
        if inner is not None:
            fill(draft, inner, reading, f"{place}.contained")
        if kind == "Patient":
            fill(draft, one, reading, place)
        elif kind != "RelatedPerson":
            draft.entries += entries_of(one, reading, place, partial(_found, one, index))
    for draft in drafts.values():
        draft.know(staff)
        yield draft.chart()
    if not drafts and batch:
        kinds = ", ".join(sorted({words(one["resourceType"]) for _, one in batch}))
        what = tr(f"resources about no patient ({kinds}) are in no chart", f"与患者无关的资源（{kinds}）不进入病历")
        reading.doubt(batch[0][0], what)


def _index(batch: Iterable[Resource]) -> dict[str, dict[str, Any]]:
    index: dict[str, dict[str, Any]] = {}
    for _, one in batch:
        for key in (words(one.get("id")), reference_id(words(one.get("_fullUrl")))):
            if key:
                index.setdefault(key, one)
    return index


def _found(one: dict[str, Any], index: Mapping[str, dict[str, Any]], reference: str) -> dict[str, Any] | None:
    """The resource that a reference in `one` means: "#x" is inside it, anything else beside it."""
    return contained(one, reference) if reference.startswith("#") else index.get(reference_id(reference))


def _key(patient: dict[str, Any]) -> str:
    return words(patient.get("id")) or reference_id(words(patient.get("_fullUrl"))) or _identifier(patient)


def _identifier(patient: dict[str, Any]) -> str:
    """The first identifier's value, for a Patient without an id."""
    return next((words(part.get("value")) for part in objects(patient.get("identifier"))), "")


def _patient_of(
    one: dict[str, Any],
    index: dict[str, dict[str, Any]],
    patients: dict[str, str],
    reading: Reading,
    place: str,
) -> str:
    if one["resourceType"] == "Patient" and _key(one):
        return _key(one)
    reference = owner(one)
    if inner := contained(one, reference):
        return _identifier(inner) or f"{reading.file} {place}{reference}"
    if reference:
        found = index.get(reference_id(reference))
        return _key(found) or reference_id(reference) if found else reference_id(reference)
    if len(patients) == 1:
        return next(iter(patients))
    reading.doubt(place, tr("no patient is named; the file's name stands for one", "未指明患者；以文件名代替"))
    return reading.file
