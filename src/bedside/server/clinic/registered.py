"""The models of the registry as this server answers with them: promoted, rolled back and shadowed without a restart.

A version is opened and asked once in each language before it takes the place of the one before, which answers until
then. A version that cannot be opened as it was registered takes no place: what answers goes on, and at a start the last
version that was live and is whole.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from bedside.clinic.audit.log import AuditLog, Event
from bedside.clinic.models.registry import Models
from bedside.clinic.models.versions import Version
from bedside.errors import ServeError, log_fault
from bedside.lang import speaking, tr
from bedside.model.given import Given
from bedside.server.clinic.beside import Beside
from bedside.server.service import WARM_UP, Served
from bedside.types import Failed

log = logging.getLogger("bedside.models")
POLL_S = 1.0
AGAIN_S = 60.0
"""After so long a version that could not be opened is tried again: its folder may have been mended."""


class Engine(Protocol):
    """Where models run: in this process, or wherever their replicas are."""

    @property
    def served(self) -> Sequence[Served]:
        """Those that were named at the start."""
        ...

    @property
    def open(self) -> Callable[[str, Path], Served]:
        """A name and a folder to what answers."""
        ...

    @property
    def retire(self) -> Callable[[Served], None]:
        """Take away what is asked nothing more."""
        ...


Key = tuple[str, int, str]


@dataclass(frozen=True)
class _Route:
    """What answers to a name: the live version, and a share of the requests by its canary."""

    live: Served
    canary: Served | None = None
    share: float = 0.0

    def chosen(self) -> Served:
        return self.canary if self.canary is not None and random.random() < self.share else self.live


class Registered(Mapping[str, Served]):
    """Models by name, for `Context.models`: those named at start, and over these whatever the registry says is live."""

    def __init__(self, models: Models, audit: AuditLog, engine: Engine) -> None:
        self._models, self._audit, self._engine = models, audit, engine
        self._named = {one.name: one for one in engine.served}
        self._opened: dict[Key, Served] = {}
        self._refused: dict[Key, float] = {}
        self._routes: dict[str, _Route] = {}
        self._beside = Beside(lambda version, asked, agreed: models.count(version, asked=asked, agreed=agreed))
        self._ending, self._turn = threading.Event(), threading.Lock()
        self._thread = threading.Thread(target=self._follow, daemon=True, name="models")

    def __enter__(self) -> Registered:
        self.refresh()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()
        self._beside.close()

    def __getitem__(self, name: str) -> Served:
        return self._named[name] if name in self._named else self._routes[name].chosen()

    def __iter__(self) -> Iterator[str]:
        return iter({**self._named, **self._routes})

    def __len__(self) -> int:
        return len({**self._named, **self._routes})

    def refresh(self) -> None:
        """Answer as the registry says now."""
        with self._turn:
            self._refresh()

    def _refresh(self) -> None:
        heard = self._models.heard()
        shadows = {one.name: one for one in heard if one.stage == "shadow"}
        routes, used = {}, set[Key]()
        for live in (one for one in heard if one.stage == "live" and one.name not in self._named):
            served = self._ready(live, used) or self._last_good(live.name, used)
            if served is not None:
                routes[live.name] = self._route(served, shadows.get(live.name), used)
        self._routes = routes
        for key in [key for key in self._opened if key not in used]:
            self._engine.retire(self._opened.pop(key))

    def _route(self, live: Served, shadow: Version | None, used: set[Key]) -> _Route:
        served = self._ready(shadow, used) if shadow else None
        if shadow is None or served is None:
            return _Route(live)
        return _Route(replace(live, advise=self._beside.copied(live.advise, shadow, served)), served, shadow.share)

    def _last_good(self, name: str, used: set[Key]) -> Served | None:
        """What answered before; at a start, the last version that was live and is whole."""
        for key, served in self._opened.items():
            if key[0] == name and self._routes.get(name) and self._routes[name].live.id == served.id:
                used.add(key)
                return served
        before = self._models.before(name)
        return self._ready(before, used) if before else None

    def _ready(self, version: Version, used: set[Key]) -> Served | None:
        """The version, opened and asked once; None where that cannot be."""
        key = (version.name, version.version, version.sha256)
        if key not in self._opened:
            if time.monotonic() - self._refused.get(key, -AGAIN_S) < AGAIN_S:
                return None
            try:
                self._models.check(version)
                self._opened[key] = warmed_up(self._engine.open(version.name, self._models.place(version)))
            except Exception as fault:
                log_fault(log, fault)
                self._refused[key] = time.monotonic()
                self._told(version, "refused")
                return None
            self._told(version, "done")
        used.add(key)
        return self._opened[key]

    def _told(self, version: Version, outcome: str) -> None:
        detail: dict[str, str | int] = {"model": version.name, "version": version.version, "stage": version.stage}
        self._audit.write(Event(action="models.serve", outcome=outcome, via="server", detail=detail))

    def _follow(self) -> None:
        while not self._ending.wait(POLL_S):
            try:
                self.refresh()
            except Exception as fault:  # the database is away: what answers goes on, and this is tried again
                log_fault(log, fault)


def warmed_up(served: Served) -> Served:
    """The model after it has answered once in each language; raises `ServeError` where it cannot."""
    for lang, text in WARM_UP:
        with speaking(lang):
            given = Given(second=text if served.form.two else "")
            (decision,) = served.advise([text], [given], [Counter()])
        if isinstance(decision, Failed):
            raise ServeError(tr("the model cannot answer", "模型无法作答"), value=decision.error_id)
    return served
