"""The dose of each substance that an order gives: of a product, what its tablets hold."""

from __future__ import annotations

from dataclasses import replace

from bedside.drugs.doses import Dose
from bedside.drugs.orders import Order
from bedside.drugs.vocabulary import vocabulary


def parts(order: Order) -> dict[str, Dose]:
    """The dose of what is ordered, and of each substance in it whose mg a tablet or sachet are known.

    >>> from bedside.drugs import orders
    >>> told = parts(orders("Percocet two tablets every 4 hours")[0])
    >>> told["oxycodone"].mg_per_day, told["acetaminophen"].mg_per_day
    (60.0, 3900.0)
    """
    told = vocabulary().drugs.get(order.id)
    found = {order.id: order.dose}
    if told is not None and order.dose.unit == "tablet" and order.dose.each_mg is None:
        found |= {id: replace(order.dose, each_mg=mg) for id, mg in told.parts.items() if mg is not None}
    return found
