"""Where each bar of a waterfall begins and ends, and its drawing: an inline SVG a row, as wide as the page lets it.

Every row has the same scale; colours come from the page. A bar begins where the one above ended; the last is the sum.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import accumulate, pairwise

WIDE, HIGH = 1000, 20
_FAINT = 0.005
"""A bar narrower than this share of the picture is drawn this wide, so that it can be seen."""
_LEAST = 1e-6
"""Units of the score that the picture spans at least."""


@dataclass(frozen=True, slots=True)
class Step:
    """One bar from `start` to `end`, in units of the score."""

    start: float
    end: float


def steps(values: Sequence[float]) -> list[Step]:
    """The bars one after the other, and a last one for their sum.

    >>> steps([2.0, -0.5])
    [Step(start=0.0, end=2.0), Step(start=2.0, end=1.5), Step(start=0.0, end=1.5)]
    """
    ends = list(accumulate(values, initial=0.0))
    bars = [Step(start, end) for start, end in pairwise(ends)]
    return [*bars, Step(0.0, ends[-1])]


def falling(values: Sequence[float], labels: Sequence[str]) -> Iterator[str]:
    """The drawings of a waterfall: one a value, one for the sum; `labels` are read aloud for who cannot see them."""
    bars = steps(values)
    low = min(min(bar.start, bar.end) for bar in bars)
    high = max(max(bar.start, bar.end) for bar in bars)
    for number, (bar, label) in enumerate(zip(bars, labels, strict=True)):
        kind = "sum" if number == len(values) else "for" if bar.end >= bar.start else "against"
        yield _row(bar, low, high, kind, label)


def apart(values: Sequence[float], labels: Sequence[str]) -> Iterator[str]:
    """Drawings of bars that each begin at zero: what speaks for the one to the right, for the other to the left."""
    low, high = min(0.0, *values), max(0.0, *values)
    for value, label in zip(values, labels, strict=True):
        yield _row(Step(0.0, value), low, high, "for" if value >= 0 else "against", label)


def _row(bar: Step, low: float, high: float, kind: str, label: str) -> str:
    scale = WIDE / max(high - low, _LEAST)

    def x(value: float) -> float:
        return (value - low) * scale

    left, wide = x(min(bar.start, bar.end)), abs(bar.end - bar.start) * scale
    wide = max(wide, _FAINT * WIDE)
    left = min(left, WIDE - wide)
    return (
        f'<svg viewBox="0 0 {WIDE} {HIGH}" preserveAspectRatio="none" role="img" aria-label="{escape(label)}">'
        f'<line class="zero" x1="{x(0):.1f}" x2="{x(0):.1f}" y1="0" y2="{HIGH}"/>'
        f'<rect class="{kind}" x="{left:.1f}" y="4" width="{wide:.1f}" height="{HIGH - 8}"/></svg>'
    )
