"""Runs the cases that each rule brings along: it must speak at its `yes` and be silent at its `no`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bedside.rules.context import Context, context_of
from bedside.rules.rule import Case, Rule


@dataclass(frozen=True, slots=True)
class Tried:
    """A case of a rule, counted from 1 among its own, and whether the rule spoke; None where it could not be asked."""

    rule: Rule
    case: Case
    number: int
    spoke: bool | None

    @property
    def passed(self) -> bool:
        """Did the rule do what the case asks?"""
        return self.spoke is self.case.fires


def try_cases(rules: Iterable[Rule]) -> Iterator[Tried]:
    """Each case of each rule, tried.

    >>> from bedside.rules import shipped
    >>> all(one.passed for one in try_cases(shipped()[:3]))
    True
    """
    for rule in rules:
        for number, case in enumerate(rule.cases, 1):
            yield Tried(rule, case, number, _spoke(rule, context_of(case.proposal)))


def _spoke(rule: Rule, context: Context) -> bool | None:
    """By the same road as the guard: a rule whose needs are not there is not asked."""
    if any(needed.isdisjoint(context.keys) for needed in rule.when.needs):
        return False
    try:
        return rule.when.holds(context.values)
    except Exception:  # not swallowed: None is a case that failed, and the table says that the rule could not be asked
        return None
