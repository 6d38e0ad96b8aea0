"""Patients for a first look: ten people made up for it, five in English, five in Chinese; and an account a role."""

from __future__ import annotations

import secrets
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

from bedside.clinic.accounts import Accounts
from bedside.clinic.open import Clinic
from bedside.clinic.permissions import ROLES
from bedside.types import Code, Entry, Identifier, RawChart

QUICK = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1)
"""A demo's passwords are 96 random bits, which need no slow hash, and a demo should start at once."""
ICD10, LOINC = "http://hl7.org/fhir/sid/icd-10", "http://loinc.org"


def demo_charts() -> list[RawChart]:
    """The patients of `data/demo.toml`.

    >>> charts = demo_charts()
    >>> len(charts), charts[0].sex
    (10, 'female')
    """
    values = tomllib.loads((Path(__file__).parent / "data" / "demo.toml").read_text(encoding="utf-8"))
    return [_chart(one, values["lab"]) for one in values["patient"]]


def fill_with_demo(clinic: Clinic) -> tuple[str, list[dict[str, str]]]:
    """Keep the demo's patients and make an account for each role; a clinician's API key, and the passwords."""
    for chart in demo_charts():
        clinic.records.keep(chart)
    accounts = Accounts(clinic.database, QUICK)
    users = [{"name": role.replace("_", "-"), "password": secrets.token_urlsafe(12), "role": role} for role in ROLES]
    made = {one["role"]: accounts.add(one["name"], one["role"], one["password"]) for one in users}
    return clinic.keys.make(made["clinician"].id), users


def _chart(said: dict[str, Any], labs: dict[str, dict[str, str]]) -> RawChart:
    parts = [*_conditions(said), *_medicines(said), *_allergies(said), *_labs(said, labs), *_notes(said)]
    parts += [*_dated(said, "visits", "Encounter"), *_dated(said, "procedures", "Procedure")]
    return RawChart(
        patient=said["number"],
        sex=said["sex"],
        birth_date=said["birth_date"],
        identifiers=(Identifier("NAME", said["name"]),),
        entries=tuple(parts),
    )


def _conditions(said: dict[str, Any]) -> Iterator[Entry]:
    for n, (time, text, code) in enumerate(said["conditions"], 1):
        yield Entry(id=f"condition-{n}", kind="Condition", text=text, time=time, codes=(Code(ICD10, code, text),))


def _medicines(said: dict[str, Any]) -> Iterator[Entry]:
    for n, (time, text) in enumerate(said["medicines"], 1):
        yield Entry(id=f"medicine-{n}", kind="MedicationStatement", text=text, time=time)


def _allergies(said: dict[str, Any]) -> Iterator[Entry]:
    for n, (time, substance, reaction) in enumerate(said.get("allergies", []), 1):
        yield Entry(id=f"allergy-{n}", kind="AllergyIntolerance", text=f"{substance} (reaction: {reaction})", time=time)


def _labs(said: dict[str, Any], labs: dict[str, dict[str, str]]) -> Iterator[Entry]:
    for name, values in said.get("labs", []):
        about = labs[name]
        code = Code(LOINC, about["loinc"], about["en"])
        for n, (time, value) in enumerate(values, 1):
            yield Entry(
                id=f"{name}-{n}",
                kind="Observation",
                text=about[said["lang"]],
                time=time,
                codes=(code,),
                value=float(value),
                unit=about["unit"],
            )


def _notes(said: dict[str, Any]) -> Iterator[Entry]:
    for n, (time, text) in enumerate(said["notes"], 1):
        yield Entry(id=f"note-{n}", kind="DocumentReference", text=text, time=time)


def _dated(said: dict[str, Any], name: str, kind: str) -> Iterator[Entry]:
    for n, (time, text) in enumerate(said.get(name, []), 1):
        yield Entry(id=f"{name}-{n}", kind=kind, text=text, time=time)
