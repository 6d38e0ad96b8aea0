"""Draws a search: what mattered, how it went, and the figure along each setting; inline SVG in the page's colours."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from bedside.evaluate.pages.plots import _short, _svg
from bedside.lang import tr

WIDTH, HEIGHT, PAD = 560, 240, 48
SLICE, SLICE_PAD = 240, 40


def importances(shares: Mapping[str, float]) -> str:
    """A bar a setting, longest first."""
    left, width, step = 180, 320, 24
    most = max(shares.values(), default=1.0) or 1.0
    parts = []
    for number, (name, share) in enumerate(shares.items()):
        y = 6 + step * number
        long = width * share / most
        parts.append(f'<text x="{left - 10}" y="{y + 13}" text-anchor="end">{_short(name, 26)}</text>')
        parts.append(f'<rect class="hit" x="{left}" y="{y}" width="{max(long, 1):.1f}" height="16"/>')
        parts.append(f'<text class="value" x="{left + long + 8:.1f}" y="{y + 13}">{share:.0%}</text>')
    return _svg("".join(parts), left + width + 60, step * len(shares) + 12, tr("what mattered", "影响大小"))


def history(trials: Sequence[Mapping[str, Any]], metric: str) -> str:
    """A dot a finished trial, a cross a pruned one at its last figure, and the best so far as a line."""
    ends = [(one, _end(one)) for one in trials]
    values = [value for _, value in ends if value is not None]
    if not values:
        return ""
    low, high = _room(values)
    last = max(1, *(one["number"] for one in trials))

    def at(number: int, value: float) -> tuple[float, float]:
        across = PAD + (WIDTH - 2 * PAD) * number / last
        return across, 10 + (HEIGHT - PAD) * (1 - (value - low) / (high - low))

    parts = [_ticks(low, high)]
    best, steps = -math.inf, []
    for one, value in ends:
        if value is None:
            continue
        x, y = at(one["number"], value)
        said = f"<title>{one['number']}: {value:.3f}</title>"
        if one["state"] == "done":
            best = max(best, value)
            steps.append(at(one["number"], best))
            parts.append(f'<circle class="ours" cx="{x:.1f}" cy="{y:.1f}" r="4">{said}</circle>')
        else:
            cross = f"M{x - 3:.1f},{y - 3:.1f}l6,6m0,-6l-6,6"
            parts.append(f'<path d="{cross}" class="curve c1" fill="none">{said}</path>')
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in steps)
    parts.append(f'<polyline class="curve c0" points="{line}"/>')
    middle = WIDTH / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 4}" text-anchor="middle">{tr("trial", "试验")} 0–{last}</text>')
    return _svg("".join(parts), WIDTH, HEIGHT, f"{metric} / {tr('trial', '试验')}")


def slices(trials: Sequence[Mapping[str, Any]], axis: str, told: Any) -> str:
    """The figure of each finished trial against one setting; `told` is the setting's part of the space."""
    dots = [
        (one["settings"][axis], one["value"]) for one in trials if one["state"] == "done" and axis in one["settings"]
    ]
    if not dots:
        return ""
    low, high = _room([value for _, value in dots])
    places, marks = _across([given for given, _ in dots], told)
    parts = []
    for place, (given, value) in zip(places, dots, strict=True):
        x = SLICE_PAD + (SLICE - 2 * SLICE_PAD + 30) * place
        y = 10 + (SLICE - 2 * SLICE_PAD) * (1 - (value - low) / (high - low))
        said = f"<title>{_short(str(given), 30)}: {value:.3f}</title>"
        parts.append(f'<circle class="ours" opacity="0.7" cx="{x:.1f}" cy="{y:.1f}" r="4">{said}</circle>')
    for place, mark in marks:
        x = SLICE_PAD + (SLICE - 2 * SLICE_PAD + 30) * place
        parts.append(f'<text class="tick" x="{x:.1f}" y="{SLICE - 46}" text-anchor="middle">{_short(mark, 12)}</text>')
    for value, y in ((high, 16.0), (low, SLICE - 70.0)):
        parts.append(f'<text class="tick" x="2" y="{y}">{value:.2f}</text>')
    parts.append(f'<text x="{SLICE / 2}" y="{SLICE - 24}" text-anchor="middle">{_short(axis, 30)}</text>')
    return _svg("".join(parts), SLICE, SLICE - 16, axis)


def _end(one: Mapping[str, Any]) -> float | None:
    """Where a trial stood when it ended."""
    if one["value"] is not None:
        return float(one["value"])
    course = one["course"]
    return float(course[max(course, key=int)]) if course else None


def _room(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    spare = (high - low) * 0.08 or 0.01
    return low - spare, high + spare


def _ticks(low: float, high: float) -> str:
    parts = []
    for share in (0.0, 0.5, 1.0):
        y = 10 + (HEIGHT - PAD) * (1 - share)
        parts.append(f'<line class="grid" x1="{PAD}" x2="{WIDTH - PAD}" y1="{y:.1f}" y2="{y:.1f}"/>')
        value = low + (high - low) * share
        parts.append(f'<text class="tick" x="{PAD - 6}" y="{y + 4:.1f}" text-anchor="end">{value:.3f}</text>')
    return "".join(parts)


def _across(given: Sequence[Any], told: Any) -> tuple[list[float], list[tuple[float, str]]]:
    """Places from 0 to 1 of the values, and what is written below: the ends of a range, or every choice."""
    if isinstance(told, Mapping):
        scale = math.log if told.get("log") else float
        low, high = scale(told["low"]), scale(told["high"])
        places = [(scale(value) - low) / (high - low) for value in given]
        return places, [(0.0, f"{told['low']:g}"), (1.0, f"{told['high']:g}")]
    names = list(dict.fromkeys([*map(str, told or ()), *map(str, given)]))
    step = 1 / max(1, len(names) - 1)
    return [names.index(str(value)) * step for value in given], [(i * step, name) for i, name in enumerate(names)]
