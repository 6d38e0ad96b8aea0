"""A criterion against a chart: met, not met or unknown, with the entries behind it and what would settle it.

Of a criterion's groups all must hold, of a group any one (three-valued, after Kleene). An exception of an exclusion
("malignancy, except basal cell carcinoma") takes what it names out of what excludes. While a stretch of the text could
not be computed, a criterion is never met; an inclusion may still be failed by the part that could be.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bedside.lang import tr
from bedside.trials.criterion import Condition, Criterion, Evidence, Judged
from bedside.trials.matching.fact import Facts
from bedside.trials.matching.found import Found, Rules, Truth
from bedside.trials.matching.look_measured import look_measured
from bedside.trials.matching.look_person import look_age, look_pregnancy, look_sex
from bedside.trials.matching.look_said import look_said
from bedside.trials.matching.look_taken import look_taken
from bedside.trials.matching.vocabulary import Vocabulary

MOST_EVIDENCE = 6


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges criteria with one vocabulary, by one set of rules."""

    words: Vocabulary
    rules: Rules = field(default_factory=Rules)

    def judge(self, criterion: Criterion, facts: Facts) -> Judged:
        """The verdict on the patient of the chart."""
        if criterion.side == "exclude":
            return self._exclusion(criterion, facts)
        groups = [self._any(group, facts, criterion.text) for group in criterion.groups]
        truth, lean = _all(groups)
        if truth is not False and (criterion.unparsed or not criterion.groups):
            lean = True if truth is True else lean
            truth = None
        return self._judged(criterion, groups, truth, lean)

    def look(self, condition: Condition, facts: Facts, text: str, but: frozenset[int] = frozenset()) -> Found:
        """Whether one condition holds."""
        found = self._look(condition, facts, text, but)
        return found.turned() if condition.op == "absent" else found

    def _exclusion(self, criterion: Criterion, facts: Facts) -> Judged:
        """What excludes must be shown; what an exception names does not exclude."""
        absent = [c for group in criterion.groups if len(group) == 1 for c in group if c.op == "absent"]
        kept = [group for group in criterion.groups if not (len(group) == 1 and group[0] in absent)]
        if not kept:
            kept, absent = list(criterion.groups), []
        but = frozenset(self.words.of(one) for one in absent)
        groups = [self._any(group, facts, criterion.text, but) for group in kept]
        applies, lean = _all(groups)
        if criterion.unparsed or not criterion.groups:  # what is left may widen it or narrow it
            lean = applies if applies is not None else lean
            applies = None
        verdict, likely = _contrary(applies), _contrary(lean)
        return self._judged(criterion, groups, verdict, likely)

    def _any(
        self, group: tuple[Condition, ...], facts: Facts, text: str, but: frozenset[int] = frozenset()
    ) -> list[tuple[Condition, Found]]:
        return [(one, self.look(one, facts, text, but)) for one in group]

    def _look(self, condition: Condition, facts: Facts, text: str, but: frozenset[int]) -> Found:
        if condition.kind == "age":
            return look_age(condition, facts)
        if condition.kind == "sex":
            return look_sex(condition, facts)
        if condition.kind == "pregnancy":
            return look_pregnancy(condition, facts, self.words, self.rules, text)
        if condition.kind == "medicine":
            return look_taken(condition, facts, self.words, self.rules, text, but)
        if condition.kind in ("measurement", "status"):
            return look_measured(condition, facts, self.words, self.rules, text)
        return look_said(condition, facts, self.words, self.rules, text, but)

    def _judged(
        self, criterion: Criterion, groups: list[list[tuple[Condition, Found]]], truth: Truth, lean: Truth
    ) -> Judged:
        every = [pair for group in groups for pair in group]
        open_ = [pair for group in groups if _either(group)[0] is None for pair in group if pair[1].truth is None]
        evidence: dict[tuple[str, str], Evidence] = {}
        for _, found in every:
            for one in found.evidence:
                evidence.setdefault((one.entry, one.said), one)
        notes = dict.fromkeys(found.note for _, found in every if found.note)
        judged = Judged(
            criterion=criterion,
            verdict="unknown" if truth is None else "met" if truth else "not met",
            evidence=tuple(evidence.values())[:MOST_EVIDENCE],
            note=tr("; ", "；").join(notes),
        )
        if truth is not None:
            return judged
        return replace(
            judged,
            likely="" if lean is None else "met" if lean else "not met",
            none_found=bool(open_) and all(found.none_found for _, found in open_),
            asks=tuple(condition for condition, _ in open_),
        )


def _either(group: list[tuple[Condition, Found]]) -> tuple[Truth, Truth]:
    """Whether any holds, and whether any is likely to; an empty group is open."""
    truths = [found.truth for _, found in group]
    if any(truth is True for truth in truths):
        return True, True
    if truths and all(truth is False for truth in truths):
        return False, False
    leans = [found.lean if found.truth is None else found.truth for _, found in group]
    if any(lean is True for lean in leans):
        return None, True
    return None, False if leans and all(lean is False for lean in leans) else None


def _all(groups: list[list[tuple[Condition, Found]]]) -> tuple[Truth, Truth]:
    told = [_either(group) for group in groups]
    if any(truth is False for truth, _ in told):
        return False, False
    if told and all(truth is True for truth, _ in told):
        return True, True
    leans = [lean for _, lean in told]
    if any(lean is False for lean in leans):
        return None, False
    return None, True if leans and all(lean is True for lean in leans) else None


def _contrary(truth: Truth) -> Truth:
    return None if truth is None else not truth
