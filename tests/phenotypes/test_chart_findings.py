"""Findings of a chart: from codes, measured values and words, each with its place; the latest statement holds."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.deid import Policy, scrub
from bedside.knowledge.hpo import Hpo, open_hpo
from bedside.phenotypes._patient import Patient
from bedside.phenotypes.chart import ChartFindings, read_chart
from bedside.phenotypes.measured import measured
from bedside.phenotypes.onset import onset_of
from bedside.phenotypes.reader import Reader
from bedside.phenotypes.statements import Statement, settle
from bedside.types import Code, Entry, Origin, RawChart

LOINC = "http://loinc.org"
SEIZURE = Code("http://human-phenotype-ontology.org", "HP:0001250", "Seizure")
WOMAN = Patient(40, "female")


@pytest.fixture
def hpo(release: Path) -> Hpo:
    return open_hpo(release)


def read(hpo: Hpo, *entries: Entry) -> ChartFindings:
    raw = RawChart(patient="7", sex="female", birth_date="1980-01-01", entries=entries)
    return read_chart(scrub(raw, policy=Policy()), Reader(hpo))


def note(text: str, time: str | None, number: int = 1) -> Entry:
    return Entry(
        id=f"n{number}", kind="DocumentReference", text=text, time=time, origin=Origin("a.json", f"entry[{number}]")
    )


def coded(text: str, *codes: Code, kind: str = "Condition", value: str | float | None = None, unit: str = "") -> Entry:
    return Entry(
        id="c", kind=kind, text=text, codes=codes, value=value, unit=unit or None, origin=Origin("a", "entry[0]")
    )


@pytest.mark.parametrize(
    ("text", "present"),
    [
        ("Seizure", True),
        ("Seizure (clinical status: resolved)", True),
        ("Seizure (verification status: refuted)", False),
        ("not: Seizure", False),
    ],
)
def test_a_coded_condition_is_a_finding_unless_it_was_refuted(hpo: Hpo, text: str, present: bool) -> None:
    codes = () if not present else (SEIZURE,)
    found = read(hpo, coded(text, *codes))
    assert (found.present, found.denied) == ((("HP:0001250",), ()) if present else ((), ("HP:0001250",)))


@pytest.mark.parametrize(
    "text", ["Seizure (verification status: entered-in-error)", "Seizure (verification status: provisional)"]
)
def test_a_mistaken_or_provisional_condition_says_nothing(hpo: Hpo, text: str) -> None:
    found = read(hpo, coded(text, SEIZURE), note("Fever.", "2020-01-01"))
    assert found.present == ("HP:0001945",)


@pytest.mark.parametrize(
    ("value", "present"), [("Present", True), ("true", True), ("Absent", False), ("无", False), ("阴性", False)]
)
def test_an_observation_of_a_finding_says_yes_or_no(hpo: Hpo, value: str, present: bool) -> None:
    found = read(hpo, coded(f"Seizure {value}", SEIZURE, kind="Observation", value=value))
    assert bool(found.present) == present
    assert bool(found.denied) != present


@pytest.mark.parametrize(
    ("early", "late"),
    [("Seizure yesterday.", "No seizures."), ("反复癫痫发作。", "无癫痫发作。")],
)
def test_of_two_notes_the_later_holds_and_both_are_told(hpo: Hpo, early: str, late: str) -> None:
    ended = read(hpo, note(late, "2021-03-05", 2), note(early, "2020-01-01", 1))
    assert (ended.present, ended.denied) == ((), ("HP:0001250",))
    ((holds, overruled),) = ended.conflicts
    assert (holds.present, holds.place, holds.days_before) == (False, "entry[2]", 0)
    assert (overruled.present, overruled.place, overruled.days_before) == (True, "entry[1]", 429)
    begun = read(hpo, note(early, "2021-03-05", 2), note(late, "2020-01-01", 1))
    assert (begun.present, begun.denied) == (("HP:0001250",), ())
    assert begun.conflicts[0][0].present


@pytest.mark.parametrize(
    ("late", "holds"),
    [
        ("No seizures.", False),
        ("No seizures for two years.", True),
        ("No seizures since March 2019.", True),
        ("近两年无癫痫发作。", True),
        ("无癫痫发作。", False),
    ],
)
def test_what_has_been_absent_for_a_while_was_there_before(hpo: Hpo, late: str, holds: bool) -> None:
    found = read(hpo, note("Seizure.", "2018-01-01", 1), note(late, "2021-01-01", 2))
    assert (found.present == ("HP:0001250",)) == holds


def test_an_undated_note_gives_way_to_a_dated_one(hpo: Hpo) -> None:
    assert read(hpo, note("Seizure.", None, 1), note("No seizures.", "2020-01-01", 2)).present == ()
    assert read(hpo, note("No seizures.", None, 1), note("Seizure.", "2020-01-01", 2)).present == ("HP:0001250",)


def test_a_normal_value_undoes_an_abnormal_one_but_no_diagnosis(hpo: Hpo) -> None:
    def haemoglobin(value: float, time: str) -> Entry:
        return Entry(
            id=time, kind="Observation", text=f"Hemoglobin {value} g/dL", time=time, value=value, unit="g/dL",
            codes=(Code(LOINC, "718-7"),), origin=Origin("a", time),
        )  # fmt: skip

    mended = read(hpo, haemoglobin(8.0, "2020-01-01"), haemoglobin(13.5, "2021-01-01"))
    assert mended.present == ()
    assert mended.conflicts[0][1].present
    named = read(hpo, note("Anemia.", "2020-01-01"), haemoglobin(13.5, "2021-01-01"))
    assert named.present == ("HP:0001903",)
    assert named.conflicts == ()


@pytest.mark.parametrize("text", ["Possible seizure.", "Her mother has seizures.", "母亲有癫痫发作。"])
def test_relatives_bills_and_doubts_are_no_findings(hpo: Hpo, text: str) -> None:
    relative = Entry(id="f", kind="FamilyMemberHistory", text="mother: Seizure", codes=(SEIZURE,))
    bill = Entry(id="b", kind="Claim", text="Fever clinic")
    assert read(hpo, relative, bill, note(text, "2020-01-01")).present == ()


@pytest.mark.parametrize(
    ("text", "value", "unit", "patient", "present"),
    [
        ("Hemoglobin 9.1 g/dL", 9.1, "g/dL", WOMAN, "HP:0001903"),
        ("Hemoglobin 13.1 g/dL", 13.1, "g/dL", WOMAN, ""),
        ("Hemoglobin 91 g/L", 91.0, "g/L", WOMAN, "HP:0001903"),
        ("血红蛋白 91 g/L", 91.0, "g/L", WOMAN, "HP:0001903"),
        ("Hemoglobin 12.5 g/dL (reference 13 - 17 g/dL)", 12.5, "g/dL", WOMAN, "HP:0001903"),
        ("Hemoglobin 11.5 g/dL (reference: 11-16)", 11.5, "g/dL", WOMAN, ""),
        ("Hemoglobin 13.1 g/dL (interpretation: Low)", 13.1, "g/dL", WOMAN, "HP:0001903"),
        ("Hemoglobin 13.1 g/dL (flag: 偏高)", 13.1, "g/dL", WOMAN, "HP:0001901"),
    ],
)
def test_a_value_is_judged_by_the_charts_own_range_first(
    text: str, value: float, unit: str, patient: Patient, present: str
) -> None:
    found = measured([Code(LOINC, "718-7")] if text.isascii() else [], text, value, unit, patient)
    assert found is not None
    assert found.present == present
    assert bool(found.denied) == (not present)


@pytest.mark.parametrize(
    ("codes", "text", "value", "unit"),
    [
        ([Code(LOINC, "718-7")], "Hemoglobin 9.1 furlongs", 9.1, "furlongs"),
        ([Code(LOINC, "4548-4")], "Hemoglobin A1c 9.1 %", 9.1, "%"),
        ([], "Glucose in urine 9.1 mmol/L", 9.1, "mmol/L"),
        ([], "尿白蛋白 9 g/L", 9.0, "g/L"),
        ([], "Pain severity 2", 2.0, "{score}"),
    ],
)
def test_a_value_that_is_something_else_says_nothing(codes: list[Code], text: str, value: float, unit: str) -> None:
    assert measured(codes, text, value, unit, WOMAN) is None


def test_the_sex_decides_where_only_one_is_abnormal() -> None:
    def said(sex: str | None) -> str | None:
        found = measured([Code(LOINC, "718-7")], "Hemoglobin 12.5 g/dL", 12.5, "g/dL", Patient(40, sex))
        return None if found is None else found.present

    assert (said("male"), said("female"), said(None)) == ("HP:0001903", "", None)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("Seizure (onset: 4 years 6 months)", 4.5),
        ("Seizures since infancy.", 0.5),
        ("seizures from the age of 6", 6),
        ("患儿3岁起病", 3),
        ("自幼反复抽搐", None),
        ("自幼起反复抽搐", 3),
        ("Fever since 3 days", None),
        ("onset was 3 days ago", None),
        ("Diabetes since 2019", None),
    ],
)
def test_an_age_at_onset_is_told_from_a_duration(text: str, years: float | None) -> None:
    assert onset_of(text) == years


def test_sex_onset_and_the_words_come_from_the_chart(hpo: Hpo) -> None:
    entry = coded("Seizure (onset: 4 years)", SEIZURE)
    found = read(hpo, entry, note("Mrs Anna Smith has fever.", "2020-01-01"))
    assert (found.sex, found.onset_years) == ("female", 4)
    assert "fever" in found.text
    assert "Smith" not in found.text
    assert "Seizure" not in found.text  # a listed diagnosis is no text for a model that is to guess it


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["HP:0001250", "HP:0001945", "HP:0000118"]), st.booleans()), max_size=8))
def test_nothing_is_both_present_and_denied_and_the_last_word_holds(said: list[tuple[str, bool]]) -> None:
    class Tiny:
        ids = ("HP:0000118", "HP:0001250", "HP:0001945")
        number: ClassVar = {id: n for n, id in enumerate(ids)}

        def ancestors(self, term: int) -> object:
            import numpy as np

            return np.array(sorted({0, term}))

    statements = [
        Statement(id, id, here, "text", "DocumentReference", f"entry[{n}]", 0) for n, (id, here) in enumerate(said)
    ]
    present, denied, _ = settle(statements, Tiny())  # type: ignore[arg-type]
    assert not set(present) & set(denied)
    assert set(present) | set(denied) <= {id for id, _ in said}
    if said:
        id, here = said[-1]
        assert (id in present) == here
        assert (id in denied) == (not here)


@pytest.mark.parametrize(
    ("kind", "code", "found"),
    [
        ("DocumentReference", "48765-2", False),
        ("DocumentReference", "8653-8", False),
        ("AdverseEvent", "", False),
        ("DocumentReference", "10164-2", True),
    ],
)
def test_reactions_to_drugs_and_instructions_are_no_findings(kind: str, code: str, found: bool, hpo: Hpo) -> None:
    codes = (Code(LOINC, code),) if code else ()
    assert bool(read(hpo, Entry(id="1", kind=kind, text="Penicillin: fever", codes=codes)).present) == found
