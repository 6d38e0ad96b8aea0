"""The shipped rules on medicines: each does what its own cases ask, and together they cover what was promised."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from bedside.rules import shipped
from bedside.rules.cases import try_cases
from bedside.rules.engine import RuleSet
from bedside.rules.rule import Rule
from bedside.types.verdict import Allergy, Facts, Lab, Proposal, verdict

KINDS = [
    "allergy",
    "interaction",
    "renal",
    "hepatic",
    "pregnancy",
    "lactation",
    "paediatric",
    "geriatric",
    "qt",
    "duplicate",
    "dose",
    "disease",
]


@cache
def medicine_rules() -> tuple[Rule, ...]:
    return tuple(rule for rule in shipped() if rule.file.startswith("bedside:drug_"))


@cache
def rule_set() -> RuleSet:
    return RuleSet(shipped())


def outcome(proposal: str, lang: str = "en", **facts: object) -> str:
    told = Proposal(text=proposal, lang=lang, facts=Facts(**facts))  # type: ignore[arg-type]
    return verdict(rule_set().check(told)).outcome


@pytest.mark.parametrize("kind", KINDS)
def test_each_rule_does_what_its_own_cases_ask(kind: str) -> None:
    wrong = [
        f"{one.rule.id} {one.number}: {one.case.proposal.text}"
        for one in try_cases(rule for rule in medicine_rules() if rule.kind == kind)
        if not one.passed
    ]
    assert wrong == []


def test_each_rule_has_cases_of_both_kinds_in_both_languages() -> None:
    for rule in medicine_rules():
        assert {case.fires for case in rule.cases} == {True, False}, rule.id
        assert {case.proposal.lang for case in rule.cases} == {"en", "zh"}, rule.id


def test_no_gap_of_a_table_is_left_in_what_a_reader_sees() -> None:
    for rule in medicine_rules():
        seen = f"{rule.title.en}{rule.title.zh}{rule.reason.en}{rule.reason.zh}"
        left = [
            gap for gap in ("{en", "{zh", "{a_", "{b_", "{why", "{c}", "{limit", "{shown", "{danger") if gap in seen
        ]
        assert left == [], rule.id


def test_there_are_as_many_as_the_docs_say() -> None:
    count = Counter(rule.kind for rule in medicine_rules())
    assert count["interaction"] >= 200
    assert count["dose"] >= 180
    assert sum(count.values()) >= 800


@pytest.mark.parametrize(
    ("reaction", "expected"), [("mild rash", "warn"), ("anaphylaxis", "block"), ("nausea", "allow")]
)
def test_how_grave_the_reaction_was_decides_on_cefalexin_after_amoxicillin(reaction: str, expected: str) -> None:
    assert outcome("Cefalexin 500 mg qid.", allergies=[Allergy("amoxicillin", reaction)]) == expected


@pytest.mark.parametrize(("egfr", "expected"), [(25.0, "block"), (40.0, "warn"), (90.0, "allow")])
def test_metformin_by_egfr(egfr: float, expected: str) -> None:
    labs = [Lab("eGFR", egfr, "mL/min/1.73m2")]
    assert outcome("Start metformin 500 mg twice daily.", labs=labs) == expected
    assert outcome("加用二甲双胍0.5g bid。", "zh", labs=labs) == expected


@pytest.mark.parametrize(("age", "expected"), [(8.0, "block"), (40.0, "allow"), (None, "allow")])
def test_an_age_that_nobody_said_stops_nothing(age: float | None, expected: str) -> None:
    assert outcome("Aspirin 300 mg for the fever.", age_years=age) == expected


def test_a_gel_is_not_a_tablet() -> None:
    taken = ["Losartan 50 mg daily"]
    assert outcome("Diclofenac 1% gel to the knee.", medications=taken) == "allow"
    assert outcome("Diclofenac 75 mg twice daily.", medications=taken) == "warn"


def test_a_medicine_that_is_stopped_no_longer_interacts() -> None:
    taken = ["Warfarin 5 mg daily"]
    assert outcome("Stop warfarin. Start apixaban 5 mg bid.", medications=taken) == "allow"
    assert outcome("Start apixaban 5 mg bid.", medications=taken) == "block"


def test_tablets_of_a_product_count_by_what_is_in_them() -> None:
    assert outcome("Percocet two tablets every 4 hours.") == "allow"
    assert outcome("Percocet four tablets every 4 hours.") == "block"


def test_a_second_mention_without_a_dose_does_not_hide_the_first() -> None:
    assert outcome("Acetaminophen 2 g q6h. Take acetaminophen with water.") == "block"


@pytest.mark.parametrize(
    ("lang", "too_much", "usual"),
    [
        ("en", "Colchicine 1 mg every hour until relief, up to 12 mg a day.", "Colchicine 0.5 mg three times daily."),
        ("en", "Colchicine 0.5 mg hourly until relief or diarrhoea.", "Colchicine 1 mg, then 0.5 mg after an hour."),
        ("zh", "秋水仙碱每小时1mg，直至疼痛缓解或腹泻，24小时可达12mg。", "秋水仙碱0.5mg，每日三次。"),
        ("zh", "秋水仙碱1mg，每小时一次，至疼痛缓解。", "秋水仙碱首剂1mg，1小时后0.5mg。"),
    ],
)
def test_a_dose_every_hour_is_one_of_the_whole_day(lang: str, too_much: str, usual: str) -> None:
    assert outcome(too_much, lang, age_years=55) == "block"
    assert outcome(usual, lang, age_years=55) == "allow"
