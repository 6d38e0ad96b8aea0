"""Which rules speak about a proposal: those that could, found by what it names, then asked one by one.

A rule is filed under the most telling set of ids that its condition needs; one that needs none is always asked. So the
work grows with what a proposal names, not with how many rules there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from bedside.lang import Lang, speaking, tr
from bedside.rules._expression import Key, best
from bedside.rules.context import Context, context_of
from bedside.rules.rule import Rule
from bedside.types.verdict import Finding, Proposal

_GAP = re.compile(r"\{([\w.]+)\}")


class RuleSet:
    """Rules to ask, filed by what they need.

    >>> from bedside.rules import shipped
    >>> from bedside.types.verdict import Facts, Lab
    >>> facts = Facts(labs=[Lab("K", 6.9, "mmol/L")])
    >>> [one.rule for one in RuleSet(shipped()).check(Proposal(text="Discharge home.", facts=facts))]
    ['lab.potassium-high-dismissed']
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._always: list[Rule] = []
        self._filed: dict[Key, list[Rule]] = {}
        for rule in self.rules:
            if not rule.when.needs:
                self._always.append(rule)
            for key in best(rule.when.needs) if rule.when.needs else ():
                self._filed.setdefault(key, []).append(rule)

    def check(self, proposal: Proposal) -> list[Finding]:
        """What the rules have to say of a proposal, in its reader's language; in the order of the rules' ids."""
        context, lang = context_of(proposal), proposal.reader or proposal.lang
        with speaking(lang):
            found = [self._asked(rule, context, lang) for rule in self.candidates(context)]
        return sorted((one for one in found if one is not None), key=lambda one: one.rule)

    def candidates(self, context: Context) -> list[Rule]:
        """The rules that could be true of a context: something of all that they need is there."""
        filed = {rule.id: rule for key in context.keys & self._filed.keys() for rule in self._filed[key]}
        return self._always + [
            rule for rule in filed.values() if all(not needed.isdisjoint(context.keys) for needed in rule.when.needs)
        ]

    def _asked(self, rule: Rule, context: Context, lang: Lang) -> Finding | None:
        """What a rule says; where its condition cannot be worked out, that: never silence."""
        try:
            holds = rule.when.holds(context.values)
        except Exception:  # zen raises plain ones, too; whatever it is, the rule was not asked
            return unchecked(rule)
        return found(rule, context, lang) if holds else None


def found(rule: Rule, context: Context, lang: Lang) -> Finding:
    """What a rule that holds has to say."""
    said = rule.reason.zh if lang == "zh" else rule.reason.en
    named = [id for needed in rule.when.needs for name, id in needed if (name, id) in context.keys]
    spans = {span for id in named for span in context.spans.get(id, ())}
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        reason=_GAP.sub(lambda gap: _value(context.values, gap[1]) or gap[0], said),
        source=f"{rule.source} ({rule.year})",
        outcome=rule.outcome,
        spans=tuple(sorted(spans, key=lambda span: (span.start, span.end))),
    )


def unchecked(rule: Rule) -> Finding:
    """What is said of a rule that could not be asked."""
    title = tr(rule.title.en, rule.title.zh)
    said = tr(f"This rule could not be checked: {title}", f"该规则未能核查：{title}")
    return Finding(rule=rule.id, severity="warning", reason=said, source=f"{rule.source} ({rule.year})")


def _value(values: dict[str, Any], path: str) -> str:
    """A number of the context for a reason: `{egfr}`, `{labs.potassium}`."""
    value: Any = values
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return f"{value:.3g}" if isinstance(value, (int, float)) and not isinstance(value, bool) else ""
