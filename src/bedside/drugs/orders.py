"""What a text would do with each medicine it names, and with what dose.

A text is read clause by clause. The words that hold for a medicine are those nearest to it in its own clause; a list
("aspirin, ibuprofen and naproxen") shares what is said of one; what a clause does not say, the one before says for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bedside.drugs._cues import NAME, Action, Cue, cues
from bedside.drugs._frequency import per_day
from bedside.drugs._written import NUMBER
from bedside.drugs.clauses import Clause, clauses
from bedside.drugs.doses import Dose, dose
from bedside.drugs.names import Mention, find

__all__ = ["Action", "Order", "orders", "orders_of"]


@dataclass(frozen=True, slots=True)
class Order:
    """A medicine or class in a text, what is to be done with it, its dose, and where its name stands."""

    id: str
    action: Action
    dose: Dose = field(default_factory=Dose)
    start: int = 0
    end: int = 0


def orders(text: str) -> list[Order]:
    """What a text would do with each medicine that it names, in the order of their places.

    >>> [(one.id, one.action) for one in orders("Switch from warfarin to apixaban 5 mg bid. Avoid NSAIDs.")]
    [('warfarin', 'stop'), ('apixaban', 'start'), ('nsaid', 'avoid')]
    >>> [(one.id, one.action) for one in orders("停用布洛芬，改用对乙酰氨基酚 0.5g 每日三次")]
    [('ibuprofen', 'stop'), ('acetaminophen', 'start')]
    """
    return list(orders_of(text, find(text)))


def orders_of(text: str, mentions: Sequence[Mention]) -> Iterator[Order]:
    """What a text would do with each of some medicines, given by their places."""
    before: Action | None = None
    for clause in clauses(text, mentions):
        own = [one for one in mentions if clause.start <= one.start < clause.end]
        said = cues(_masked(clause, own), question=clause.question)
        first_of_sentence = None if clause.first else before
        actions = [_action(clause, one, own, said, first_of_sentence) for one in own]
        if clause.swapped:
            actions = ["stop" if one in ("mention", "start", "continue") else one for one in actions]
        for number, (one, action) in enumerate(zip(own, actions, strict=True)):
            yield Order(one.id, action, _dose(clause, own, number), one.start, one.end)
        if actions:
            before = actions[-1]


def _masked(clause: Clause, own: list[Mention]) -> str:
    said = clause.text
    for one in own:
        start, end = one.start - clause.start, one.end - clause.start
        said = said[:start] + NAME * (end - start) + said[end:]
    return said


def _action(clause: Clause, one: Mention, own: list[Mention], said: list[Cue], before: Action | None) -> Action:
    start, end = one.start - clause.start, one.end - clause.start
    behind = [cue for cue in said if cue.way == "before" and cue.start >= end and _joined(clause, own, end, cue)]
    ahead = [cue for cue in said if cue.way == "after" and cue.end <= start]
    if behind:
        nearest = min(behind, key=lambda cue: (cue.start, -cue.end))
        if nearest.action != "start" or not ahead:
            return _asked(clause, nearest.action)
    if ahead:
        return _asked(clause, max(ahead, key=lambda cue: (cue.end, -cue.start)).action)
    return _asked(clause, _silent(clause, start, end, before))


def _asked(clause: Clause, action: Action) -> Action:
    """What a question would do is only asked; what it denies or tells stays."""
    return "ask" if clause.question and action in ("start", "continue", "increase", "decrease") else action


def _silent(clause: Clause, start: int, end: int, before: Action | None) -> Action:
    """No words hold for it: what held before in the sentence; else a dose, or a bare name, proposes it."""
    if before is not None and clause.listed:
        return before
    behind = clause.text[end:]
    if dose(behind).amount is not None or (_BARE.match(clause.text[:start]) and not _TELLS.search(behind)):
        return "start"
    return before or "mention"


_BARE = re.compile(r"\A[\s\d.)、•*\-:：]*(?:(?:an?|the|oral|iv|topical|\d[\w.]*\s?m?c?g)\s+)*\Z", re.IGNORECASE)
_TELLS = re.compile(
    r"(?<![A-Za-z])(?:is|are|was|were|has|have|had|can|may|might|could|does|did|will|would|which|that)(?![A-Za-z])|是|会|可能|属|为",
    re.IGNORECASE,
)
_JOINT = re.compile(
    r"\A(?:\s|,|，|、|/|\+|and|or|with|without|plus|alone|use|therapy|like|such as|including|"
    r"合用|联用|联合|并用|和|或|及|与|以及|等|类|药物?|制剂|片|胶囊|注射液|的|均|都|\(|\)|（|）)*\Z",
    re.IGNORECASE,
)


def _joined(clause: Clause, own: list[Mention], end: int, cue: Cue) -> bool:
    """Whether words behind reach back to a medicine.

    All do over a list; over other words only where neither medicine nor comma stands between, and not those that
    belong to the name itself (allergy, level).
    """
    between = _masked(clause, own)[end : cue.start]
    if _JOINT.match(between.replace(NAME, " ")):
        return True
    return cue.action != "mention" and NAME not in between and not re.search(r"[,，]", between)


def _dose(clause: Clause, own: list[Mention], number: int) -> Dose:
    """A medicine's dose: the words behind it up to the next, and of those in front what they do not say."""
    start = own[number].start - clause.start
    is_last = number + 1 == len(own)
    behind = (
        clause.text[start:] + clause.after if is_last else clause.text[start : own[number + 1].start - clause.start]
    )
    ahead = clause.text[own[number - 1].end - clause.start : start] if number else clause.text[:start]
    pieces = _PIECES_OF.search(ahead)
    told = dose(f"{pieces[0]} {behind}" if pieces else behind)
    before = (_AMOUNT_OF if number else _LAST_PART).search(ahead)
    if before is None or (told.amount is not None and (number or told.per_day is not None)):
        return told
    return replace(told, per_day=per_day(before[0])) if told.amount is not None else dose(f"{before[0]} {behind}")


_AMOUNT_OF = re.compile(r"\d[\d.,]*\s*[A-Za-zµμ毫微克片粒]{1,7}\s*(?:of|的)?\s*\Z")
_PIECES_OF = re.compile(
    rf"(?<![\d./A-Za-z]){NUMBER}\s*(?:tab(?:let)?s?|cap(?:sule)?s?|pills?|片|粒|袋|包)\s*(?:of|的)?\s*\Z", re.IGNORECASE
)
_LAST_PART = re.compile(r"[^,，、]+\Z")
