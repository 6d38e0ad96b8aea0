"""Draws the report's figures as inline SVG: colours come from the page, so they follow light, dark and print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import count
from math import ceil

from bedside.lang import tr
from bedside.types import Estimate, Figure

SIDE = 300
_PAD = 44
_NUMBERED = 12  # labels up to which a confusion matrix has room for its numbers


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a dot-and-interval plot; `ours` is drawn in the page's accent."""

    name: str
    figure: Figure
    ours: bool = False


def intervals(rows: Sequence[Row], *, label: str, reference: float | None = None) -> str:
    """Dots with their intervals, a line each, on one scale from 0 to 1, or to 2, 5, 10, ... for what goes beyond.

    Where a figure lies below 0, as a kappa or correlation may, the scale begins below 0, by quarters of its end.
    """
    most = max([1.0] + [row.figure.high for row in rows if isinstance(row.figure, Estimate)])
    top = next(step * 10.0**power for power in count() for step in (1, 2, 5) if step * 10.0**power >= most)
    least = min([0.0] + [row.figure.low for row in rows if isinstance(row.figure, Estimate)])
    below = min(4, ceil(-4 * least / top))
    left, width, step = 230, 330, 26
    height = step * len(rows) + 30

    def x(value: float) -> float:
        return left + width * max(0.0, value / top + below / 4) / (1 + below / 4)

    parts = []
    for quarter in range(-below, 5):
        tick, at = quarter / 4, x(quarter / 4 * top)
        parts.append(f'<line class="grid" x1="{at:.1f}" x2="{at:.1f}" y1="4" y2="{height - 22}"/>')
        parts.append(f'<text class="tick" x="{at:.1f}" y="{height - 6}" text-anchor="middle">{tick * top:g}</text>')
    if reference is not None:
        parts.append(
            f'<line class="reference" x1="{x(reference):.1f}" x2="{x(reference):.1f}" y1="4" y2="{height - 22}"/>'
        )
    for number, row in enumerate(rows):
        y = 18 + step * number
        kind = "ours" if row.ours else "theirs"
        parts.append(
            f'<text class="{kind}" x="{left - 12}" y="{y + 4}" text-anchor="end">{_short(row.name, 34)}</text>'
        )
        if isinstance(row.figure, Estimate):
            value = row.figure
            parts.append(
                f'<line class="{kind}" x1="{x(value.low):.1f}" x2="{x(value.high):.1f}" y1="{y}" y2="{y}"/>'
                f'<circle class="{kind}" cx="{x(value.value):.1f}" cy="{y}" r="4.5"/>'
                f'<text class="value" x="{left + width + 14}" y="{y + 4}">{value}</text>'
            )
        else:
            parts.append(f'<text class="value" x="{left + 8}" y="{y + 4}">— {_short(row.figure.reason, 56)}</text>')
    return _svg("".join(parts), left + width + 150, height, label)


def curve(curves: Mapping[str, Sequence[tuple[float, float]]], *, across: str, up: str, diagonal: bool) -> str:
    """Curves in the unit square with a legend; the curve named "" pools all labels."""
    parts = [_square(across, up)]
    if diagonal:
        parts.append(_line([(0, 0), (1, 1)], "diagonal"))
    pooled = tr("all labels pooled", "全部标签合并")
    below = SIDE + 2 * _PAD
    for number, (name, points) in enumerate(curves.items()):
        parts.append(_line(points, f"curve c{number}"))
        y = below + 4 + 18 * number
        parts.append(f'<line class="curve c{number}" x1="{_PAD}" x2="{_PAD + 22}" y1="{y - 4}" y2="{y - 4}"/>')
        parts.append(f'<text x="{_PAD + 30}" y="{y}">{_short(name or pooled, 36)}</text>')
    return _svg("".join(parts), SIDE + _PAD + 16, below + 18 * len(curves), f"{up} / {across}")


