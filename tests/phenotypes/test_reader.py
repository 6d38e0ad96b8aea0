"""Findings of a story by name and number: what is read, what is left alone, and what age and sex change."""

from __future__ import annotations

import pytest

from bedside.phenotypes._match_en import EnglishNames, tables
from bedside.phenotypes._match_zh import ChineseNames, keys_of
from bedside.phenotypes._numbers import numbers
from bedside.phenotypes._patient import Patient, patient_of
from bedside.phenotypes._ranges import ranges
from bedside.phenotypes.reader import Reader


def labels(reader: Reader, text: str) -> list[str]:
    return [one.label for one in reader.read(text) if one.present]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("He is anaemic.", "Anemia"),
        ("Two fits today.", "Seizure"),
        ("The liver was enlarged.", "Hepatomegaly"),
        ("An abnormal kidney.", "Abnormality of the kidney"),
        ("Renal anomalies.", "Abnormality of the kidney"),
        ("ASD2 on echo.", "Atrial septal defect"),
        ("脾脏肿大。", "Splenomegaly"),
        ("反复抽风。", "Seizure"),
        ("高烧不退。", "Fever"),
    ],
)
def test_a_finding_is_read_in_other_words(reader: Reader, text: str, label: str) -> None:
    assert labels(reader, text) == [label]


@pytest.mark.parametrize("text", ["A man.", "asd2", "Autosomal dominant inheritance.", "The kidney.", "男性，体健。"])
def test_words_that_only_look_like_a_finding_are_left_alone(reader: Reader, text: str) -> None:
    assert labels(reader, text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("尿中带血。", "Hematuria"),
        ("血尿3天。", "Hematuria"),
        ("血尿酸正常。", None),
        ("转高血压科。", None),
        ("最高血压110/70mmHg。", None),
        ("服抗癫痫药。", None),
        ("偏头痛发作。", "Migraine"),
        ("头痛发作。", "Headache"),
        ("贫血。", "Anemia"),
    ],
)
def test_words_that_hold_a_name_are_not_that_finding(text: str, found: str | None) -> None:
    names = ["Hematuria", "Hypertension", "Seizure", "Migraine", "Headache", "Anemia", "Mild anemia"]
    said = ["血尿|尿中带血", "高血压", "癫痫", "偏头痛", "头痛", "贫血", "轻度贫血"]
    rows = [(0, len(names) - term, one) for term, many in enumerate(said) for one in many.split("|")]
    hits = ChineseNames(keys_of(rows)).find(text)
    assert [names[len(names) - hit.term] for hit in hits] == ([found] if found else [])


def test_a_noun_is_shared_across_and_but_not_across_a_comma() -> None:
    made = tables([(0, 1, "Wrist pain"), (0, 2, "Bone pain")])
    names = EnglishNames(made.keys, made.short, made.alone)
    assert [hit.term for hit in names.find("Wrist and bone pain.")] == [1, 2]
    assert [hit.term for hit in names.find("Widened wrists, and bone pain.")] == [2]


def test_an_adjective_of_two_organs_is_said_of_both(reader: Reader) -> None:
    assert set(labels(reader, "Enlarged liver and spleen.")) >= {"Hepatomegaly"}


def test_places_are_code_points_of_the_text(reader: Reader) -> None:
    text = "🙂 患儿发热，no fever."
    assert [text[one.start : one.end] for one in reader.read(text)] == ["发热", "fever"]


def test_full_width_letters_and_figures_say_what_narrow_ones_say_at_the_same_places(reader: Reader) -> None:
    narrow, wide = "体温39.2℃，血红蛋白70g/L，否认HIV感染", "体温３９．２℃，血红蛋白７０ｇ／Ｌ，否认ＨＩＶ感染"
    assert reader.read(wide) == reader.read(narrow)
    assert {"Fever", "Anemia"} <= {*labels(reader, wide)}


def test_what_is_denied_or_a_relatives_is_not_present(reader: Reader) -> None:
    denied, kin = reader.read("No fever. Her father has diabetes.")
    assert (denied.excluded, denied.present) == (True, False)
    assert (kin.excluded, kin.present) == (False, False)


