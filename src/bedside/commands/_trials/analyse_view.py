"""What an analysis of results says: as JSON, and on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bedside.commands._io import plain, say, table
from bedside.lang import counted, tr
from bedside.trials.results.analysis import Analysis
from bedside.trials.results.drawings import model_name
from bedside.trials.results.page import chance, of_outcome, said
from bedside.trials.results.registered import Outcome


def told(found: Analysis | None, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Plain JSON."""
    told: dict[str, Any] = {"outcomes": [plain(one) for one in outcomes]}
    if found is not None:
        told = {name: plain(getattr(found, name)) for name in _PARTS}
        told["left_out"] = [{"place": place, "what": what} for place, what in found.left_out]
        told["curves"] = [_curve(one) for one in found.curves]
    return told


_PARTS = (
    *("kind", "treated", "control", "effects", "pooled", "exact", "without_each"),
    *("asymmetry_p", "log_rank", "subgroups"),
)


def _curve(one: Any) -> dict[str, Any]:
    arrays = {name: getattr(one, name).tolist() for name in ("times", "chances", "low", "high", "at_risk")}
    median, low, high = one.median()
    return {
        "name": one.name,
        "n": one.n,
        "events": one.events,
        "median": {"value": median, "low": low, "high": high},
        **arrays,
    }


def show(found: Analysis | None, outcomes: Sequence[Outcome]) -> None:
    """The same for people, on the terminal."""
    for one in outcomes:
        _outcome(one)
    if found is None:
        return
    head = (tr("study", "研究"), tr("effect", "效应"))
    rows = [(one.study or f"{found.treated} / {found.control}", said(one)) for one in found.effects]
    rows += [(model_name(one.model), said(one.effect)) for one in found.pooled]
    table(tr("Results", "结果"), head, rows)
    _differ(found)
    for group in found.subgroups:
        p = "–" if group.p is None else chance(group.p)
        title = f"{group.name} ({tr('interaction', '交互作用')} p {p})"
        table(title, head, [(name, said(one)) for name, one in group.effects])
    if found.left_out:
        say(tr(f"{counted(len(found.left_out), 'row')} left out:", f"{len(found.left_out)} 行未使用："))
    for place, what in found.left_out[:10]:
        say(f"  {place}: {what}")


def _outcome(one: Outcome) -> None:
    say(f"{one.trial} {one.title} ({one.time_frame})")
    for name, effect in one.worked_out:
        say(f"  {name} / {one.control}: {said(effect)}")
    if one.stated:
        say(f"  {tr('as registered', '登记结果')}: {of_outcome(one)}")
    if one.disagree:
        say(tr("  ! the registered interval and the one worked out do not meet", "  ！登记区间与计算区间不相交"))


def _differ(found: Analysis) -> None:
    """How far studies differ, or arms."""
    if found.pooled:
        last = found.pooled[-1]
        say(f"I² {last.i2:.0%}, Q {last.q:.1f} (p {chance(last.q_p)}), τ² {last.tau2:.3f}")
    if found.log_rank:
        say(f"{tr('log-rank', 'log-rank 检验')}: χ² {found.log_rank[0]:.2f}, p {chance(found.log_rank[2])}")
    for curve in found.curves:
        median, low, high = ("–" if one is None else f"{one:g}" for one in curve.median())
        shown = tr("not reached", "未达到") if median == "–" else f"{median} [{low}, {high}]"
        say(f"  {curve.name}: n {curve.n}, {tr('events', '事件')} {curve.events}, {tr('median', '中位')} {shown}")
