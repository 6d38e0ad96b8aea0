"""What every part of the clinical server is given: the settings, what is kept, the guard and the models."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from bedside.clinic.open import Clinic
from bedside.server.clinic.diagnostician import Diagnostician
from bedside.server.clinic.librarian import Librarian
from bedside.server.clinic.metrics import ClinicMetrics
from bedside.server.clinic.settings import ClinicSettings
from bedside.server.clinic.tokens import Tokens
from bedside.server.health import Health
from bedside.server.limits import RateLimit
from bedside.types.verdict import Proposal, Verdict

if TYPE_CHECKING:
    from bedside.server.service import Served

Guard = Callable[[Proposal], Verdict]
"""Judges what would be put before a reader; every advice passes through it."""


@dataclass(frozen=True)
class Context:
    """One server's world. `judge` is asked through `guard`; `models` are what is served beside it, by name."""

    settings: ClinicSettings
    clinic: Clinic
    judge: Guard
    models: Mapping[str, Served] = field(default_factory=dict)
    health: Health = field(default_factory=Health)
    metrics: ClinicMetrics = field(default_factory=ClinicMetrics)

    def guard(self, proposal: Proposal) -> Verdict:
        """The verdict on a proposal, counted."""
        found = self.judge(proposal)
        self.metrics.verdict(found.outcome)
        return found

    @cached_property
    def tokens(self) -> Tokens:
        """The issuers whose signed tokens let in."""
        return Tokens(self.settings.issuers)

    @cached_property
    def rate(self) -> RateLimit:
        """Requests a second of one caller."""
        return RateLimit(self.settings.limits.requests_per_second)

    @cached_property
    def logins(self) -> RateLimit:
        """Logins from one address."""
        return RateLimit(self.settings.limits.logins_per_minute / 60, burst_s=60)

    @cached_property
    def diagnostician(self) -> Diagnostician:
        """Who ranks diseases; opened at the first question."""
        return Diagnostician()

    @cached_property
    def librarian(self) -> Librarian | None:
        """Who answers from the library, where the settings name one."""
        return Librarian(self.settings.library) if self.settings.library else None
