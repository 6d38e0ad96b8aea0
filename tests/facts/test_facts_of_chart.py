"""The facts of a chart: what it says now, the values in time, allergies with what they did."""

from __future__ import annotations

from bedside.facts.of_chart import facts_of
from bedside.facts.of_person import as_facts
from bedside.facts.person import Known, Person
from bedside.rules.labs import values
from bedside.types import Chart, Code, DeidReport, Entry


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
