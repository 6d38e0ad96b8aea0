"""Criteria against charts: contrasting pairs in both languages, and laws that every verdict keeps."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.trials.criterion import Condition, Criterion
from bedside.trials.matching.chart_facts import read_facts
from bedside.trials.matching.found import Rules
from bedside.trials.matching.judge import Judge
from bedside.trials.matching.vocabulary import Vocabulary
from bedside.types import Chart, DeidReport, Entry

WORDS = Vocabulary()


def condition(kind, concept, op="present", **more):
    return Condition(kind=kind, concept=concept, op=op, start=0, end=1, **more)


def criterion(*groups, side="include", text="x", unparsed=()):
    made = tuple(group if isinstance(group, tuple) else (group,) for group in groups)
    return Criterion(id="c", trial="t", side=side, text=text, groups=made, unparsed=unparsed)


def chart(*texts, age=60.0, sex="female"):
    made = [
        one if isinstance(one, Entry) else Entry(id=f"e{n}", kind="DocumentReference", text=one)
        for n, one in enumerate(texts)
    ]
    return Chart(patient="p", sex=sex, age_years=age, entries=tuple(made), deid=DeidReport("p", "1"))


def judged(one, *texts, unmentioned="unknown", recent=365.0, **who):
    facts = read_facts(chart(*texts, **who), WORDS)
    return Judge(WORDS, Rules(unmentioned, recent)).judge(one, facts)


def verdict(one, *texts, **more):
    return judged(one, *texts, **more).verdict


LOW_EGFR = criterion(condition("measurement", "eGFR", "<", high=30.0, unit="mL/min/1.73m2"), side="exclude")
MI = condition("diagnosis", "myocardial infarction")
RECENT_STROKE = criterion(condition("diagnosis", "stroke", within_days=7.0), side="exclude")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("eGFR 29 mL/min/1.73 m2", "not met"),
        ("eGFR 31 mL/min/1.73 m2", "met"),
        ("eGFR 30 mL/min/1.73 m2", "met"),
        ("肾小球滤过率29 mL/min/1.73m2", "not met"),
        ("肾小球滤过率31 mL/min/1.73m2", "met"),
        ("The patient feels well.", "unknown"),
    ],
)
def test_a_kidney_function_of_29_excludes_and_31_does_not(text, wanted):
    assert verdict(LOW_EGFR, text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Stroke 6 days ago.", "not met"),
        ("Stroke 8 days ago.", "met"),
        ("6天前发生脑梗死。", "not met"),
        ("8天前发生脑梗死。", "met"),
        ("No stroke.", "met"),
        ("History of stroke.", "unknown"),
    ],
)
def test_a_stroke_of_six_days_ago_is_in_the_week_and_one_of_eight_is_not(text, wanted):
    assert verdict(RECENT_STROKE, text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Type 2 diabetes.", "met"),
        ("Her mother has type 2 diabetes.", "unknown"),
        ("其母患2型糖尿病。", "unknown"),
        ("患2型糖尿病10年。", "met"),
        ("No diabetes.", "not met"),
        ("无糖尿病。", "not met"),
        ("Diabetes.", "unknown"),
    ],
)
def test_the_mothers_diabetes_is_not_the_patients(text, wanted):
    assert verdict(criterion(condition("diagnosis", "type 2 diabetes")), text) == wanted


def test_a_denial_is_told_apart_from_silence():
    exclusion = criterion(MI, side="exclude")
    denied, silent = judged(exclusion, "No history of MI."), judged(exclusion, "Feels well.")
    assert (denied.verdict, denied.none_found, len(denied.evidence)) == ("met", False, 1)
    assert (silent.verdict, silent.none_found, silent.likely, silent.evidence) == ("unknown", True, "met", ())


def test_what_silence_means_is_the_users_choice():
    exclusion = criterion(MI, side="exclude")
    problem = Entry(id="a", kind="Condition", text="Asthma")
    assert [verdict(exclusion, problem, unmentioned=rule) for rule in ("unknown", "listed", "absent")] == [
        "unknown",
        "met",
        "met",
    ]
    assert [verdict(exclusion, "Asthma.", unmentioned=rule) for rule in ("listed", "absent")] == ["unknown", "met"]


def test_no_history_of_mi_as_an_inclusion():
    wanted = criterion(condition("diagnosis", "myocardial infarction", "absent"), text="No history of MI")
    assert [verdict(wanted, text) for text in ("No history of MI.", "MI in 2019.", "Well.")] == [
        "met",
        "not met",
        "unknown",
    ]


def test_an_exception_takes_a_harmless_cancer_out_of_what_excludes():
    exclusion = criterion(
        condition("diagnosis", "malignancy"), condition("diagnosis", "basal cell carcinoma", "absent"), side="exclude"
    )
    assert verdict(exclusion, "Basal cell carcinoma of the nose.") == "unknown"
    assert verdict(exclusion, "Breast cancer.") == "not met"
    assert verdict(exclusion, "Breast cancer. Basal cell carcinoma of the nose.") == "not met"


def test_severe_asthma_needs_the_chart_to_say_severe():
    exclusion = criterion(condition("diagnosis", "asthma", qualifiers=("severe",)), side="exclude")
    assert [verdict(exclusion, text) for text in ("Severe asthma.", "Asthma.", "No asthma.")] == [
        "not met",
        "unknown",
        "met",
    ]


def test_words_that_could_not_be_computed_keep_a_criterion_from_being_met():
    wanted = criterion(condition("diagnosis", "asthma"), unparsed=((0, 1),))
    assert [verdict(wanted, text) for text in ("Asthma.", "No asthma.")] == ["unknown", "not met"]
    assert judged(wanted, "Asthma.").likely == "met"


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        ("Metformin 500 MG (status: active)", "not met"),
        ("Metformin 500 MG (status: stopped)", "met"),
        ("Lisinopril 10 MG (status: active)", "unknown"),
    ],
)
def test_an_order_that_runs_is_current_use_and_one_that_was_stopped_is_not(entry, wanted):
    exclusion = criterion(condition("medicine", "antidiabetic", qualifiers=("current",)), side="exclude")
    order = Entry(id="m", kind="MedicationRequest", text=entry, time="2024-01-01")
    assert verdict(exclusion, order, Entry(id="v", kind="Encounter", time="2024-02-01")) == wanted


def test_a_value_counts_in_multiples_of_the_laboratorys_own_limit():
    wanted = criterion(condition("measurement", "alanine aminotransferase", "<=", high=2.5, times="ULN"))
    low = Entry(id="a", kind="Observation", text="ALT 70 U/L (reference 7 - 35 U/L)", value=70.0, unit="U/L")
    high = Entry(id="a", kind="Observation", text="ALT 90 U/L (reference 7 - 35 U/L)", value=90.0, unit="U/L")
    wide = Entry(id="a", kind="Observation", text="ALT 90 U/L (reference 7 - 50 U/L)", value=90.0, unit="U/L")
    assert [verdict(wanted, one) for one in (low, high, wide)] == ["met", "not met", "met"]


def test_the_latest_value_decides_and_an_old_one_does_not():
    wanted = criterion(condition("measurement", "haemoglobin", ">=", low=9.0, unit="g/dL"))
    old = Entry(id="a", kind="Observation", text="Hemoglobin 12 g/dL", value=12.0, unit="g/dL", time="2020-01-01")
    new = Entry(id="b", kind="Observation", text="Hemoglobin 8 g/dL", value=8.0, unit="g/dL", time="2024-01-01")
    visit = Entry(id="v", kind="Encounter", time="2024-01-10")
    assert [verdict(wanted, old, new), verdict(wanted, old, visit), verdict(wanted, old, visit, recent=4000.0)] == [
        "not met",
        "unknown",
        "met",
    ]


def test_a_kidney_function_is_worked_out_where_only_creatinine_is_known():
    assert verdict(LOW_EGFR, "Creatinine 0.9 mg/dL") == "met"
    assert verdict(LOW_EGFR, "Creatinine 4.2 mg/dL") == "not met"
    assert "eGFR" in judged(LOW_EGFR, "Creatinine 4.2 mg/dL").note


@pytest.mark.parametrize(
    ("who", "text", "wanted"),
    [
        ({"sex": "male"}, "Well.", "met"),
        ({"sex": "female", "age": 72.0}, "Well.", "met"),
        ({"sex": "female", "age": 30.0}, "Well.", "unknown"),
        ({"sex": "female", "age": 30.0}, "Pregnant, 20 weeks.", "not met"),
        ({"sex": "female", "age": 30.0}, "Pregnancy test negative.", "met"),
        ({"sex": "female", "age": 30.0}, "妊娠试验阴性。", "met"),
    ],
)
def test_pregnancy_excludes_only_whom_it_can_concern(who, text, wanted):
    assert verdict(criterion(condition("pregnancy", "pregnancy"), side="exclude"), text, **who) == wanted


def test_an_age_at_the_bound_is_within_and_ninety_is_a_class():
    wanted = criterion(condition("age", "age", "between", low=18.0, high=75.0, unit="years"))
    assert [verdict(wanted, age=age) for age in (17.0, 18.0, 75.0, 76.0)] == ["not met", "met", "met", "not met"]
    oldest = criterion(condition("age", "age", "<=", high=95.0, unit="years"))
    assert verdict(oldest, age=90.0) == "unknown"


VALUES = st.floats(5, 140, allow_nan=False)


@settings(deadline=None, max_examples=60)
@given(VALUES, VALUES, VALUES)
def test_a_wider_bound_never_fails_whom_a_narrower_one_takes(value, one, other):
    entry = Entry(id="a", kind="Observation", text="eGFR", value=value, unit="mL/min/1.73m2")
    low, high = sorted((one, other))
    strict = criterion(condition("measurement", "eGFR", ">=", low=high, unit="mL/min/1.73m2"))
    loose = criterion(condition("measurement", "eGFR", ">=", low=low, unit="mL/min/1.73m2"))
    order = {"not met": 0, "unknown": 1, "met": 2}
    assert order[verdict(strict, entry)] <= order[verdict(loose, entry)]


UNRELATED = [
    "Gout.",
    "Takes atorvastatin.",
    "Appendectomy in 1999.",
    "Potassium 4.1 mmol/L",
    "无发热。",
    "患痛风。",
    "Her father had asthma.",
]
ASKED = [
    criterion(condition("diagnosis", "type 2 diabetes")),
    criterion(MI, side="exclude"),
    criterion(condition("medicine", "warfarin"), side="exclude"),
    LOW_EGFR,
    criterion(condition("status", "ECOG", "<=", high=1.0)),
    criterion(condition("allergy", "penicillin"), side="exclude"),
]


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(ASKED), st.lists(st.sampled_from(UNRELATED), max_size=4))
def test_an_unrelated_entry_never_settles_what_is_unknown(one, texts):
    assert verdict(one, *texts) == "unknown"
