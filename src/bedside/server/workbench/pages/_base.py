"""What a file of this folder declares: an address, the action that it needs, its name, and the routes below it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter

from bedside.clinic.permissions import Action
from bedside.server.clinic.context import Context


@dataclass(frozen=True, slots=True)
class Page:
    """A place of the workbench; what stands at a lower `order` comes first in the list of places.

    Every route below `address` asks for an action of its own (`require`); `action` decides whose list shows the place.
    One with `{patient_id}` in its address is a tab on each patient's page, its template extends `of_patient.html`.
    Another package adds one through the entry points `bedside.pages`.
    """

    address: str
    action: Action
    english: str
    chinese: str
    order: int
    add: Callable[[APIRouter, Context], None]

    @property
    def of_patient(self) -> bool:
        """Whether it is a tab on each patient's page."""
        return "{patient_id}" in self.address
