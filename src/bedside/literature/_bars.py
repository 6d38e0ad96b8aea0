"""Counts by name as bars, and by year as columns (inline SVG); colours come from the page, no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from bedside.lang import tr


def bars(rows: Sequence[tuple[str, int]], *, label: str) -> str:
    """A bar a row with its number behind, as wide as the page allows; the longest is the most.

    >>> bars([("cohort", 3)], label="designs").count('class="bar"')
    1
    """
    most = max((number for _, number in rows), default=1) or 1
    parts = [
        f'<div class="bar"><span class="name" title="{escape(name)}">{escape(name)}</span>'
        f'<span class="track"><i style="width:{100 * number / most:.1f}%"></i></span><b>{number:,}</b></div>'
        for name, number in rows
    ]
    return f'<div class="bars" role="group" aria-label="{escape(label)}">{"".join(parts)}</div>'


def years(counts: Mapping[int, int], *, label: str) -> str:
    """A column a year from the first to the last, gaps included; beyond 60 years only the last 60, and it says so."""
    if not counts:
        return ""
    last = max(counts)
    first = max(min(counts), last - 59)
    span = last - first + 1
    step = min(34.0, 560 / span)
    most = max(counts.values())
    height, foot = 150, 172
    parts = [f'<line class="grid" x1="30" x2="{40 + step * span:.0f}" y1="{height}" y2="{height}"/>']
    every = max(1, -(-span // 10))
    for place, year in enumerate(range(first, last + 1)):
        number, x = counts.get(year, 0), 36 + step * place
        tall = 120 * number / most
        if number:
            parts.append(
                f'<rect class="hit" x="{x:.1f}" y="{height - tall:.1f}" width="{max(2.0, step - 3):.1f}" '
                f'height="{tall:.1f}" '
                f'rx="1"><title>{year}: {number}</title></rect>'
            )
            if span <= 20:
                parts.append(
                    f'<text class="value" x="{x + step / 2 - 1.5:.1f}" y="{height - tall - 5:.1f}" '
                    f'text-anchor="middle">{number}</text>'
                )
        if (last - year) % every == 0:
            parts.append(
                f'<text class="tick" x="{x + step / 2 - 1.5:.1f}" y="{foot}" text-anchor="middle">{year}</text>'
            )
    if (before := sum(number for year, number in counts.items() if year < first)) > 0:
        parts.append(
            f'<text class="tick" x="36" y="14">{tr(f"before {first}: {before}", f"{first} 年以前：{before}")}</text>'
        )
    return _svg("".join(parts), max(320.0, 60 + step * span), foot + 8, label)


def _svg(inside: str, width: float, height: float, label: str) -> str:
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" '
        f'style="max-width:{width:.0f}px;min-width:{min(width, 520):.0f}px" '
        f'role="img" '
        f'aria-label="{escape(label)}">{inside}</svg>'
    )
