"""Is the process alive (/livez), and should it get requests (/readyz)? Ready only after the model has answered once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

State = Literal["starting", "ready", "draining", "broken"]


@dataclass
class Health:
    """Where the server is in its life. It moves forward only: starting, ready, draining; or broken, for good.

    `able` says whether a model can answer now, where they run elsewhere and may be gone for a while.
    """

    state: State = "starting"
    able: Callable[[], bool] = lambda: True

    @property
    def ready(self) -> bool:
        """Whether a load balancer should send requests here."""
        return self.state == "ready" and self.able()

    @property
    def draining(self) -> bool:
        """Whether the server is about to stop: each answer is then the last on its connection."""
        return self.state == "draining"

    def warmed_up(self) -> None:
        """The model has answered. A server told to stop meanwhile stays told."""
        if self.state == "starting":
            self.state = "ready"

    def drain(self) -> None:
        """Stop asking for requests; those under way are finished."""
        if self.state != "broken":
            self.state = "draining"

    def broke(self) -> None:
        """The model could not answer even once."""
        self.state = "broken"