def reliability(points: Sequence[Mapping[str, float]]) -> str:
    """Share that came true against stated probability; a dot's area is its number of rows."""
    across, up = tr("stated probability", "模型给出的概率"), tr("share that came true", "实际发生的比例")
    most = max([point["n"] for point in points] or [1])
    parts = [_square(across, up), _line([(0, 0), (1, 1)], "diagonal")]
    parts.append(_line([(point["confidence"], point["share"]) for point in points], "curve c0"))
    for point in points:
        x, y = _at(point["confidence"], point["share"])
        said = f"{point['confidence']:.2f} → {point['share']:.2f} (n = {point['n']:.0f})"
        radius = 2 + 5 * (point["n"] / most) ** 0.5
        parts.append(f'<circle class="ours" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"><title>{said}</title></circle>')
    return _svg("".join(parts), SIDE + _PAD + 16, SIDE + 2 * _PAD, tr("reliability diagram", "可靠性图"))


def confusion(labels: Sequence[str], counts: Sequence[Sequence[int]]) -> str:
    """Rows are the truth, columns the answer; shade is the share of the row, numbers are shown where they fit."""
    k = len(labels)
    cell = max(12, min(54, 640 // k))
    left, top = min(190, 12 + 7 * max(map(_width, labels))), min(150, 30 + 5 * max(map(_width, labels)))
    parts = []
    for i, name in enumerate(labels):
        y, total = top + cell * i, sum(counts[i])
        parts.append(f'<text x="{left - 8}" y="{y + cell / 2 + 4:.1f}" text-anchor="end">{_short(name, 26)}</text>')
        x = left + cell * i + cell / 2
        parts.append(f'<text transform="translate({x + 4:.1f} {top - 8}) rotate(-50)">{_short(name, 22)}</text>')
        for j, number in enumerate(counts[i]):
            share = number / total if total else 0.0
            kind = "hit" if i == j else "miss"
            told = f"{escape(name)} → {escape(labels[j])}: {number}"
            box = f'x="{left + cell * j}" y="{y}" width="{cell - 1}" height="{cell - 1}"'
            parts.append(f'<rect class="cell" {box}/>')
            if number:
                parts.append(
                    f'<rect class="{kind}" {box} opacity="{0.12 + 0.88 * share:.2f}"><title>{told}</title></rect>'
                )
            if number and k <= _NUMBERED:
                tone = "on" if share > 0.5 else "off"
                middle = left + cell * j + cell / 2 - 0.5
                parts.append(
                    f'<text class="{tone}" x="{middle}" y="{y + cell / 2 + 4:.1f}" text-anchor="middle">{number}</text>'
                )
    return _svg("".join(parts), left + cell * k + 60, top + cell * k + 6, tr("confusion matrix", "混淆矩阵"))


def _square(across: str, up: str) -> str:
    parts = []
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = _at(tick, tick)
        parts.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{8}" y2="{SIDE + 8}"/>')
        parts.append(f'<line class="grid" x1="{_PAD}" x2="{_PAD + SIDE}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="tick" x="{x:.1f}" y="{SIDE + 24}" text-anchor="middle">{tick:g}</text>')
        parts.append(f'<text class="tick" x="{_PAD - 6}" y="{y + 4:.1f}" text-anchor="end">{tick:g}</text>')
    parts.append(f'<text x="{_PAD + SIDE / 2}" y="{SIDE + 46}" text-anchor="middle">{escape(across)}</text>')
    middle = 8 + SIDE / 2
    parts.append(f'<text transform="translate(10 {middle}) rotate(-90)" text-anchor="middle">{escape(up)}</text>')
    return "".join(parts)


def _at(x: float, y: float) -> tuple[float, float]:
    return _PAD + SIDE * x, 8 + SIDE * (1 - y)


def _line(points: Sequence[tuple[float, float]], kind: str) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (_at(*point) for point in points))
    return f'<polyline class="{kind}" points="{path}"/>'


def _svg(inside: str, width: float, height: float, label: str) -> str:
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" style="max-width:{width:.0f}px" role="img" '
        f'aria-label="{escape(label)}">{inside}</svg>'
    )


def _width(text: str) -> int:
    """Columns of a text, Chinese counted double."""
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


def _short(text: str, columns: int) -> str:
    """The text cut to a number of columns, escaped."""
    kept: list[str] = []
    used = 0
    for char in text:
        used += _width(char)
        if used > columns:
            return escape("".join(kept)) + "…"
        kept.append(char)
    return escape(text)
