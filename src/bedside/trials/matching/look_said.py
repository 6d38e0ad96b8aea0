"""Whether a chart has a diagnosis, a procedure, an allergy or a state: where it says so, and if it still holds."""

from __future__ import annotations

import re
from dataclasses import replace

from bedside.lang import tr
from bedside.trials.criterion import Condition
from bedside.trials.matching.fact import TAKEN, Fact, Facts
from bedside.trials.matching.found import Found, Rules, Truth, evidence_of
from bedside.trials.matching.vocabulary import Vocabulary

_EVER = re.compile(r"histor|previous|prior|\bpast\b|\bever\b|曾|既往|病史|史(?:者|$|[，；。,;])|以前", re.IGNORECASE)
_PLAIN = frozenset(
    [
        "any",
        "known",
        "confirmed",
        "documented",
        "diagnosed",
        "established",
        "clinical",
        "current",
        "currently",
        "active",
        "history",
        "previous",
        "prior",
        "past",
        "any",
        "existing",
        "concurrent",
        "concomitant",
        "present",
        "ongoing",
        "recent",
        "receiving",
        "taking",
        "use",
        "已知",
        "确诊",
        "明确",
        "现有",
        "目前",
        "正在",
        "当前",
        "合并",
        "任何",
        "既往",
        "活动性",
    ]
)
"""Qualifiers that add nothing to what a chart says, or that the rules of time stand for."""
_LISTS = {
    "diagnosis": frozenset(["Condition"]),
    "finding": frozenset(["Condition"]),
    "pregnancy": frozenset[str](),
    "procedure": frozenset(["Procedure"]),
    "medicine": frozenset(TAKEN),
    "allergy": frozenset(["AllergyIntolerance"]),
}


def look_said(
    condition: Condition, facts: Facts, words: Vocabulary, rules: Rules, text: str, but: frozenset[int] = frozenset()
) -> Found:
    """Whether the chart has it; facts of the things in `but` do not count. `text` is the criterion's."""
    wanted = words.of(condition)
    sort = "allergy" if condition.kind == "allergy" else "said"
    usable = [one for one in _facts(condition, wanted, facts, words) if not one.up & but]
    ever = bool(_EVER.search(text))
    votes = [(one, _vote(one, condition, words, wanted, ever=ever)) for one in usable if one.state != "denied"]
    denied = _denials(wanted, facts, words, sort)
    yes = [one for one, vote in votes if vote is True]
    if yes and not _overruled(yes, denied):
        return qualified(condition, yes)
    if yes:
        return Found(
            evidence=(*evidence_of(yes, "for"), *evidence_of(denied, "against")),
            note=tr("the chart says both", "病历前后说法不一"),
        )
    open_ = [one for one, vote in votes if vote is None]
    if open_:
        lean: Truth = False if all(one.past for one in open_) else None
        return Found(lean=lean, evidence=evidence_of(open_, "open"), note=_why_open(open_))
    if denied:
        return Found(truth=False, evidence=evidence_of(denied, "against"))
    gone = [one for one, vote in votes if vote is False]
    own = [one for one in gone if condition.kind != "procedure" or wanted in one.keys or one.past]
    if gone and not (own and narrowed(condition) == []):  # an operation long ago rules no other out
        return replace(unmentioned(condition, facts, rules), evidence=evidence_of(gone, "open"), none_found=False)
    if gone:
        return Found(
            truth=False,
            evidence=evidence_of(gone, "against"),
            note=tr("only outside the window, or over", "仅在时间窗外或已愈"),
        )
    wider = [one for above in words.parents[wanted] for one in facts.own.get(above, ()) if one.sort == sort]
    wider = [one for one in wider if one.state == "present" and not one.up & but]
    if wider:
        return Found(
            evidence=evidence_of(wider, "open"), note=tr("only something wider is said", "病历中只有更宽泛的说法")
        )
    return unmentioned(condition, facts, rules)


