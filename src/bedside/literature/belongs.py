"""What a figure belongs to: the arm and the outcome, where its sentence tells them; "" where it does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bedside.literature._arms import arm_of, shared_arms
from bedside.literature._outcomes import outcome_of
from bedside.literature._statistic import Statistic

_OF_ARMS = ("n", "proportion", "mean", "median", "change")


def belonging(text: str, figures: Sequence[Statistic]) -> list[Statistic]:
    """The figures of a sentence with their arms and outcomes; places are in the sentence."""
    armed = list(figures)
    for run in _runs(text, figures):
        several = shared_arms(text, [figures[number] for number in run])
        for place, number in enumerate(run):
            one = figures[number]
            start = figures[number - 1].end if number else 0
            stop = figures[number + 1].start if number + 1 < len(figures) else len(text)
            armed[number] = replace(one, arm=several[place] if several else arm_of(text, one, start, stop))
    found: list[Statistic] = []
    for number, one in enumerate(armed):
        start = armed[number - 1].end if number else 0
        outcome = "" if one.kind in ("n", "I2", "r", "kappa", "ICC") else outcome_of(text, one, start, found)
        found.append(replace(one, outcome=outcome))
    return found


def _runs(text: str, figures: Sequence[Statistic]) -> list[list[int]]:
    """The figures that can have an arm, those of one kind that stand next to each other together."""
    runs: list[list[int]] = []
    for number, one in enumerate(figures):
        if one.kind not in _OF_ARMS:
            continue
        last = figures[runs[-1][-1]] if runs and runs[-1][-1] == number - 1 else None
        if last and last.kind == one.kind and one.start - last.end <= 12:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs
