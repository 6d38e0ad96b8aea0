"""The figures of a ward at work as tables: latency by kind of request with intervals, errors, processor, memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from _clinic_watch import growth

RESAMPLES = 1000
CARDS = "card"


def as_table(figures: dict[str, Any]) -> str:
    """Every server's figures, one after the other."""
    lines = []
    for part, title in (("ward", "a ward at work"), ("model", "users who only call the encoder")):
        for name, seen in figures.get(part, {}).items():
            lines += [f"\n{title}: {name}", *_rows(seen["answers"]), *_process(seen)]
    return "\n".join(lines).strip()


def _rows(answers: Sequence[Sequence[Any]]) -> list[str]:
    kinds: dict[str, list[Sequence[Any]]] = defaultdict(list)
    for one in answers:
        kinds[one[1]].append(one)
        if one[1].startswith(CARDS):
            kinds["all cards"].append(one)
    head = f"{'kind':20} {'n':>6} {'share':>6} {'errors':>6} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8}  p99, 95 %"
    return [head, *(_row(kind, kinds[kind], len(answers)) for kind in sorted(kinds))]


def _row(kind: str, answers: Sequence[Sequence[Any]], total: int) -> str:
    times = np.array([ms for _, _, _, ms in answers])
    errors = sum(status >= 400 or status == 0 for _, _, status, _ in answers)
    p50, p95, p99 = np.quantile(times, [0.5, 0.95, 0.99])
    low, high = _interval(answers)
    told = f"{kind:20} {len(times):6} {len(times) / total:6.1%} {errors:6} {p50:8.1f} {p95:8.1f} {p99:8.1f}"
    return f"{told}  {low:.0f} to {high:.0f}"


def _interval(answers: Sequence[Sequence[Any]]) -> tuple[float, float]:
    """Of the p99, by drawing users with all their answers."""
    by_user: dict[str, list[float]] = defaultdict(list)
    for user, _, _, ms in answers:
        by_user[user].append(ms)
    users, dice = [np.array(times) for times in by_user.values()], np.random.default_rng(0)
    drawn = (dice.integers(0, len(users), len(users)) for _ in range(RESAMPLES))
    found = [np.quantile(np.concatenate([users[at] for at in draw]), 0.99) for draw in drawn]
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)


def _process(seen: dict[str, Any]) -> list[str]:
    seconds, answers = seen["seconds"], len(seen["answers"])
    held = [own for _, own, _ in seen["samples"]]
    files = [of_files for _, _, of_files in seen["samples"]]
    told = [
        f"{answers / seconds:.1f} requests a second; of one core: server {seen['cpu_s'] / seconds:.0%}, users "
        f"{seen['client_cpu_s'] / seconds:.0%}; {seen['cpu_s'] / answers * 1e3:.1f} ms of processor a request"
    ]
    if held:
        told.append(f"memory {held[0]:.0f} MiB at first, {max(held):.0f} at most, {held[-1]:.0f} at last")
        told.append(f"beside it pages of files: {files[0]:.0f} MiB at first, {files[-1]:.0f} at last")
    for unit, after, name in (
        (60, 0.2, "a minute"),
        (1000 * seconds / answers, 0.5, "each 1,000 requests, second half"),
    ):
        if slope := growth([(at, own) for at, own, _ in seen["samples"]], unit, after):
            told.append("grows {:+.2f} MiB {name} (95 % {:+.2f} to {:+.2f})".format(*slope, name=name))
    return told
