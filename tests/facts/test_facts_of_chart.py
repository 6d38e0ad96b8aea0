"""The facts of a chart: what it says now, the values in time, allergies with what they did."""

from __future__ import annotations

from typing import Any

import pytest

from bedside.facts.of_chart import facts_of, facts_of_raw
from bedside.facts.of_person import as_facts
from bedside.facts.person import Known, Person
from bedside.formats.fhir import read_resource
from bedside.rules.labs import values
from bedside.types import Chart, Code, DeidReport, Entry, RawChart


def chart(*entries: Entry) -> Chart:
    return Chart(patient="p", sex="female", age_years=30, entries=entries, deid=DeidReport("", ""))


def test_the_values_of_each_name_stand_in_the_order_of_time_the_latest_last() -> None:
    old = Entry(id="1", kind="Observation", text="Potassium", value=5.9, unit="mmol/L", time="2024-01-02")
    new = Entry(id="2", kind="Observation", text="Potassium", value=4.1, unit="mmol/L", time="2024-03-02")
    assert [lab.value for lab in facts_of(chart(new, old)).labs] == [5.9, 4.1]
    assert values(facts_of(chart(new, old)).labs) == {"potassium": 4.1}


def test_of_a_long_series_the_last_twenty_are_kept() -> None:
    daily = [Entry(id=str(n), kind="Observation", text="K", value=n, time=f"2024-01-{n + 1:02}") for n in range(25)]
    assert [lab.value for lab in facts_of(chart(*daily)).labs] == list(range(5, 25))


def test_weight_and_height_are_known_by_code_or_name_in_any_unit() -> None:
    loinc = (Code("http://loinc.org", "29463-7"),)
    weight = Entry(id="1", kind="Observation", text="Wt", codes=loinc, value=154.0, unit="[lb_av]")
    height = Entry(id="2", kind="Observation", text="身高", value=1.62, unit="m")
    facts = facts_of(chart(weight, height))
    assert (facts.weight_kg, facts.height_cm) == (69.85, 162.0)
    assert (
        facts_of(chart(Entry(id="3", kind="Observation", text="Weight loss", value=5.0, unit="kg"))).weight_kg is None
    )


def test_an_allergy_keeps_its_reaction() -> None:
    entry = Entry(id="1", kind="AllergyIntolerance", text="Penicillin G (reaction: anaphylaxis; severity: high)")
    (allergy,) = facts_of(chart(entry)).allergies
    assert (allergy.substance, allergy.reaction) == ("Penicillin G", "anaphylaxis")


def test_pregnancy_under_way_is_true_and_otherwise_not_said() -> None:
    assert facts_of(chart(Entry(id="1", kind="Condition", text="Pregnancy, 20 weeks"))).pregnant is True
    assert facts_of(chart(Entry(id="1", kind="Condition", text="Asthma"))).pregnant is None


def test_a_chart_and_a_question_tell_of_one_person() -> None:
    told = as_facts(Person(sex="female"), Person(age_years=30, medicines=(Known("warfarin"), Known("warfarin"))))
    assert (told.age_years, told.sex, told.medications) == (30, "female", ("warfarin",))


LOINC = "http://loinc.org"
IN_BLOOD = {"system": LOINC, "code": "2823-3", "display": "Potassium [Moles/volume] in Serum or Plasma"}
IN_URINE = {"system": LOINC, "code": "2828-2", "display": "Potassium [Moles/volume] in Urine"}
SIX = {"value": 6.2, "unit": "mmol/L"}


def sent(code: dict[str, Any], **more: Any) -> dict[str, float]:
    """What rules know of one Observation that a record system sent."""
    measured = {"resourceType": "Observation", "id": "o", "status": "final", "subject": {"reference": "Patient/1"}}
    resources = [{"resourceType": "Patient", "id": "1"}, {**measured, "code": code, **more}]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}
    (chart,) = (one for one in read_resource(bundle, "sent") if isinstance(one, RawChart))
    return values(facts_of_raw(chart).labs)


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ({"text": "Potassium"}, {"valueQuantity": SIX}),
        ({"text": "血钾"}, {"valueQuantity": SIX}),
        ({"coding": [IN_BLOOD]}, {"valueQuantity": SIX}),
        ({"coding": [{"system": LOINC, "code": "2823-3"}]}, {"valueQuantity": SIX}),
        ({"text": "Kalium (P)", "coding": [IN_BLOOD]}, {"valueQuantity": {**SIX, "value": 6.20}}),
        ({"text": "K"}, {"valueQuantity": {"value": 6.2, "code": "meq/L"}}),
        ({"text": "Potassium"}, {"valueString": "6.2 mmol/L"}),
        ({"text": "Potassium"}, {"valueQuantity": {**SIX, "comparator": ">"}}),
        ({"text": "Potassium"}, {"valueQuantity": SIX, "referenceRange": [{"text": "3.5 - 5.1"}]}),
        ({"text": "Potassium"}, {"valueQuantity": SIX, "interpretation": [{"text": "High"}]}),
    ],
)
def test_a_value_that_a_record_system_sends_is_known_to_the_rules(code: dict[str, Any], value: dict[str, Any]) -> None:
    assert sent(code, **value) == {"potassium": 6.2}


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ({"text": "Potassium", "coding": [IN_URINE]}, {"valueQuantity": SIX}),
        ({"text": "Potassium"}, {"valueString": "3.5 - 6.2 mmol/L"}),
        ({"text": "Potassium"}, {"valueQuantity": SIX, "status": "entered-in-error"}),
        ({"text": "CA 19-9"}, {"valueQuantity": {"value": 35, "unit": "U/mL"}}),
    ],
)
def test_what_is_no_potassium_of_the_blood_is_none(code: dict[str, Any], value: dict[str, Any]) -> None:
    assert sent(code, **value) == {}


def test_a_comment_under_a_value_is_not_its_name() -> None:
    text = "K 6.2 mmol/L (reference: 3.5-5.1; flag: H)\nnote: haemolysed"
    entry = Entry(id="1", kind="Observation", text=text, value=6.2, unit="mmol/L")
    assert values(facts_of(chart(entry)).labs) == {"potassium": 6.2}


def test_units_are_understood_as_ucum_writes_them() -> None:
    filtered = {"value": 24, "unit": "mL/min/{1.73_m2}"}
    assert sent({"text": "eGFR"}, valueQuantity=filtered)["egfr"] == 24
    assert sent({"text": "INR"}, valueQuantity={"value": 6.1, "unit": "{INR}"}) == {"inr": 6.1}
    assert sent({"text": "Systolic blood pressure"}, valueQuantity={"value": 80, "unit": "mm[Hg]"})["systolic"] == 80


def test_values_of_one_name_belong_together_whatever_their_numbers() -> None:
    told = [(3.9, "2024-01-02"), (6.2, "2024-01-04")]
    entries = (
        Entry(id=t, kind="Observation", text=f"Potassium {v:.2f} mmol/L (flag: H)", value=v, unit="mmol/L", time=t)
        for v, t in reversed(told)
    )
    assert [(lab.name, lab.value) for lab in facts_of(chart(*entries)).labs] == [("Potassium", 3.9), ("Potassium", 6.2)]
