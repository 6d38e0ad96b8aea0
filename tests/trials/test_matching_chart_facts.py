"""What a chart says of what a trial asks: present, denied, a relative's, taken, stopped, measured, in two languages."""

from __future__ import annotations

import pytest

from bedside.trials.matching.chart_facts import read_facts
from bedside.trials.matching.vocabulary import Vocabulary
from bedside.types import Chart, Code, DeidReport, Entry

WORDS = Vocabulary()


def chart(*entries, age=60.0, sex="female"):
    made = [
        one if isinstance(one, Entry) else Entry(id=f"e{n}", kind="DocumentReference", text=one)
        for n, one in enumerate(entries)
    ]
    return Chart(patient="p", sex=sex, age_years=age, entries=tuple(made), deid=DeidReport("p", "1"))


def said(text, kind, concept):
    facts = read_facts(chart(text), WORDS)
    return facts.narrow.get(WORDS.number(kind, concept), [])


@pytest.mark.parametrize(
    ("text", "concept", "state"),
    [
        ("She has type 2 diabetes.", "diabetes mellitus", "present"),
        ("No history of MI.", "myocardial infarction", "denied"),
        ("She had an MI in the spring.", "myocardial infarction", "present"),
        ("Possible pulmonary embolism.", "pulmonary embolism", "possible"),
        ("否认心肌梗死病史。", "myocardial infarction", "denied"),
        ("患者有2型糖尿病。", "diabetes mellitus", "present"),
        ("Never smoker.", "smoking", "denied"),
        ("从不吸烟。", "smoking", "denied"),
    ],
)
def test_a_note_says_that_it_is_there_or_that_it_is_not(text, concept, state):
    assert {fact.state for fact in said(text, "diagnosis", concept)} == {state}


@pytest.mark.parametrize(
    "text",
    ["Her mother has diabetes.", "其母患糖尿病。", "Return if you have chest pain.", "Diabetes insipidus.", "尿崩症。"],
)
def test_a_relatives_disease_or_another_one_is_not_the_patients_diabetes(text):
    assert said(text, "diagnosis", "diabetes mellitus") == []


@pytest.mark.parametrize(
    ("text", "stopped"),
    [
        ("Takes warfarin 5 mg daily.", False),
        ("Warfarin was stopped in May.", True),
        ("口服华法林。", False),
        ("华法林已停用。", True),
    ],
)
def test_a_medicine_is_taken_or_was_stopped(text, stopped):
    (fact,) = said(text, "medicine", "anticoagulant")
    assert (fact.sort, fact.stopped) == ("taken", stopped)


@pytest.mark.parametrize("text", ["Allergic to penicillin.", "Allergies: penicillin", "对青霉素过敏。"])
def test_an_allergy_to_a_medicine_is_not_its_use(text):
    assert {fact.sort for fact in said(text, "medicine", "penicillin")} == {"allergy"}


@pytest.mark.parametrize(
    ("text", "concept", "value"),
    [
        ("eGFR 29 mL/min/1.73 m2", "eGFR", 29.0),
        ("Hb 9.1 g/dL", "haemoglobin", 91.0),
        ("血红蛋白91g/L", "haemoglobin", 91.0),
        ("Creatinine 1.0 mg/dL", "creatinine", 88.4),
        ("WBC 8,200/uL", "leukocytes", 8.2),
        ("血小板100×10^9/L", "platelets", 100.0),
        ("BP 150/92 mmHg", "diastolic pressure", 92.0),
        ("LVEF of 35%", "LVEF", 35.0),
    ],
)
def test_a_value_is_read_in_one_unit(text, concept, value):
    (fact,) = said(text, "measurement", concept)
    assert fact.value.low == fact.value.high == pytest.approx(value, rel=1e-3)


@pytest.mark.parametrize("text", ["Target HbA1c below 7 %.", "糖化血红蛋白目标控制在7%以下"])
def test_a_target_is_no_value(text):
    assert said(text, "measurement", "HbA1c") == []


def test_a_class_of_function_in_roman_numerals_is_read_and_a_range_is_kept_as_one():
    (one,) = said("NYHA class II-III", "status", "NYHA")
    (other,) = said("心功能Ⅲ级", "status", "NYHA")
    assert (tuple(one.value), tuple(other.value)) == ((2.0, 3.0), (3.0, 3.0))


def test_times_are_days_before_the_last_entry_and_weeks_ago_counts_from_the_note():
    old = Entry(id="a", kind="Condition", text="Stroke", time="2024-01-01")
    note = Entry(id="b", kind="DocumentReference", text="Pneumonia two weeks ago.", time="2024-03-01")
    last = Entry(id="c", kind="Encounter", time="2024-03-11")
    facts = read_facts(chart(old, note, last), WORDS)
    days = {name: facts.narrow[WORDS.number("diagnosis", name)][0].days for name in ("stroke", "pneumonia")}
    assert days == {"stroke": 70, "pneumonia": 24}


@pytest.mark.parametrize(
    ("code", "concept"),
    [
        (Code("http://snomed.info/sct", "44054006"), "type 2 diabetes"),
        (Code("http://hl7.org/fhir/sid/icd-10", "I21.4"), "myocardial infarction"),
        (Code("http://hl7.org/fhir/sid/icd-10", "C50.9"), "cancer"),
    ],
)
def test_a_code_says_it_without_words_and_for_what_is_wider(code, concept):
    facts = read_facts(chart(Entry(id="a", kind="Condition", text="", codes=(code,))), WORDS)
    assert WORDS.number("diagnosis", concept) in facts.narrow


def test_a_record_entered_in_error_says_nothing_and_a_refuted_one_denies():
    wrong = Entry(id="a", kind="Condition", text="Asthma (verification status: entered-in-error)")
    refuted = Entry(id="b", kind="Condition", text="not: Gout (verification status: refuted)")
    facts = read_facts(chart(wrong, refuted), WORDS)
    assert WORDS.number("diagnosis", "asthma") not in facts.narrow
    assert [one.state for one in facts.narrow[WORDS.number("diagnosis", "gout")]] == ["denied"]


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("A 28 yo female, appendectomy at age 8.", (28.0, 29.0)),
        ("Appendectomy at age 8.", None),
        ("患者男，58岁。", (58.0, 59.0)),
        ("患者58岁男性。", (58.0, 59.0)),
        ("Seen for review.", None),
    ],
)
def test_the_age_of_a_note_is_the_patients_now_not_that_of_an_operation(text, age):
    assert read_facts(chart(text, age=None, sex="unknown"), WORDS).age == age
