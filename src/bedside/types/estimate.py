"""A figure with its uncertainty, or the reason why there is none: a bare number is never a metric."""

from __future__ import annotations

from dataclasses import dataclass

LARGEST_SEED = 2**32 - 1
"""What every library that draws by a seed takes; the least is 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure with its uncertainty: interval, how many rows and patients it rests on, the method and the seed."""

    value: float
    low: float
    high: float
    n: int
    n_patients: int
    method: str
    seed: int | None = None
    level: float = 0.95

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undefined:
    """A figure that the data cannot give, and why (one class only, too few patients, ...). Never a 0 in disguise."""

    reason: str
    n: int = 0
    n_patients: int = 0

    def __str__(self) -> str:
        return f"undefined ({self.reason})"


Figure = Estimate | Undefined
