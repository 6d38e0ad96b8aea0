"""Rules asked of a proposal: none that holds is skipped, one that cannot be asked is told, reasons in two languages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bedside.guards.rules import GUARD
from bedside.rules import RuleSet, shipped, try_cases
from bedside.rules.context import context_of
from bedside.types.verdict import Facts, Lab, Proposal, verdict

OURS = [rule for rule in shipped() if not rule.file.startswith("bedside:drug_")]
DANGER = Proposal(text="Discharge home.", facts=Facts(labs=[Lab("K", 6.9, "mmol/L")]))


def test_every_rule_does_what_its_own_cases_ask() -> None:
    failed = [(one.rule.id, one.number) for one in try_cases(OURS) if not one.passed]
    assert failed == []


def test_every_rule_has_cases_of_both_languages() -> None:
    lacking = [rule.id for rule in OURS if {case.proposal.lang for case in rule.cases} != {"en", "zh"}]
    assert lacking == []


def test_filing_hides_no_rule_that_holds() -> None:
    rules = RuleSet(OURS)
    for rule in OURS:
        for case in rule.cases:
            context = context_of(case.proposal)
            holding = {one.id for one in OURS if one.when.holds(context.values)}
            assert holding <= {one.id for one in rules.candidates(context)}


def test_a_rule_that_cannot_be_worked_out_is_told_and_never_silent() -> None:
    class Broken:
        def evaluate(self, _: dict[str, Any]) -> bool:
            raise RuntimeError("stack")

    (rule,) = (one for one in OURS if one.id == "lab.potassium-high-dismissed")
    broken = replace(rule, when=replace(rule.when, compiled=Broken()))
    (finding,) = RuleSet([broken]).check(DANGER)
    assert finding.severity == "warning"
    assert "could not be checked" in finding.reason
    (tried, *_) = try_cases([broken])
    assert tried.spoke is None
    assert not tried.passed


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "High potassium (6.9 mmol/L) needs treatment"), ("zh", "高血钾（6.9 mmol/L）需要立即处理")],
)
def test_the_reason_is_in_the_language_of_the_proposal(lang: Any, words: str) -> None:
    (finding,) = GUARD.check(replace(DANGER, lang=lang))
    assert words in finding.reason
    assert finding.source.endswith("(2023)")


def test_a_chinese_reader_of_an_english_order_is_told_why_in_chinese() -> None:
    (finding,) = GUARD.check(replace(DANGER, lang="en", reader="zh"))
    assert "高血钾（6.9 mmol/L）需要立即处理" in finding.reason


def test_a_finding_points_at_the_words_of_the_proposal() -> None:
    (finding,) = GUARD.check(DANGER)
    assert [DANGER.text[span.start : span.end] for span in finding.spans] == ["Discharge home"]


@pytest.mark.parametrize(
    ("text", "facts", "outcome"),
    [
        ("A prescription was issued automatically; no doctor needs to review it.", Facts(), "out_of_scope"),
        ("The patient says she is going to kill herself.", Facts(), "emergency"),
        ("Give IV calcium gluconate at once.", DANGER.facts, "allow"),
        ("Rest and drink.", Facts(), "allow"),
    ],
)
def test_what_becomes_of_a_proposal(text: str, facts: Facts, outcome: str) -> None:
    assert verdict(list(GUARD.check(Proposal(text=text, facts=facts)))).outcome == outcome


def test_a_finding_shows_no_patient_text_in_its_repr() -> None:
    (finding,) = GUARD.check(DANGER)
    assert "6.9" not in repr(finding)
    assert "6.9" not in repr(context_of(DANGER))
