"""FHIR resources of one patient as a test writes them, and what is read of them."""

import json

from _reading import entries, read_text

from bedside.formats.fhir import FORMAT

PATIENT = {
    "resourceType": "Patient",
    "id": "p1",
    "gender": "female",
    "birthDate": "1950-03",
    "name": [{"family": "王", "given": ["小明"]}, {"family": "Wong", "given": ["Elise", "Q"]}],
    "identifier": [{"value": "MRN-778899"}],
    "telecom": [{"system": "phone", "value": "13800138000"}, {"system": "email", "value": "w@example.cn"}],
    "address": [{"line": ["12 Oak St"], "city": "Springfield", "postalCode": "62701"}],
    "contact": [{"name": {"text": "李雷"}}],
}

HB = {"coding": [{"system": "http://loinc.org", "code": "718-7", "display": "Hemoglobin"}]}


def about(kind, **fields):
    return {"resourceType": kind, "id": fields.pop("id", "r1"), "subject": {"reference": "Patient/p1"}, **fields}


def bundle(*resources, **fields):
    return json.dumps(
        {"resourceType": "Bundle", "type": "collection", **fields, "entry": [{"resource": r} for r in resources]}
    )


def one(folder, resource):
    charts, problems = read_text(FORMAT, folder, bundle(PATIENT, resource))
    return [entry for entry in entries(charts) if entry.kind != "Patient"], problems
