"""What the monitoring page shows: traffic, times, verdicts, answers, cards by rule, drift and outcomes, all in time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bedside.clinic.watch.checks.overrides import CARDS, rates
from bedside.clinic.watch.checks.service import percentile
from bedside.clinic.watch.tallies import HOUR_S, Tally
from bedside.clinic.watch.watch import Watch
from bedside.clinic.watch.words import name_of
from bedside.lang import tr
from bedside.server.workbench.plots import Plot, Value
from bedside.types import Estimate
from bedside.types.verdict import PRECEDENCE

REQUESTS, SECONDS = "bedside_http_requests_total", "bedside_http_request_seconds_bucket"
VERDICTS, ANSWERS = "bedside_guard_verdicts_total", "bedside_answers_total"
PERIODS = {1: 1, 7: 24, 28: 24, 90: 24}
"""Days that may be looked at, and the hours of one step."""
SHARE = "{:.1%}"
By = dict[int, list[Tally]]


@dataclass(frozen=True, slots=True)
class Rule:
    """The cards of a rule: how often shown, accepted, overridden; the share overridden of those told of."""

    name: str
    shown: int
    accepted: int
    overridden: int
    share: Estimate | None
    plot: Plot


def monitored(watch: Watch, days: int, now: float) -> dict[str, Any]:
    """All that the page needs, in the language in force."""
    step = PERIODS[days]
    since = int(now // HOUR_S) - days * 24 + 1
    since -= since % step
    tallies = watch.ground.tallies.read([REQUESTS, SECONDS, VERDICTS, ANSWERS, CARDS], since)
    measured = watch.points.series("", since * HOUR_S)
    return {
        "traffic": _traffic(tallies, step),
        "verdicts": _shares(tallies, VERDICTS, "verdict", step, _verdict_name),
        "answers": _abstentions(tallies, step),
        "rules": _rules(tallies, measured),
        "drift": [_of_points(name, found) for name, found in measured.items() if name.startswith("drift/")],
        "outcomes": [
            _of_points(name, found)
            for name, found in measured.items()
            if name.startswith(("outcome/", "group/", "reevaluated/"))
        ],
    }


def _traffic(tallies: Sequence[Tally], step: int) -> list[Plot]:
    requests = _by_step(tallies, REQUESTS, step)
    seconds = _by_step(tallies, SECONDS, step)
    return [
        Plot(
            tr("Requests", "请求数"),
            _values(requests, _total),
            "{:,.0f}",
            tr("the last is not over yet", "末项尚未结束"),
        ),
        Plot(
            tr("Requests that failed by our own fault", "系统故障导致的失败"),
            _values(requests, lambda found: _total(one for one in found if one.labels["status"] in ("500", "503"))),
            "{:,.0f}",
        ),
        Plot(
            tr("95th percentile of answers, at least", "响应时间 95 分位数（下限）"),
            _values(seconds, lambda found: percentile(found, 0.95)),
            "{:g} s",
        ),
    ]


def _shares(tallies: Sequence[Tally], name: str, label: str, step: int, called: Callable[[str], str]) -> list[Plot]:
    """A plot for each value of a label: its share of all."""
    steps = _by_step(tallies, name, step)
    kinds = sorted({one.labels[label] for found in steps.values() for one in found}, key=_gravity)
    return [
        Plot(called(kind), _values(steps, _share_of(label, kind)), SHARE, note=_count(steps, label, kind))
        for kind in kinds
    ]


def _abstentions(tallies: Sequence[Tally], step: int) -> list[Plot]:
    """For each model and the library, the share of answers that were withheld."""
    every = [one for one in tallies if one.name == ANSWERS]
    plots = []
    for source in sorted({one.labels["source"] for one in every}):
        mine = _by_step([one for one in every if one.labels["source"] == source], ANSWERS, step)
        said = tr(f"{source}: withheld", f"{source}：未作答")
        plots.append(Plot(said, _values(mine, _share_of("outcome", "abstained")), SHARE, note=_count(mine, "", "")))
    return plots


def _rules(tallies: Sequence[Tally], measured: dict[str, list[Any]]) -> list[Rule]:
    cards = [one for one in tallies if one.name == CARDS]
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in cards:
        counts[one.labels["rule"]][one.labels["outcome"]] += int(one.value)
    shares = rates(cards)
    rules = [
        Rule(
            rule,
            found["shown"],
            found["accepted"],
            found["overridden"],
            shares.get(rule),
            _of_points(f"override/{rule}", measured.get(f"override/{rule}", [])),
        )
        for rule, found in counts.items()
    ]
    return sorted(rules, key=lambda one: (-one.overridden, -one.shown, one.name))


def _of_points(series: str, found: Iterable[Any]) -> Plot:
    """A measured series by its own name: `drift/triage/label` is "triage · label"."""
    values = tuple(Value(one.at, one.value, one.low, one.high, one.n) for one in found)
    shaded = series.startswith("drift/") and any(one.high is not None for one in values)
    note = tr("shaded: what chance gives", "阴影：随机期望") if shaded else ""
    return Plot(" · ".join(map(name_of, series.split("/")[1:])), values, "{:.3f}", note)


def _by_step(tallies: Iterable[Tally], name: str, step: int) -> By:
    found: By = defaultdict(list)
    for one in tallies:
        if one.name == name:
            found[one.hour - one.hour % step].append(one)
    return found


def _values(steps: By, made: Callable[[list[Tally]], float]) -> tuple[Value, ...]:
    return tuple(Value(hour * HOUR_S, made(found)) for hour, found in sorted(steps.items()))


def _total(found: Iterable[Tally]) -> float:
    return sum(one.value for one in found)


def _share_of(label: str, kind: str) -> Callable[[list[Tally]], float]:
    def share(found: list[Tally]) -> float:
        return _total(one for one in found if one.labels[label] == kind) / (_total(found) or 1.0)

    return share


def _count(steps: By, label: str, kind: str) -> str:
    """How many there were in the whole period."""
    every = [one for found in steps.values() for one in found]
    mine = _total(one for one in every if not label or one.labels[label] == kind)
    return f"n = {mine:,.0f}"


def _gravity(outcome: str) -> int:
    """Places a verdict among the others, the mildest first."""
    return -PRECEDENCE.index(outcome) if outcome in PRECEDENCE else 1


def _verdict_name(outcome: str) -> str:
    said = {
        "allow": tr("allowed", "通过"),
        "warn": tr("with a warning", "警告"),
        "block": tr("held back", "拦截"),
        "out_of_scope": tr("out of scope", "超出范围"),
        "emergency": tr("emergency", "急症"),
    }
    return said.get(outcome, outcome)
