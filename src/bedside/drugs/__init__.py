"""Medicines in a text: names and classes in English and Chinese, doses, and what is to be done with each.

>>> from bedside.drugs import find, orders
>>> [one.id for one in find("Augmentin with an NSAID")]
['co_amoxiclav', 'nsaid']
>>> [(one.id, one.action) for one in orders("Stop ibuprofen; give acetaminophen 500 mg q6h.")]
[('ibuprofen', 'stop'), ('acetaminophen', 'start')]
"""

from bedside.drugs.doses import Dose, dose
from bedside.drugs.names import Mention, concepts, drug, find, kinds
from bedside.drugs.orders import Action, Order, orders
from bedside.drugs.parts import parts
from bedside.drugs.twice import twice
from bedside.drugs.vocabulary import Drug

__all__ = [
    "Action",
    "Dose",
    "Drug",
    "Mention",
    "Order",
    "concepts",
    "dose",
    "drug",
    "find",
    "kinds",
    "orders",
    "parts",
    "twice",
]
