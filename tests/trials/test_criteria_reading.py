"""What a criterion asks for, in pairs that differ in one word, in both languages."""

from __future__ import annotations

import pytest
from by_hand import rest, told

from bedside.trials.criteria import CriteriaReader, criteria_of
from bedside.trials.criterion import Side

READER = CriteriaReader()


def read(text: str, side: Side = "include") -> tuple[str, ...]:
    return told(READER.read(text, side))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("history of stroke", "no history of stroke"),
        ("diabetes", "free of diabetes"),
        ("有脑卒中病史", "无脑卒中病史"),
        ("合并糖尿病", "未合并糖尿病"),
        ("HIV抗体阳性", "HIV抗体阴性"),
    ],
)
def test_a_denied_disease_is_asked_to_be_absent(one: str, other: str) -> None:
    (present,), (absent,) = read(one), read(other)
    assert present.replace("+", "-") == absent


def test_neither_of_two_denied_diseases_may_be_there_but_one_of_two_is_enough() -> None:
    assert len(read("no stroke or asthma")) == len(read("无脑卒中或哮喘")) == 2
    assert len(read("stroke or asthma")) == len(read("脑卒中或哮喘")) == 1


@pytest.mark.parametrize("text", ["脑卒中、哮喘", "stroke, asthma"])
def test_any_of_a_list_excludes(text: str) -> None:
    assert read(text, "exclude") == ("diagnosis +asthma | diagnosis +stroke",)


def test_18_and_above_takes_18_in_where_it_includes_and_leaves_it_out_where_it_excludes() -> None:
    assert read("年龄65岁以上") == ("age >= 65",)
    assert read("年龄65岁以上", "exclude") == ("age > 65",)
    assert read("年龄65岁及以上", "exclude") == ("age >= 65",)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("platelets at least 100 x 10^9/L", "measurement platelets >= 100 10^9/L"),
        ("platelets no more than 100 x 10^9/L", "measurement platelets <= 100 10^9/L"),
        ("platelets 100,000/mm3 or more", "measurement platelets >= 100000 /uL"),
        ("血小板不低于100×10⁹/L", "measurement platelets >= 100 10^9/L"),
        ("血小板低于100×10^9/L", "measurement platelets < 100 10^9/L"),
        ("血小板≧100×109/L", "measurement platelets >= 100 10^9/L"),
        ("ALT within normal limits", None),
        ("ALT > ULN", "measurement alanine aminotransferase > 1 xULN"),
        ("ALT高于正常值上限的2倍", "measurement alanine aminotransferase > 2 xULN"),
        ("ALT>2倍正常值上限", "measurement alanine aminotransferase > 2 xULN"),
        ("BMI 18.5～24kg/m²", "measurement body mass index 18.5..24 kg/m2"),
        ("18.5≤BMI≤24", "measurement body mass index 18.5..24"),
    ],
)
def test_comparators_units_and_multiples_in_words_and_signs(text: str, wanted: str | None) -> None:
    said = read(text)
    expected = (
        (wanted,)
        if wanted
        else (
            "measurement alanine aminotransferase <= 1 xULN",
            "measurement alanine aminotransferase >= 1 xLLN",
        )
    )
    assert said == expected


def test_either_pressure_too_high_excludes_but_both_must_be_low_to_include() -> None:
    assert len(read("blood pressure ≥ 160/100 mmHg", "exclude")) == 1
    assert len(read("血压<140/90mmHg")) == 2


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("stroke within 6 months before enrolment", "<183d"),
        ("stroke in the past year", "<365d"),
        ("近6个月内有脑卒中", "<183d"),
        ("半年内发生脑卒中", "<183d"),
        ("stroke more than 6 months ago", ""),
        ("预计6个月内手术", ""),
    ],
)
def test_a_window_is_before_today_and_what_is_to_come_is_none(text: str, days: str) -> None:
    (group,) = read(text, "exclude")
    assert group.endswith(days or group[-1])
    assert ("<" in group) == bool(days)
    assert bool(rest(READER.read(text, "exclude"))) == (not days)


@pytest.mark.parametrize(
    ("plain", "narrowed", "word"),
    [
        ("hypertension", "uncontrolled hypertension", "uncontrolled"),
        ("高血压", "未控制的高血压", "uncontrolled"),
        ("asthma", "severe asthma", "severe"),
        ("哮喘", "重度哮喘", "severe"),
    ],
)
def test_a_word_that_narrows_a_disease_is_told_with_it(plain: str, narrowed: str, word: str) -> None:
    one, other = READER.read(plain, "exclude").groups[0][0], READER.read(narrowed, "exclude").groups[0][0]
    assert (one.qualifiers, other.qualifiers) == ((), (word,))
    assert one.codes == other.codes


def test_an_exception_takes_out_of_an_exclusion_and_lets_into_an_inclusion() -> None:
    assert read("恶性肿瘤，基底细胞癌除外", "exclude") == ("diagnosis +malignancy", "diagnosis -basal cell carcinoma")
    assert read("No malignancy except basal cell carcinoma") == (
        "diagnosis +basal cell carcinoma | diagnosis -malignancy",
    )


def test_what_only_a_person_can_judge_is_said_not_to_be_computed() -> None:
    for text in (
        "Severe asthma in the opinion of the investigator",
        "研究者认为有严重哮喘",
        "family history of asthma",
        "愿意接受手术",
    ):
        said = READER.read(text, "exclude")
        assert said.groups == ()
        assert rest(said) == [text]


def test_a_bound_for_some_only_is_not_asked_of_all() -> None:
    assert read("ALT ≤ 2.5 x ULN") == ("measurement alanine aminotransferase <= 2.5 xULN",)
    said = READER.read("ALT ≤ 2.5 x ULN (≤ 5 x ULN if liver metastases)", "include")
    assert said.groups == ()


@pytest.mark.parametrize(
    "text",
    [
        "Inclusion Criteria:\n\n* Age 18 years or older\n* Stroke\n\nExclusion Criteria:\n\n* Asthma",
        "Inclusion Criteria: 1. Age 18 years or older 2. Stroke Exclusion Criteria: 1. Asthma",
        "入选标准：（1）年龄≥18岁；（2）脑卒中。排除标准：（1）哮喘。",
        "一、纳入标准\n1. 年龄≥18岁\n2. 脑卒中\n二、排除标准\n1. 哮喘",
        "入选标准：年龄≥18岁；脑卒中。\n排除标准：哮喘。",
    ],
)
def test_a_text_is_cut_into_its_criteria_however_it_is_written(text: str) -> None:
    said = list(criteria_of(text, trial="T", with_=READER))
    assert [(one.id, one.side, told(one)) for one in said] == [
        ("T#1", "include", ("age >= 18",)),
        ("T#2", "include", ("diagnosis +stroke",)),
        ("T#3", "exclude", ("diagnosis +asthma",)),
    ]
    assert all(one.text in text for one in said)


def test_a_nested_list_stays_with_what_introduces_it() -> None:
    text = "Inclusion Criteria:\n* One of the following:\n  * asthma\n  * stroke\n* Age 18 or older"
    first, second = criteria_of(text, with_=READER)
    assert told(first) == ("diagnosis +asthma | diagnosis +stroke",)
    assert told(second) == ("age >= 18",)


def test_a_number_before_an_age_is_the_number_of_the_criterion() -> None:
    assert read("1.18～75岁") == ("age 18..75",)
    assert read("2、60岁以上") == ("age >= 60",)
