"""Which rules' cards clinicians set aside nearly always: they tire whoever reads them, and hide the ones that matter.

Between half and nearly all alerts are overridden where this was studied (van der Sijs et al. 2006, "Overriding of drug
safety alerts in computerized physician order entry", J Am Med Inform Assoc 13:138: 49 - 96 %).
"""

from __future__ import annotations

from collections import Counter

from bedside.clinic.watch.alerts import Signal
from bedside.clinic.watch.checks._base import DAY_HOURS, Found, Ground
from bedside.clinic.watch.points import Point
from bedside.clinic.watch.tallies import HOUR_S, Tally
from bedside.deid._evaluate import wilson
from bedside.types import Estimate

DAYS = 28
FEWEST = 30
MOST_SHARE = 0.9
"""A rule is told of when its share is above this by more than chance: the interval's lower end is."""
CARDS = "bedside_cards_total"


def look(ground: Ground, now: float) -> Found:
    """Accepted and overridden cards of the last four weeks, by rule."""
    shares = rates(ground.tallies.read([CARDS], int(now // HOUR_S) - DAYS * DAY_HOURS))
    points = [Point(f"override/{rule}", one.value, one.n, one.low, one.high) for rule, one in shares.items()]
    signals = [_signal(rule, one) for rule, one in shares.items() if one.n >= FEWEST and one.low > MOST_SHARE]
    return Found(signals, points, {"rules": len(shares)})


def rates(cards: list[Tally]) -> dict[str, Estimate]:
    """The share of a rule's cards that were overridden, of those that anything was told of, with Wilson's interval.

    >>> cards = [Tally(0, CARDS, {"rule": "r", "outcome": o}, n) for o, n in [("overridden", 45.0), ("accepted", 5.0)]]
    >>> round(rates(cards)["r"].low, 3)
    0.786
    """
    told, aside = Counter[str](), Counter[str]()
    for one in cards:
        if one.labels["outcome"] in ("accepted", "overridden"):
            told[one.labels["rule"]] += int(one.value)
            aside[one.labels["rule"]] += int(one.value) if one.labels["outcome"] == "overridden" else 0
    found = {rule: wilson(aside[rule], n, n) for rule, n in sorted(told.items())}
    return {rule: figure for rule, figure in found.items() if isinstance(figure, Estimate)}


def _signal(rule: str, share: Estimate) -> Signal:
    detail = {"overridden": round(share.value * share.n), "told": share.n}
    return Signal(code="overridden", level="warning", subject=rule, detail=detail)
