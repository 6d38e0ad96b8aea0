"""Draws a forest plot and survival curves as inline SVG; colours come from the page."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape

from bedside.lang import tr
from bedside.trials.results.curves import Curve
from bedside.trials.results.effects import RATIOS, Effect, no_difference
from bedside.trials.results.pooling import Pooled

_LEFT, _WIDTH, _RIGHT, _STEP = 210, 300, 150, 26
_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)


def forest(effects: Sequence[Effect], pooled: Sequence[Pooled]) -> str:
    """A line a study, its square as large as its share, and a diamond for each way of pooling."""
    measure = effects[0].measure
    scale = _Scale([*effects, *(one.effect for one in pooled)])
    height = _STEP * (len(effects) + len(pooled)) + 52
    bottom = height - 30
    parts = [_line("grid", scale.x(one), 22, scale.x(one), bottom) for one in scale.ticks()]
    parts += [_text("tick", scale.x(one), height - 12, f"{one:g}", "middle") for one in scale.ticks()]
    parts.append(_line("reference", scale.x(no_difference(measure)), 22, scale.x(no_difference(measure)), bottom))
    parts.append(_text("tick", _LEFT + _WIDTH + 14, 14, f"{measure} [{tr('95 % interval', '95% 区间')}]", "start"))
    shares = pooled[-1].weights if pooled else [1 / len(effects)] * len(effects)
    for number, (one, share) in enumerate(zip(effects, shares, strict=True)):
        y = 36 + _STEP * number
        half = 2.5 + 7 * math.sqrt(share)
        at = scale.x(one.value)
        parts.append(_text("", _LEFT - 12, y + 4, one.study or f"{number + 1}", "end"))
        parts.append(_line("theirs", scale.x(one.low), y, scale.x(one.high), y))
        box = f'x="{at - half:.1f}" y="{y - half:.1f}" width="{2 * half:.1f}" height="{2 * half:.1f}"'
        parts.append(f'<rect class="on-line" {box}><title>{escape(one.study)}: {share:.1%}</title></rect>')
        parts.append(_text("value", _LEFT + _WIDTH + 14, y + 4, _said(one), "start"))
    for number, total in enumerate(pooled):
        y = 36 + _STEP * (len(effects) + number)
        left, mid, right = (scale.x(one) for one in (total.effect.low, total.effect.value, total.effect.high))
        if total.prediction:
            parts.append(_line("ours", scale.x(total.prediction[0]), y, scale.x(total.prediction[1]), y))
        parts.append(
            f'<polygon class="ours" points="{left:.1f},{y} {mid:.1f},{y - 7} {right:.1f},{y} {mid:.1f},{y + 7}"/>'
        )
        parts.append(_text("ours", _LEFT - 12, y + 4, model_name(total.model), "end"))
        parts.append(_text("ours", _LEFT + _WIDTH + 14, y + 4, _said(total.effect), "start"))
    return _svg(_LEFT + _WIDTH + _RIGHT, height, parts, tr("Forest plot", "森林图"))


def survival(curves: Sequence[Curve]) -> str:
    """The curves of the arms with their limits, ticks where someone was lost, and how many are at risk."""
    width, left, top = 640, 56, 16
    last = max(float(max([*one.times, *one.lost], default=0)) for one in curves) or 1.0
    below = top + 250

    def x(time: float) -> float:
        return left + (width - left - 20) * time / last

    def y(chance: float) -> float:
        return top + 250 * (1 - chance)

    parts = [_line("grid", left, y(one), width - 20, y(one)) for one in (0, 0.25, 0.5, 0.75, 1)]
    parts += [_text("tick", left - 8, y(one) + 4, f"{one:.0%}", "end") for one in (0, 0.25, 0.5, 0.75, 1)]
    ticks = [last * n / 5 for n in range(6)]
    parts += [_text("tick", x(one), below + 18, f"{one:.3g}", "middle") for one in ticks]
    for number, one in enumerate(curves):
        for chances, kind in ((one.low, "limit"), (one.high, "limit"), (one.chances, "curve")):
            steps = _steps(one, chances)
            parts.append(
                f'<polyline class="{kind} c{number}" points="{" ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in steps)}"/>'
            )
        parts += [
            _line(f"curve c{number}", x(at), y(one.at(at)) - 4, x(at), y(one.at(at)) + 4) for at in one.lost[:400]
        ]
        row = below + 38 + 16 * number
        parts.append(_line(f"curve c{number}", 6, row - 4, 22, row - 4))
        parts += [_text("tick", x(at), row, str(one.seen(at)), "middle") for at in ticks]
    return _svg(width, below + 46 + 16 * len(curves), parts, tr("Survival curves", "生存曲线"))


def model_name(model: str) -> str:
    """A way of pooling in the user's language."""
    return model.replace("fixed", tr("fixed effect", "固定效应")).replace("random", tr("random effects", "随机效应"))


class _Scale:
    """Values to places: ratios by their logarithm, cut where an interval is far wider than the rest."""

    def __init__(self, effects: Sequence[Effect]) -> None:
        self._log = effects[0].measure in RATIOS
        ends = [self._plain(one) for effect in effects for one in (effect.low, effect.high)]
        values = [self._plain(effect.value) for effect in effects] + [self._plain(no_difference(effects[0].measure))]
        span = (max(values) - min(values)) or 1.0
        self.low = max(min(ends), min(values) - 1.5 * span)
        self.high = min(max(ends), max(values) + 1.5 * span)

    def _plain(self, value: float) -> float:
        return math.log(max(value, 1e-9)) if self._log else value

    def x(self, value: float) -> float:
        share = (self._plain(value) - self.low) / ((self.high - self.low) or 1.0)
        return _LEFT + _WIDTH * min(1.0, max(0.0, share))

    def ticks(self) -> list[float]:
        if self._log:
            return [one for one in _TICKS if self.low <= math.log(one) <= self.high]
        step = 10 ** math.floor(math.log10((self.high - self.low) or 1.0))
        first = math.ceil(self.low / step)
        return [round(step * n, 10) for n in range(first, math.floor(self.high / step) + 1)][:12]


def _steps(curve: Curve, chances: Iterable[float]) -> list[tuple[float, float]]:
    """The corners of a curve; where a limit is unknown it ends."""
    points, level = [(0.0, 1.0)], 1.0
    for time, chance in zip(curve.times.tolist(), chances, strict=True):
        if math.isnan(chance):
            return points
        points += [(time, level), (time, float(chance))]
        level = float(chance)
    return [*points, (max([points[-1][0], *curve.lost[-1:].tolist()]), level)]


def _said(one: Effect) -> str:
    return f"{one.value:.2f} [{one.low:.2f}, {one.high:.2f}]"


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _text(kind: str, x: float, y: float, said: str, anchor: str) -> str:
    shown = said if len(said) <= 30 else said[:29] + "…"
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(shown)}</text>'


def _svg(width: float, height: float, parts: Sequence[str], label: str) -> str:
    return f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'
