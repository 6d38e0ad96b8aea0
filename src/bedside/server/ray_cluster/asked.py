"""Asks the replicas behind a Ray Serve handle: what came back, or why nothing did, in the words of `replicas.py`."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bedside.server.replicas import Broke, Full, Gone, NoneLeft, Question, Told

LOOK_S = 0.5
"""How often the replicas are counted, and how long an unanswered question is left before asking whether any is left."""


@dataclass(frozen=True)
class Asked:
    """The replicas behind a Serve handle (`Replicas`)."""

    handle: Any
    running: Callable[[], int]

    def ask(self, question: Question, timeout_s: float) -> list[Told] | Broke:
        from ray.exceptions import RayActorError
        from ray.serve.exceptions import BackPressureError, DeploymentUnavailableError

        end = time.monotonic() + timeout_s
        try:
            under_way = self.handle.answer.remote(question)
            while True:
                try:
                    return under_way.result(timeout_s=LOOK_S)
                except TimeoutError:
                    if self.running() and time.monotonic() < end:
                        continue
                    under_way.cancel()
                    if self.running():
                        raise
                    raise NoneLeft from None
        except RayActorError:
            raise Gone from None
        except BackPressureError:
            raise Full from None
        except DeploymentUnavailableError:
            raise NoneLeft from None
