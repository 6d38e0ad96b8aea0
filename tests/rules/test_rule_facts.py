"""What a chart's words mean to a rule: values in any unit, conditions in two languages, kidneys, allergies, persons."""

from __future__ import annotations

import math

import pytest

from bedside.rules import kidney
from bedside.rules._allergies import _says as reaction_says
from bedside.rules._allergies import allergies, read_reactions
from bedside.rules.conditions import named
from bedside.rules.context import context_of
from bedside.rules.labs import told, values
from bedside.types.verdict import Allergy, Facts, Lab, Proposal


@pytest.mark.parametrize(
    ("name", "value", "unit", "id", "standard"),
    [
        ("Creatinine", 2.0, "mg/dL", "creatinine", 176.8),
        ("血肌酐", 177, "µmol/L", "creatinine", 177),
        ("Glucose", 90, "mg/dL", "glucose", 4.995),
        ("空腹血糖", "5.0 mmol/L", "", "glucose", 5.0),
        ("Hemoglobin", 7.2, "g/dL", "hemoglobin", 72),
        ("血红蛋白", 72, "g/L", "hemoglobin", 72),
        ("PLT", 45000, "/uL", "platelets", 45),
        ("血小板计数", 45, "×10⁹/L", "platelets", 45),
        ("Calcium", 14.0, "mg/dL", "calcium", 3.493),
        ("hs-cTnT", 0.052, "ng/mL", "troponin", 52),
        ("K+", "6.8", "mEq/L", "potassium", 6.8),
        ("INR", 3.1, "", "inr", 3.1),
        ("SpO2", 91, "%", "spo2", 91),
    ],
)
def test_a_value_is_known_by_either_name_and_unit(
    name: str, value: float | str, unit: str, id: str, standard: float
) -> None:
    assert values([Lab(name, value, unit)])[id] == pytest.approx(standard, rel=1e-3)


@pytest.mark.parametrize(
    ("name", "value", "unit"),
    [
        ("Potassium", 6.8, "mg/dL"),
        ("Creatinine", 1.2, ""),
        ("Glucose", 6, ""),
        ("Urine potassium", 60, "mmol/L"),
        ("尿钾", 60, "mmol/L"),
        ("Potassium", 68, "mmol/L"),
        ("Potassium", "haemolysed", "mmol/L"),
        ("Creatine kinase", 2, "mg/dL"),
    ],
)
def test_a_value_that_cannot_be_is_unknown(name: str, value: float | str, unit: str) -> None:
    assert values([Lab(name, value, unit)]) == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Serum potassium is 6.9 mmol/L.", {"potassium": 6.9}),
        ("血钾7.1mmol/L", {"potassium": 7.1}),
        ("vitamin K 2 mg by mouth", {}),
        ("potassium 10 mmol IV", {}),
        ("Keep potassium 4-5 mmol/L", {}),
        ("if potassium 6.5 mmol/L or more", {}),
        ("目标INR 2.5", {}),
    ],
)
def test_a_sentence_states_values_but_not_targets_or_doses(text: str, found: dict[str, float]) -> None:
    assert told(text) == found


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("CKD stage 4", {"ckd_4", "ckd", "renal_severe", "renal_impairment"}),
        ("慢性肾脏病4期", {"ckd_4", "ckd", "renal_severe", "renal_impairment"}),
        ("No history of asthma", set()),
        ("否认哮喘病史", set()),
        ("Father: epilepsy", set()),
        ("母亲有癫痫", set()),
        ("stroke ruled out", set()),
        ("AF", {"atrial_fibrillation", "arrhythmia"}),
        ("as far as known", set()),
        ("28 weeks pregnant", {"trimester_3", "pregnancy"}),
        ("孕10周", {"trimester_1", "pregnancy"}),
        ("not pregnant", set()),
        ("避孕", set()),
        ("pacemaker, not MRI conditional", {"pacemaker", "cardiac_device", "mri_unsafe"}),
        ("MRI-conditional pacemaker", {"pacemaker", "cardiac_device", "mri_conditional"}),
    ],
)
def test_conditions_are_named_unless_denied_or_anothers(text: str, ids: set[str]) -> None:
    assert named([text]) == ids


def by_the_paper(creatinine_mg_dl: float, age: float, female: bool) -> float:
    """CKD-EPI 2021 by cases of sex and creatinine, in logarithms."""
    kappa, slope = (0.7, -0.241) if female else (0.9, -0.302)
    slope = slope if creatinine_mg_dl <= kappa else -1.2
    logarithm = math.log(142) + slope * math.log(creatinine_mg_dl / kappa) + age * math.log(0.9938)
    return math.exp(logarithm + (math.log(1.012) if female else 0))


@pytest.mark.parametrize("female", [True, False])
@pytest.mark.parametrize("age", [18, 40, 65, 90])
@pytest.mark.parametrize("creatinine", [0.5, 0.7, 0.9, 1.2, 2.5, 8.0])
def test_egfr_is_that_of_ckd_epi_2021(creatinine: float, age: float, female: bool) -> None:
    assert kidney.egfr(creatinine * 88.4, age, female=female) == pytest.approx(by_the_paper(creatinine, age, female))


def test_kidney_function_is_worked_out_only_where_all_is_known() -> None:
    lab = Lab("Creatinine", 177, "umol/L")
    whole = Facts(age_years=70, sex="female", weight_kg=60, labs=[lab])
    known = context_of(Proposal(text="Rest.", facts=whole)).values
    assert known["egfr"] == pytest.approx(26.3, abs=0.2)
    assert known["crcl"] == pytest.approx((140 - 70) * 60 * 0.85 / (72 * 177 / 88.4), rel=1e-6)
    for missing in (
        Facts(sex="female", labs=[lab]),
        Facts(age_years=70, labs=[lab]),
        Facts(age_years=9, sex="male", labs=[lab]),
    ):
        assert context_of(Proposal(text="Rest.", facts=missing)).values["egfr"] is None


def test_an_allergy_is_grave_mild_or_none() -> None:
    facts = Facts(
        allergies=[Allergy("青霉素", "过敏性休克"), Allergy("sulfamethoxazole", "rash"), Allergy("codeine", "nausea")],
        conditions=["allergic rhinitis on loratadine", "latex allergy"],
    )
    found = allergies(facts)
    assert "penicillin" in found.allergic_severe
    assert "sulfonamide_antibiotic" in found.allergic - found.allergic_severe
    assert "codeine" in found.intolerant - found.allergic
    assert "latex" in found.allergic
    assert "loratadine" not in found.allergic


@pytest.mark.parametrize(
    "substance", ["Father allergic to penicillin", "No known drug allergies", "否认青霉素过敏", "NKDA"]
)
def test_an_allergy_of_another_or_none_at_all_does_not_count(substance: str) -> None:
    assert allergies(Facts(allergies=[Allergy(substance)])).allergic == frozenset()


def test_the_words_of_reactions_say_what_their_examples_say() -> None:
    for name, told_of in read_reactions().items():
        assert all(reaction_says(name, words) for words in told_of["yes"]), name
        assert not any(reaction_says(name, words) for words in told_of["no"]), name


def test_a_relatives_sex_is_not_the_patients() -> None:
    assert context_of(Proposal(text="This 45-year-old man is well.")).values["sex"] == "male"
    assert context_of(Proposal(text="患者女，30岁。", lang="zh")).values["sex"] == "female"
    assert context_of(Proposal(text="Her father is a man of 70 years.")).values["sex"] is None
