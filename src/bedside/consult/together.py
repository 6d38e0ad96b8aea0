"""What the rules of clinicians know of two medicines together, as warnings with the rule's own source.

A library seldom holds "can I take ibuprofen with warfarin?"; the rules know the pair. Their word is no sentence of a
passage, so it is no answer: it stands beside it, or beside an abstention, with its source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations

from bedside.cleaning.language import HAN, spoken
from bedside.consult._base import Warning
from bedside.drugs import orders
from bedside.facts.person import Known, Person
from bedside.lang import current, tr
from bedside.rules import RuleSet, shipped
from bedside.types import Facts, Finding, Proposal

PAIRS = ("interaction", "duplicate")
"""The rules that are about two medicines."""
LEVELS = {"critical": "avoid", "warning": "caution"}
_ON_SKIN = ("topical", "ophthalmic", "otic", "nasal")
MOST = 8
"""Medicines of a question of which pairs are made."""


def together(question: str, person: Person, is_told: Callable[[str, str], bool]) -> Iterator[Warning]:
    """A warning for each pair of a question's medicines, or of one and a chart's, that the rules know.

    `is_told` says of two names whether they are warned of already.

    >>> [one.level for one in together("Can I take ibuprofen with warfarin?", Person(), lambda a, b: False)]
    ['avoid']
    >>> list(together("Can I take paracetamol with amoxicillin?", Person(), lambda a, b: False))
    []
    """
    asked = _asked(question)
    held = [one for one in person.medicines if one.entries]
    pairs = [(a, Known(b)) for a, b in combinations(asked, 2)] + [(a, b) for a in asked for b in held]
    for a, b in pairs:
        if not is_told(a, b.name):
            yield from (_warning(one, a, b) for one in _known(a, b.name))


def _asked(question: str) -> list[str]:
    """The medicines a question names, as it writes them, each once; none that stay on the skin."""
    named = [one for one in orders(question) if one.dose.route not in _ON_SKIN and one.action != "stop"]
    return list({one.id: question[one.start : one.end] for one in reversed(named)}.values())[::-1][:MOST]


def _known(a: str, b: str) -> list[Finding]:
    """What the rules say of one medicine started where another is taken."""
    text = f"加用{a}。" if HAN.search(a) else f"Start {a}."
    facts = Facts(medications=(b,))
    found = _rules().check(Proposal(text=text, lang=spoken(text), reader=current(), facts=facts))
    return [one for one in found if one.severity in LEVELS]


def _warning(found: Finding, a: str, b: Known) -> Warning:
    where = tr("in the chart", "病历记载") if b.entries else tr("in the question", "问题所述")
    because = tr(f"{a} with {b.name} ({where})", f"{a}与{b.name}（{where}）")
    return Warning(found.reason, because, found.source, b.entries, found.rule, LEVELS[found.severity])


@cache
def _rules() -> RuleSet:
    return RuleSet(rule for rule in shipped() if rule.kind in PAIRS)
