"""The medicines of a context: those taken, and those that a proposal would give, stop or avoid, with their doses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bedside.drugs import Dose, Order, kinds, orders, parts, twice
from bedside.recent import Recent
from bedside.types.verdict import Facts

_GIVEN = frozenset(("start", "continue", "increase"))
_NOT_TAKEN = frozenset(("stop", "avoid", "past", "ask"))
_LOCAL = frozenset(("topical", "ophthalmic", "otic", "nasal"))
_PATCH = re.compile(r"patch|transdermal|贴", re.IGNORECASE)
_LATELY = Recent[tuple[str, ...]](most=10_000, seconds=3600)
"""A patient's list is the same from proposal to proposal."""


@dataclass(frozen=True, slots=True)
class Medicines:
    """Ids of medicines with all that each is a kind of."""

    takes: frozenset[str]
    proposed: frozenset[str]
    systemic: frozenset[str]
    stopped: frozenset[str]
    avoided: frozenset[str]
    twice: frozenset[str]
    dose: dict[str, dict[str, Any]] = field(repr=False)
    orders: tuple[Order, ...] = field(default=(), repr=False)


def medicines(text: str, facts: Facts) -> Medicines:
    """What a proposal would do with medicines, beside what the patient takes.

    >>> one = medicines("Stop warfarin; give apixaban 5 mg twice daily.", Facts(medications=["Warfarin 5 mg daily"]))
    >>> one.dose["apixaban"]["mg_per_day"], "vitamin_k_antagonist" in one.takes, "doac" in one.proposed
    (10.0, False, True)
    """
    told = tuple(orders(text))
    given = [one for one in told if one.action in _GIVEN]
    stopped = {one.id for one in told if one.action == "stop"} - {one.id for one in given}
    taken = {id for entry in facts.medications for id in _taken(entry)} - stopped
    return Medicines(
        takes=every_kind(id for id in taken if not kinds(id) & stopped),
        proposed=every_kind(one.id for one in given),
        systemic=every_kind(one.id for one in given if not _is_local(one, text)),
        stopped=every_kind(stopped),
        avoided=every_kind(one.id for one in told if one.action == "avoid"),
        twice=twice(taken, {one.id for one in given}),
        dose=_doses(given, facts),
        orders=told,
    )


def every_kind(ids: Iterable[str]) -> frozenset[str]:
    """Ids with all that each is a kind of."""
    return frozenset().union(*(kinds(id) for id in ids))


def _taken(entry: str) -> tuple[str, ...]:
    """What an entry of a chart's list of medicines says is taken."""
    return _LATELY.of(entry, lambda: tuple(one.id for one in orders(entry) if one.action not in _NOT_TAKEN))


def _is_local(order: Order, text: str) -> bool:
    behind = text[order.start : order.end + 40]
    return order.dose.route in _LOCAL and not _PATCH.search(behind)


def _doses(given: Iterable[Order], facts: Facts) -> dict[str, dict[str, Any]]:
    """The dose of each substance that is given; by weight where the weight is known; of several the largest."""
    found: dict[str, dict[str, Any]] = {}
    for one in given:
        for id, dose in parts(one).items():
            told = _dose(dose.of_weight(facts.weight_kg) if facts.weight_kg else dose, facts.weight_kg)
            if id not in found or _weighs(told) > _weighs(found[id]):
                found[id] = told
    return found


def _dose(dose: Dose, kg: float | None) -> dict[str, Any]:
    return {
        "mg_per_dose": dose.mg_per_dose,
        "mg_per_day": dose.mg_per_day,
        "mg_per_kg": dose.amount if dose.per_kg else _by_weight(dose.mg_per_dose, kg),
        "mg_per_kg_day": _by_weight(dose.mg_per_day, kg),
        "amount": dose.amount,
        "unit": dose.unit or None,
        "per_day": dose.per_day,
        "weekly": dose.weekly,
        "days": dose.days,
        "route": dose.route,
    }


def _weighs(told: dict[str, Any]) -> tuple[float, float, bool]:
    """How much a dose says: mg a day, mg a time, or anything at all."""
    return told["mg_per_day"] or 0.0, told["mg_per_dose"] or 0.0, told["amount"] is not None


DOSE = (
    "mg_per_dose",
    "mg_per_day",
    "mg_per_kg",
    "mg_per_kg_day",
    "amount",
    "unit",
    "per_day",
    "weekly",
    "days",
    "route",
)
"""What a condition may ask of a dose."""


def _by_weight(mg: float | None, kg: float | None) -> float | None:
    return None if mg is None or not kg else mg / kg
