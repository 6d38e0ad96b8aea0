"""An emergency put off is one, one being treated is no news; a name leaks, a medicine's or a public number does not."""

from __future__ import annotations

import pytest

from bedside.guards import emergencies, identity
from bedside.types import Proposal


def asks(text: str, question: str = "") -> list[str]:
    return [one.asks for one in emergencies.GUARD.check(Proposal(text=text, question=question))]


@pytest.mark.parametrize(
    ("put_off", "treated"),
    [
        ("Glucose 1.8, unresponsive: a sandwich later.", "Glucose 1.8, unresponsive: 25 g dextrose IV now."),
        ("Potassium 7.1: repeat next month.", "Potassium 7.1: calcium gluconate and insulin-dextrose."),
        ("感染性休克：回家多喝水。", "感染性休克：立即液体复苏，收入重症监护。"),
        ("血糖1.8，昏迷：回家吃糖。", "血糖1.8，昏迷：50%葡萄糖40 ml静推。"),
    ],
)
def test_an_emergency_that_is_put_off_and_one_that_is_treated(put_off: str, treated: str) -> None:
    assert "emergency" in asks(put_off)
    assert set(asks(treated)) == {"allow"}


def test_an_emergency_in_the_question_is_one_whatever_is_proposed() -> None:
    assert "emergency" in asks("Admit, IV fluids.", "My husband collapsed and is not breathing.")
    assert "emergency" in asks("Call 120 now: crushing chest pain with sweating may be a heart attack.")


def found(text: str, *evidence: str) -> dict[str, str]:
    told = identity.GUARD.check(Proposal(text=text, evidence=evidence))
    return {one.rule.removeprefix("identity."): one.severity for one in told}


def test_a_full_name_or_a_number_leaks_and_a_lone_surname_is_only_told() -> None:
    assert found("Mr. Jonathan Whitfield should take metformin.") == {"name": "critical"}
    assert found("患者王建国，电话13812345678，应服用二甲双胍。") == {"name": "critical", "phone": "critical"}
    assert set(found("Dr Smith has reviewed the chart.").values()) == {"info"}


def test_medicines_and_emergency_numbers_are_no_identity() -> None:
    assert found("格列本脲5mg bid。") == {}
    assert found("请立即拨打120或12356。") == {}


def test_what_the_evidence_says_already_may_be_said_again() -> None:
    text = "Call the line on 415-555-0138."
    assert found(text) == {"phone": "critical"}
    assert found(text, "The public line is 415-555-0138.") == {}