@pytest.mark.parametrize(
    ("text", "patient", "found"),
    [
        ("Hb 70 g/L", Patient(40, "male"), ["HP:0001903"]),
        ("Hb 7.0 g/dL", Patient(40, "male"), ["HP:0001903"]),
        ("血红蛋白70g/L", Patient(40, "male"), ["HP:0001903"]),
        ("Hb 125 g/L", Patient(40, "male"), ["HP:0001903"]),
        ("Hb 125 g/L", Patient(40, "female"), []),
        ("Hb 125 g/L", Patient(40), []),
        ("Hb 112 g/L", Patient(3), []),
        ("heart rate 130/min", Patient(0.3), []),
        ("心率130次/分", Patient(30), ["HP:0001649"]),
        ("体温39.2℃", Patient(), ["HP:0001945"]),
        ("体温36.8℃", Patient(), []),
        ("Temp 102.6 F", Patient(), ["HP:0001945"]),
        ("height -3 SD", Patient(), ["HP:0004322"]),
        ("身高 −1 SD", Patient(), []),
        ("BP 120/95 mmHg", Patient(50), ["HP:0000822"]),
        ("BP 120/75 mmHg", Patient(50), []),
        ("potassium on 12/11", Patient(50), []),
        ("uric acid 8.9 mg/dL", Patient(40), ["HP:0002149"]),
        ("血尿酸 560 μmol/L", Patient(40), ["HP:0002149"]),
        ("uric acid 0.3 mmol/L", Patient(40), []),
        ("ferritin 13 ng/mL", Patient(30), ["HP:0012343"]),
        ("ferritin 13 ng/mL", Patient(3), []),
    ],
)
def test_a_number_is_a_finding_outside_what_is_normal(text: str, patient: Patient, found: list[str]) -> None:
    assert [one.id for one in numbers(text, patient)] == found


def test_every_range_names_its_source_and_year_and_its_bounds_are_in_order() -> None:
    for row in ranges():
        assert any(char.isdigit() for char in row.source) or "Merck" in row.source
        assert row.low is None or row.high is None or row.low < row.high
        assert row.low is None or row.below
        assert row.high is None or row.above or row.quantity == "haemoglobin"


def test_a_verified_bound_is_one_that_the_row_has() -> None:
    for row in ranges():
        assert set(row.verified) <= {name for name in ("low", "high") if getattr(row, name) is not None}
    assert 0 < sum(bool(row.verified) for row in ranges()) < len(ranges())


def test_age_and_sex_are_read_from_the_story() -> None:
    assert patient_of("A 55-year-old man") == Patient(55, "male")
    assert patient_of("女，8月龄") == Patient(8 / 12, "female")
    assert patient_of("体健") == Patient(None, None)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Your first problem is the knee.", []),
        ("She has a problem with concentration.", ["Diminished ability to concentrate"]),
        ("无尿频、尿急。", []),
        ("无尿2天。", ["Anuria"]),
        ("肝大小正常。", []),
        ("肝大。", ["Hepatomegaly"]),
        ("乙肝大三阳10年。", []),
        ("双侧输尿管未见异常。", []),
        ("双输尿管。", ["Ureteral duplication"]),
        ("I tried to catch my fall while sleeping.", []),
        ("He falls often and is sleepy.", ["Frequent falls", "Drowsiness"]),
    ],
)
def test_part_of_a_name_is_not_the_name(text: str, names: list[str], reader: Reader) -> None:
    assert [one.label for one in reader.read(text) if one.present] == names


@pytest.mark.parametrize(
    ("other", "blood", "found"),
    [
        ("糖化血红蛋白：9.6 %", "血红蛋白：96 g/L", "HP:0001903"),
        ("Glycated hemoglobin 6.5%", "Hemoglobin 6.5", "HP:0001903"),
        ("尿常规：白细胞 12/HP", "血常规：白细胞 12×10^9/L", "HP:0001974"),
        ("CSF WBC 120", "WBC 120", "HP:0001974"),
        ("腹水白蛋白 12 g/L", "白蛋白 12 g/L", "HP:0003073"),
        ("24小时尿钠 150 mmol", "血钠 150 mmol/L", "HP:0003228"),
        ("尿常规 WBC 1～2个/HP", "尿常规正常。血常规 WBC 1.2", "HP:0001882"),
    ],
)
def test_a_value_of_another_fluid_or_thing_is_none_of_blood(other: str, blood: str, found: str) -> None:
    patient = Patient(40, "female")
    assert found not in [one.id for one in numbers(other, patient)]
    assert [one.id for one in numbers(blood, patient)] == [found]


def test_a_size_that_begins_the_next_word_is_none_of_the_word_before() -> None:
    names = ChineseNames(keys_of([(0, 0, "手小"), (0, 1, "脚大")]))
    said = ["双手小关节肿痛", "手小，脚大", "右脚大脚趾红肿"]
    assert [[one.term for one in names.find(one)] for one in said] == [[], [0, 1], []]
