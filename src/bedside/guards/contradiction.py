"""Advice that cannot be followed together: take it and avoid it, twice a day and once a day, bed rest and exercise.

What comes in turn or under a condition is no contradiction: "stop it today, start again after the operation".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from bedside.drugs import Order, orders
from bedside.emergency.asking import readable, sentences_in
from bedside.emergency.wording import Span as Place
from bedside.guards._opposites import Pair, pairs
from bedside.lang import tr
from bedside.types import Finding, Proposal, Severity, Span

SOURCE = "ISMP Guidelines for Safe Communication of Electronic Medication Information, 2019"
_FOR = frozenset(["start", "continue", "increase", "decrease"])
_AGAINST = frozenset(["stop", "avoid"])
_TURN = re.compile(
    r"\b(?:then|after(?:wards?)?|thereafter|later|next (?:day|week|month)|from (?:next|tomorrow|day|then|week)|until|"
    r"once(?! (?:daily|a|per|every|weekly))|followed by|tomorrow|restart\w*|resum\w+|loading|maintenance|initially|"
    r"first|if|unless|when|while|should (?:she|he|they|it)|alternatively|or|instead|taper\w*|day \d|week \d|in case|"
    r"previous\w*|formerly|had|was|were)\b"
    r"|之后|以后|然后|随后|后改|改为|改用|下周|下月|次日|明[天日]|直到|一旦|恢复|重新|再(?:用|服|启)|首剂|负荷|维持|起始|先|"
    r"如果?|若|当.{0,8}时|或者?|替代|逐渐|递减|第[\d一二三]+[天周]|曾|既往|原(?:来|先)|(?<![餐饭])后(?:减|加|服|停)|[天日周月年]后(?!.{0,3}(?:复诊|复查|随访|再来))",
    re.IGNORECASE,
)
"""What puts a sentence in turn with others, or under a condition."""
_PARTLY = re.compile(
    r"^[^.;,\n]{0,30}?\b(?:with|on an|together|more than|within|without|during|at the same time|for (?:more|longer)|"
    r"over|above|crush\w*|chew\w*|double|extra|abruptly|suddenly|alone|at night|in the (?:morning|evening))\b"
    r"|^[^。；，\n]{0,10}?(?:同服|同时|空腹|超过|过量|嚼|掰|加倍|突然|擅自|自行|一起|合用|联用)",
    re.IGNORECASE,
)
"""What makes advice against a medicine advice against one way of taking it."""
_DAYPARTS = re.compile(
    r"\b(?:morning|noon|midday|evening|night|bedtime|breakfast|lunch|dinner)\b|早|午|晚|睡前", re.IGNORECASE
)
_FOOD = re.compile(r"\b(?:before|after)(?= (?:breakfast|lunch|dinner|meals?|food|eating|a meal))", re.IGNORECASE)
"""Words of turn that are none where a meal is meant."""


@dataclass(frozen=True, slots=True)
class _Said:
    """An order in a sentence: its medicine as written, the words behind that, and the time of day it names."""

    order: Order
    name: str
    sentence: Place
    behind: str
    dayparts: frozenset[str]


class Contradiction:
    """Medicines first, then everything else; a medicine both given and forbidden is blocked, the rest is a warning.

    >>> [one.rule for one in GUARD.check(Proposal(text="Continue warfarin 3 mg at night. Stop warfarin today."))]
    ['contradiction.medicine']
    >>> GUARD.check(Proposal(text="Stop warfarin today. Start apixaban 5 mg twice daily."))
    []
    """

    name = "contradiction"
    order = 65

    def check(self, proposal: Proposal) -> list[Finding]:
        """A finding for each medicine and each pair of opposites, once."""
        text = readable(proposal.text)
        sentences = [place for place in sentences_in(text) if not _TURN.search(_FOOD.sub("", text[slice(*place)]))]
        said = list(_orders(text, sentences))
        found: dict[str, Finding] = {}
        for one, other in combinations(said, 2):
            if finding := _of_medicine(one, other):
                found.setdefault(f"{finding.rule} {one.order.id}", finding)
        for pair in pairs():
            if places := _opposed(pair, text, sentences, said):
                found[pair.id] = _finding(pair.id, "warning", tr(*pair.name), pair.source, places)
        return list(found.values())


def _orders(text: str, sentences: list[Place]) -> Iterator[_Said]:
    """The orders of a text that stand in sentences of their own time."""
    for one in orders(text):
        for start, end in sentences:
            if start <= one.start < end and one.action in _FOR | _AGAINST:
                dayparts = frozenset(word.lower() for word in _DAYPARTS.findall(text[start:end]))
                yield _Said(one, text[one.start : one.end], (start, end), text[one.end : end], dayparts)


def _of_medicine(one: _Said, other: _Said) -> Finding | None:
    """What two orders of one medicine cannot both ask."""
    if one.order.id != other.order.id or not _same_route(one.order, other.order):
        return None
    places = [(each.order.start, each.order.end) for each in (one, other)]
    if _opposite(one, other):
        reason = tr(f"{one.name} is both advised and advised against", f"对{one.name}的建议前后矛盾")
        return _finding("medicine", "critical", reason, SOURCE, places)
    if _differ(one, other):
        reason = tr(f"{one.name} is ordered in two different doses", f"{one.name}的用法用量前后不一致")
        return _finding("dose", "warning", reason, SOURCE, places)
    return None


def _opposite(one: _Said, other: _Said) -> bool:
    actions = {one.order.action, other.order.action}
    if actions == {"increase", "decrease"}:
        return True
    against = [each for each in (one, other) if each.order.action in _AGAINST]
    return len(against) == 1 and not _PARTLY.search(against[0].behind)


def _differ(one: _Said, other: _Said) -> bool:
    """Whether two orders in two sentences, for the same time of day, say another dose or how often."""
    first, second = one.order.dose, other.order.dose
    apart = one.sentence == other.sentence or one.dayparts != other.dayparts or first.as_needed or second.as_needed
    if apart or not {one.order.action, other.order.action} <= _FOR:
        return False
    often, much = (first.per_day, second.per_day), (first.mg_per_dose, second.mg_per_dose)
    return any(None not in both and both[0] != both[1] for both in (often, much))


def _same_route(one: Order, other: Order) -> bool:
    routes = {one.dose.route, other.dose.route} - {None}
    return len(routes) < 2


def _opposed(pair: Pair, text: str, sentences: list[Place], said: list[_Said]) -> list[Place]:
    """Where two sentences, about the same medicine where they name any, say the one and the other."""
    for one in sentences:
        for other in sentences:
            if one != other and (places := _met(pair, text, one, other)) and _same_medicine(one, other, said):
                return places
    return []


def _met(pair: Pair, text: str, one: Place, other: Place) -> list[Place]:
    first, second = pair.one.search(text, *one), pair.other.search(text, *other)
    return [first.span(), second.span()] if first and second else []


def _same_medicine(one: Place, other: Place, said: list[_Said]) -> bool:
    first, second = ({each.order.id for each in said if each.sentence == place} for place in (one, other))
    return bool(first & second) or not (first and second)


def _finding(id: str, severity: Severity, reason: str, source: str, places: list[Place]) -> Finding:
    spans = tuple(Span(start, end, "CONTRADICTION") for start, end in sorted(places))
    return Finding(rule=f"contradiction.{id}", severity=severity, reason=reason, source=source, spans=spans)


GUARD = Contradiction()
