"""Whether a medicine, or one of its class, is or was taken: orders that run, orders that were stopped, and when."""

from __future__ import annotations

from bedside.lang import tr
from bedside.trials.criterion import Condition
from bedside.trials.matching.fact import Fact, Facts
from bedside.trials.matching.found import Found, Rules, Truth, evidence_of
from bedside.trials.matching.look_said import _EVER, look_said, qualified, unmentioned
from bedside.trials.matching.vocabulary import Vocabulary

RUNS_DAYS = 365
"""An order that nobody said was stopped counts as running for a year; an older one is asked about."""
GIVEN_DAYS = 30
"""A dose given or dispensed counts as current for so long where a criterion gives no window."""
_GIVEN = frozenset(["MedicationAdministration", "MedicationDispense"])


def look_taken(
    condition: Condition, facts: Facts, words: Vocabulary, rules: Rules, text: str, but: frozenset[int] = frozenset()
) -> Found:
    """Whether the chart has the medicine or one of its class."""
    wanted = words.of(condition)
    if words.things[wanted].sort != "medicine":
        return look_said(condition, facts, words, rules, text, but)
    usable = [one for one in facts.narrow.get(wanted, []) if one.sort == "taken" and not one.up & but]
    said = [one for one in usable if one.state == "present"]
    votes = [(one, _vote(one, condition.within_days, ever=bool(_EVER.search(text)))) for one in said]
    for_ = [one for one, vote in votes if vote is True]
    if for_:
        return qualified(condition, for_)
    open_ = [one for one, vote in votes if vote is None] + [one for one in usable if one.state == "possible"]
    if open_:
        lean = False if all(one.stopped for one in open_) else None
        why = (
            tr("not said when it ended", "未写明何时停用")
            if lean is False
            else tr("is it still taken?", "目前是否仍在使用？")
        )
        return Found(lean=lean, evidence=evidence_of(open_, "open"), note=why)
    denied = [
        one for n in words.up[wanted] for one in facts.own.get(n, ()) if one.sort == "taken" and one.state == "denied"
    ]
    if denied:
        return Found(truth=False, evidence=evidence_of(denied, "against"))
    if votes:
        note = tr("stopped, or only outside the window", "已停用或仅在时间窗外")
        return Found(truth=False, evidence=evidence_of([one for one, _ in votes], "against"), note=note)
    wider = [one for n in words.parents[wanted] for one in facts.own.get(n, ()) if one.sort == "taken"]
    wider = [one for one in wider if one.state == "present" and not one.stopped]
    if wider:
        return Found(evidence=evidence_of(wider, "open"), note=tr("only its class is named", "病历只写了药物类别"))
    return unmentioned(condition, facts, rules)


def _vote(fact: Fact, window: float | None, *, ever: bool) -> Truth:
    if fact.entry.kind in _GIVEN:
        if window is None and ever:
            return True
        limit = GIVEN_DAYS if window is None else window
        return None if fact.days is None else fact.days <= limit
    if fact.stopped:
        if window is None:
            return ever
        if fact.days is None or fact.entry.kind == "DocumentReference":
            return None
        return True if fact.days <= window else False if fact.days > window + RUNS_DAYS else None
    if fact.active or fact.days is None or fact.days <= RUNS_DAYS or (ever and window is None):
        return True
    return None