def qualified(condition: Condition, yes: list[Fact]) -> Found:
    """Found; but where the criterion narrows it ("severe"), only if the chart says so too."""
    wanted = narrowed(condition)
    exact = [one for one in yes if all(word.lower() in f"{one.said} {one.entry.text[:200]}".lower() for word in wanted)]
    if exact or not wanted:
        return Found(truth=True, evidence=evidence_of(exact or yes, "for"))
    said = ", ".join(wanted)
    return Found(
        evidence=evidence_of(yes, "open"), note=tr(f"the chart does not say whether: {said}", f"病历未说明是否：{said}")
    )


def narrowed(condition: Condition) -> list[str]:
    """The qualifiers that a chart has to say too."""
    return [word for word in condition.qualifiers if word.strip().lower() not in _PLAIN]


def unmentioned(condition: Condition, facts: Facts, rules: Rules) -> Found:
    """What silence means by the rules."""
    kept = bool(_LISTS.get(condition.kind, frozenset()) & facts.lists)
    absent = rules.unmentioned == "absent" or (rules.unmentioned == "listed" and kept)
    return Found(truth=False if absent else None, lean=False, none_found=True)


def _facts(condition: Condition, wanted: int, facts: Facts, words: Vocabulary) -> list[Fact]:
    found = facts.narrow.get(wanted, [])
    if condition.kind != "allergy":
        also = ("said", "taken") if condition.kind == "procedure" else ("said",)
        return [one for one in found if one.sort in also]
    every = [one for one in found if one.sort == "allergy"]
    if words.things[wanted].name in ("drug allergy", "drug", "medication", "medicine", "药物"):
        every += [one for one in facts.facts if one.sort == "allergy" and _is_medicine(one, words)]
    return every + [one for one in found if one.sort == "said"]


def _is_medicine(fact: Fact, words: Vocabulary) -> bool:
    return any(words.things[key].sort == "medicine" for key in fact.keys)


def _denials(wanted: int, facts: Facts, words: Vocabulary, sort: str) -> list[Fact]:
    """What denies the thing itself or something wider; "no drug allergy" denies each."""
    above = set(words.up[wanted])
    if sort == "allergy":
        above |= {words.number("diagnosis", "drug allergy"), words.number("diagnosis", "allergy")}
    found = [one for number in above for one in facts.own.get(number, ()) if one.state == "denied"]
    return [one for one in found if one.sort == sort or (sort == "allergy" and one.sort == "said")]


def _vote(fact: Fact, condition: Condition, words: Vocabulary, wanted: int, *, ever: bool) -> Truth:
    """Whether one fact makes the condition true (True), is over or too long ago (False), or leaves it open."""
    if fact.state == "possible":
        return None
    if condition.kind == "allergy":
        return True
    course = min(
        (words.things[key].course for key in fact.keys if words.things[key].course), default="chronic", key=_order
    )
    is_event = course == "event" or condition.kind == "procedure" or fact.entry.kind == "Procedure"
    window = condition.within_days
    if window is not None:
        if is_event or fact.past:
            return None if fact.days is None else fact.days <= window
        return True
    if not fact.past or ever or is_event or course == "lasting":
        return True
    return False if course in ("acute", "past") else None


def _order(course: str) -> int:
    return ("event", "lasting", "chronic", "acute", "past").index(course)


def _overruled(yes: list[Fact], denied: list[Fact]) -> bool:
    """Whether a denial is later than all that is said for it."""
    latest = min((one.days for one in yes if one.days is not None), default=None)
    last = min((one.days for one in denied if one.days is not None), default=None)
    return latest is not None and last is not None and last < latest


def _why_open(facts: list[Fact]) -> str:
    if any(one.state == "possible" for one in facts):
        return tr("only possible, not certain", "仅为可能，未确定")
    if all(one.past for one in facts):
        return tr("in the past: does it still hold?", "为既往情况，目前是否仍存在？")
    return tr("the chart does not say when", "病历未写明时间")
