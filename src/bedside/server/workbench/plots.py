"""Values in time as a small plot in the page: a line, its interval as a band, and the same values for a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

WIDTH, HEIGHT, PAD = 320, 84, 4


@dataclass(frozen=True, slots=True)
class Value:
    """One value: when (seconds since 1970), how much, its interval and its number where there are such."""

    at: float
    value: float
    low: float | None = None
    high: float | None = None
    n: int | None = None

    @property
    def when(self) -> str:
        """The time as it is read, UTC."""
        return datetime.fromtimestamp(self.at, UTC).strftime("%Y-%m-%d %H:%M")


@dataclass(frozen=True, slots=True)
class Plot:
    """A named series; `form` is how its numbers are written."""

    name: str
    values: tuple[Value, ...]
    form: str = "{:g}"
    note: str = ""

    @property
    def latest(self) -> str:
        """The last value as it is written; a dash of nothing."""
        return self.shown(self.values[-1].value) if self.values else "–"

    @property
    def top(self) -> float:
        """The greatest value of the plot."""
        return max((max(one.value, one.high or 0.0) for one in self.values), default=0.0)

    @property
    def bottom(self) -> float:
        """Where the plot begins: at 0, but for measurements that all lie far from it, whose changes would not show."""
        lows = [one.low for one in self.values if one.low is not None]
        least = min(lows, default=0.0)
        return least if len(lows) == len(self.values) and least > self.top / 2 else 0.0

    @property
    def ends(self) -> tuple[str, str]:
        """When the first and the last value were, as short as can be."""
        first, last = self.values[0].when, self.values[-1].when
        return (first[11:], last[11:]) if first[:10] == last[:10] or self._hours() <= 24 else (first[5:10], last[5:10])

    @property
    def line(self) -> str:
        """The points of an SVG polyline.

        >>> Plot("requests", (Value(0, 0), Value(3600, 10))).line
        '4.0,80.0 316.0,4.0'
        """
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self._points([one.value for one in self.values]))

    @property
    def band(self) -> str:
        """The points of the interval's polygon; empty where a value has none."""
        bounds = [(one.low, one.high) for one in self.values if one.low is not None and one.high is not None]
        if len(bounds) != len(self.values) or len(bounds) < 2:
            return ""
        above, below = (self._points([bound[side] for bound in bounds]) for side in (1, 0))
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in [*above, *reversed(below)])

    def shown(self, value: float) -> str:
        """A number as it is written here."""
        return self.form.format(value)

    def _points(self, values: Sequence[float]) -> list[tuple[float, float]]:
        times = [one.at for one in self.values]
        span, low, high = (times[-1] - times[0]) or 1.0 if times else 1.0, self.bottom, self.top
        return [
            (
                PAD + (WIDTH - 2 * PAD) * (at - times[0]) / span,
                HEIGHT - PAD - (HEIGHT - 2 * PAD) * (value - low) / ((high - low) or 1.0),
            )
            for at, value in zip(times, values, strict=True)
        ]

    def _hours(self) -> float:
        return (self.values[-1].at - self.values[0].at) / 3600
