"""What every part of the clinical server is given: the settings, what is kept, the guard and the models."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bedside.clinic.open import Clinic
from bedside.clinic.watch.watch import Watch, open_watch
from bedside.exchange.backend import BackendClient
from bedside.exchange.peers import Peers
from bedside.exchange.signing import SigningKey, read_signing_key
from bedside.server.clinic.diagnostician import Diagnostician, ServedWriter
from bedside.server.clinic.librarian import Librarian
from bedside.server.clinic.metrics import ClinicMetrics
from bedside.server.clinic.observed import Observed
from bedside.server.clinic.settings import ClinicSettings
from bedside.server.clinic.tokens import Tokens
from bedside.server.clinic.tracing import Tracing
from bedside.server.health import Health
from bedside.server.limits import RateLimit
from bedside.spans import span
from bedside.types.verdict import Proposal, Verdict

if TYPE_CHECKING:
    from bedside.server.service import Served

Guard = Callable[[Proposal], Verdict]
"""Judges what would be put before a reader; every advice passes through it."""


@dataclass(frozen=True)
class Context:
    """One server's world. `judge` is asked through `guard`, and `served`, the models by name, through `models`."""

    settings: ClinicSettings
    clinic: Clinic
    judge: Guard
    served: Mapping[str, Served] = field(default_factory=dict)
    health: Health = field(default_factory=Health)
    metrics: ClinicMetrics = field(default_factory=ClinicMetrics)
    tracing: Tracing | None = None

    def guard(self, proposal: Proposal) -> Verdict:
        """The verdict on a proposal, counted."""
        with span("guards") as note:
            found = self.judge(proposal)
            note(verdict=found.outcome, findings=len(found.findings))
        self.metrics.verdict(found)
        return found

    @cached_property
    def models(self) -> Mapping[str, Served]:
        """The models by name, their answers counted and kept for the watch."""
        return Observed(self.served, self.metrics, self.watch.ground.answers.note)

    @cached_property
    def watch(self) -> Watch:
        """Who keeps watch over this server; raises ConfigError for an address of alerts that is not listed."""
        settings, metrics = self.settings, self.metrics
        return open_watch(
            self.clinic, settings.watch, settings.outbound, registry=metrics.registry, told=metrics.notice
        )

    @cached_property
    def tokens(self) -> Tokens:
        """The issuers whose signed tokens let in."""
        return Tokens(self.settings.issuers)

    @cached_property
    def peers(self) -> Peers:
        """The servers that this one may speak to."""
        return Peers(self.settings.outbound)

    @cached_property
    def signing_keys(self) -> Mapping[Path, SigningKey]:
        """The keys by which this server shows who it is to others, by their files."""
        files = [*(one.key for one in self.settings.fhir_servers), *(one.key for one in self.settings.logins)]
        return {path: read_signing_key(path) for path in files if path is not None}

    @cached_property
    def backends(self) -> Mapping[str, BackendClient]:
        """The FHIR servers that this one is registered with, by their addresses."""
        return {
            one.fhir.rstrip("/"): BackendClient(
                self.peers, one.fhir, one.client_id, self.signing_keys[one.key], one.scopes
            )
            for one in self.settings.fhir_servers
        }

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
        name = self.settings.differential_writer
        asked = ServedWriter(name, self.models, self.settings.differential_weight) if name else None
        return Diagnostician(asked)

    @cached_property
    def librarian(self) -> Librarian | None:
        """Who answers from the library, where the settings name one."""
        return Librarian(self.settings.library, told=self.metrics.answer) if self.settings.library else None
