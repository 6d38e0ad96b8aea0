"""The medicines of a context: those taken, those that a proposal would give or stop, their doses, and what is not borne."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bedside.drugs import Order, find, kinds, orders, twice
from bedside.phenotypes.context import contexts
from bedside.types.verdict import Allergy, Facts

_GIVEN = frozenset(("start", "continue", "increase"))
_NOT_TAKEN = frozenset(("stop", "avoid", "past", "ask"))
_LOCAL = frozenset(("topical", "ophthalmic", "otic", "nasal"))
_PATCH = re.compile(r"patch|transdermal|贴", re.IGNORECASE)
_SEVERE = re.compile(
    r"anaphyla|shock|angio-?o?edema|laryn|airway|throat (?:swell|clos)|tongue swell|(?:lip|facial|face) swell|bronchospasm|wheez|breath|"
    r"dyspn|hypotens|collapse|stevens|sjs\b|necrolysis|\bten\b|dress\b|severe|life.threat|intubat|haemoly|hemoly|agranulocyt|"
    r"休克|喉头?水肿|喉|血管(?:神经)?性水肿|呼吸困难|气促|气喘|哮喘|支气管痉挛|窒息|剥脱|坏死|大疱|严重|重度|意识丧失|晕厥|血压下降|溶血",
    re.IGNORECASE,
)
_INTOLERANCE = re.compile(
    r"nausea|vomit|diarrh|upset stomach|stomach (?:upset|pain|ache)|heartburn|dizz|headache|drowsi|constipat|intoleran|side effect|"
    r"cough|恶心|呕吐|腹泻|胃(?:部)?不适|胃痛|烧心|头晕|头痛|嗜睡|便秘|不耐受|副作用|干咳",
    re.IGNORECASE,
)
_ALLERGIC = re.compile(r"\b(?:allerg(?:y|ic|ies)|anaphyla\w+|hypersensitivity)\b|过敏", re.IGNORECASE)
_NO_ALLERGY = re.compile(
    r"\bnkda\b|\bno (?:known )?(?:\w+ )?allerg|tolerat|not allergic|de-?labell?ed|无过敏|不过敏|否认|无药物过敏|耐受(?!不)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Medicines:
    """Ids of medicines with all that each is a kind of."""

    takes: frozenset[str]
    proposed: frozenset[str]
    systemic: frozenset[str]
    stopped: frozenset[str]
    avoided: frozenset[str]
    twice: frozenset[str]
    allergic: frozenset[str]
    allergic_severe: frozenset[str]
    allergic_named: frozenset[str]
    intolerant: frozenset[str]
    dose: dict[str, dict[str, Any]] = field(repr=False)
    orders: tuple[Order, ...] = field(default=(), repr=False)


def medicines(text: str, facts: Facts) -> Medicines:
    """What a proposal would do with medicines, beside what the patient takes and does not bear.

    >>> one = medicines("Stop warfarin; give apixaban 5 mg twice daily.", Facts(medications=["Warfarin 5 mg daily"]))
    >>> one.dose["apixaban"]["mg_per_day"], "vitamin_k_antagonist" in one.takes, "doac" in one.proposed
    (10.0, False, True)
    """
    told = tuple(orders(text))
    given = [one for one in told if one.action in _GIVEN]
    stopped = {one.id for one in told if one.action == "stop"} - {one.id for one in given}
    taken = {id for entry in facts.medications for id in _taken(entry)} - stopped
    allergic, severe, named, intolerant = _not_borne(facts)
    return Medicines(
        takes=_kinds(id for id in taken if not kinds(id) & stopped),
        proposed=_kinds(one.id for one in given),
        systemic=_kinds(one.id for one in given if not _is_local(one, text)),
        stopped=_kinds(stopped),
        avoided=_kinds(one.id for one in told if one.action == "avoid"),
        twice=twice(taken, {one.id for one in given}),
        allergic=allergic,
        allergic_severe=severe,
        allergic_named=named,
        intolerant=intolerant,
        dose=_doses(given, facts),
        orders=told,
    )


def _kinds(ids: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(kinds(id) for id in ids))


def _taken(entry: str) -> list[str]:
    """What an entry of a chart's list of medicines says is taken."""
    return [one.id for one in orders(entry) if one.action not in _NOT_TAKEN]


def _is_local(order: Order, text: str) -> bool:
    behind = text[order.start : order.end + 40]
    return order.dose.route in _LOCAL and not _PATCH.search(behind)


def _doses(given: Iterable[Order], facts: Facts) -> dict[str, dict[str, Any]]:
    """The dose of each medicine that is given; by weight where the weight is known. A product's stands for its parts."""
    found: dict[str, dict[str, Any]] = {}
    for one in given:
        dose = one.dose.of_weight(facts.weight_kg) if facts.weight_kg else one.dose
        found[one.id] = {
            "mg_per_dose": dose.mg_per_dose,
            "mg_per_day": dose.mg_per_day,
            "mg_per_kg": dose.amount if dose.per_kg else _by_weight(dose.mg_per_dose, facts.weight_kg),
            "mg_per_kg_day": _by_weight(dose.mg_per_day, facts.weight_kg),
            "amount": dose.amount,
            "unit": dose.unit or None,
            "per_day": dose.per_day,
            "weekly": dose.weekly,
            "days": dose.days,
            "route": dose.route,
        }
    return found


DOSE = ("mg_per_dose", "mg_per_day", "mg_per_kg", "mg_per_kg_day", "amount", "unit", "per_day", "weekly", "days", "route")
"""What a condition may ask of a dose."""


def _by_weight(mg: float | None, kg: float | None) -> float | None:
    return None if mg is None or not kg else mg / kg


def _not_borne(facts: Facts) -> tuple[frozenset[str], ...]:
    """What the patient is allergic to, what gravely so, what of it is named as such, and what only disagrees with him."""
    allergic, severe, named, intolerant = set[str](), set[str](), set[str](), set[str]()
    for one in (*facts.allergies, *_allergies_among(facts.conditions)):
        what = _patients(one.substance)
        if not what or _NO_ALLERGY.search(one.substance):
            continue
        said = f"{one.substance} {one.reaction}"
        if _SEVERE.search(said):
            severe |= _kinds(what)
        elif one.reaction and _INTOLERANCE.search(one.reaction) and not _ALLERGIC.search(one.reaction):
            intolerant |= _kinds(what)
            continue
        allergic |= _kinds(what)
        named |= what
    return frozenset(allergic), frozenset(severe), frozenset(named), frozenset(intolerant)


def _patients(substance: str) -> frozenset[str]:
    """The ids that an allergy's words name, unless they are of a relative or denied."""
    (said,) = contexts(substance, [(0, max(1, len(substance)))])
    last = contexts(substance, [(max(0, len(substance) - 1), len(substance))])[0]
    if said.family or last.family or said.negated or last.negated:
        return frozenset()
    return frozenset(one.id for one in find(substance))


def _allergies_among(conditions: Iterable[str]) -> list[Allergy]:
    return [Allergy(one) for one in conditions if _ALLERGIC.search(one)]
