"""Who asks: a person or a program that has shown who it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bedside.clinic.scopes import Scopes

Via = Literal["key", "session", "token", "certificate", "nobody"]
"""How it was shown: an API key, a login in a browser, an issuer's signed token, a client certificate, not at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Someone let in; `id` is what the audit log, grants and rate limits know them by. `csrf` belongs to a login.

    `patient` is the only one that this caller may reach, where there is one; `scopes` are what a SMART token grants,
    None for everybody else.
    """

    id: str
    name: str
    role: str
    via: Via
    csrf: str = ""
    patient: str = ""
    scopes: Scopes | None = None


NOBODY = Principal(id="", name="", role="", via="nobody")
