"""Charts against trials: every criterion judged, how trials rank, and what to ask, by what the answers decide."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bedside.trials.criterion import Condition, Criterion, Judged
from bedside.trials.matching.chart_facts import read_facts
from bedside.trials.matching.fact import Facts
from bedside.trials.matching.found import Rules, Truth
from bedside.trials.matching.judge import Judge
from bedside.trials.matching.vocabulary import Vocabulary
from bedside.trials.trial import Trial
from bedside.types import Chart

Eligibility = Literal["eligible", "possibly", "not eligible"]
WEIGHTS = {"met": 1.0, "likely": 0.9, "open": 0.5, "unlikely": 0.15, "not met": 0.0}
"""What a criterion counts in the order of trials; the score is their geometric mean, no probability."""
NOT_STUDIED = 0.3
"""What it counts that a trial's own condition is not in the chart."""


@dataclass(frozen=True, slots=True)
class Matched:
    """One trial for one chart. `score` orders trials of the same eligibility, from 0 to 1.

    `studied` tells whether the chart has what the trial studies: True, False when it is denied, None when neither.
    """

    trial: str
    title: str
    eligibility: Eligibility
    score: float
    judged: tuple[Judged, ...]
    studied: Truth = None

    def count(self, verdict: str) -> int:
        """How many criteria have this verdict."""
        return sum(1 for one in self.judged if one.verdict == verdict)

    @property
    def none_found(self) -> int:
        """Of the unknown ones, those that the chart does not mention."""
        return sum(1 for one in self.judged if one.verdict == "unknown" and one.none_found)


@dataclass(frozen=True, slots=True)
class Question:
    """Something to ask or measure: what for, and which trials have a criterion that waits for it.

    `alone` are those trials that wait for nothing else.
    """

    condition: Condition
    trials: tuple[str, ...]
    alone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChartMatch:
    """All trials for one chart, the best first, and what to ask, the most deciding first."""

    patient: str
    sex: str
    age: tuple[float, float] | None
    trials: tuple[Matched, ...]
    questions: tuple[Question, ...]


class Matcher:
    """Trials opened once, for any number of charts.

    >>> from bedside.trials.criterion import Condition, Criterion
    >>> from bedside.types import Chart, DeidReport
    >>> age = Condition(kind="age", concept="age", op=">=", start=0, end=5, low=18.0, unit="years")
    >>> adult = Criterion(id="1", trial="T1", side="include", text="Age >= 18", groups=((age,),))
    >>> adults = Trial(id="T1", criteria=(adult,))
    >>> chart = Chart(patient="p", sex="female", age_years=40.0, entries=(), deid=DeidReport("p", "1"))
    >>> Matcher([adults]).match(chart).trials[0].eligibility
    'eligible'
    """

    def __init__(self, trials: Iterable[Trial], rules: Rules | None = None) -> None:
        self.trials = tuple(trials)
        self.words = Vocabulary()
        self.judge = Judge(self.words, rules or Rules())
        self._criteria: list[tuple[Trial, tuple[Criterion, ...], tuple[int, ...]]] = []
        for trial in self.trials:  # every name is known before the first chart is read
            criteria = trial.all_criteria()
            for one in criteria:
                for group in one.groups:
                    for condition in group:
                        self.words.of(condition)
            self._criteria.append((trial, criteria, tuple(self.words.number("diagnosis", c) for c in trial.conditions)))

    def match(self, chart: Chart, *, later: int = 0) -> ChartMatch:
        """One chart against all trials; today is `later` days after its last dated entry."""
        return self.of_facts(read_facts(chart, self.words, later=later))

    def of_facts(self, facts: Facts) -> ChartMatch:
        """The same of a chart that was read."""
        found = [self._trial(trial, criteria, studied, facts) for trial, criteria, studied in self._criteria]
        found.sort(key=_order)
        return ChartMatch(facts.patient, facts.sex, facts.age, tuple(found), questions(found))

    def _trial(self, trial: Trial, criteria: Sequence[Criterion], studied: Sequence[int], facts: Facts) -> Matched:
        judged = tuple(self.judge.judge(one, facts) for one in criteria)
        has = _studied(studied, facts)
        weights = [_weight(one) for one in judged]
        if studied and not trial.healthy and has is not True:
            weights.append(NOT_STUDIED)
        return Matched(trial.id, trial.title, _eligibility(judged), _mean(weights), judged, has)


def questions(matched: Iterable[Matched]) -> tuple[Question, ...]:
    """What to ask of one patient, by how many trials that are still possible wait for it."""
    first: dict[tuple[str, str], Condition] = {}
    waiting: dict[tuple[str, str], dict[str, None]] = {}
    of_trial: dict[str, set[tuple[str, str]]] = {}
    blocked: set[str] = set()
    for one in matched:
        if one.eligibility != "possibly":
            continue
        for judged in one.judged:
            if judged.verdict == "unknown" and not judged.asks:
                blocked.add(one.trial)
            for condition in judged.asks if judged.verdict == "unknown" else ():
                key = (condition.kind, condition.concept.strip().lower())
                first.setdefault(key, condition)
                waiting.setdefault(key, {})[one.trial] = None
                of_trial.setdefault(one.trial, set()).add(key)
    asked = [
        Question(first[key], tuple(trials), tuple(t for t in trials if of_trial[t] == {key} and t not in blocked))
        for key, trials in waiting.items()
    ]
    return tuple(sorted(asked, key=lambda one: (-len(one.trials), -len(one.alone), one.condition.concept)))


def _studied(wanted: Sequence[int], facts: Facts) -> Truth:
    """Whether the chart has any of the conditions that the trial studies."""
    if any(one.state == "present" for number in wanted for one in facts.narrow.get(number, ())):
        return True
    denied = [any(one.state == "denied" for one in facts.own.get(number, ())) for number in wanted]
    return False if denied and all(denied) else None


def _eligibility(judged: Sequence[Judged]) -> Eligibility:
    verdicts = {one.verdict for one in judged}
    if "not met" in verdicts:
        return "not eligible"
    return "possibly" if "unknown" in verdicts or not verdicts else "eligible"


def _weight(one: Judged) -> float:
    if one.verdict != "unknown":
        return WEIGHTS[one.verdict]
    return WEIGHTS["likely" if one.likely == "met" else "unlikely" if one.likely == "not met" else "open"]


def _mean(weights: Sequence[float]) -> float:
    """The geometric mean, so that one unlikely criterion is not outvoted by many likely ones; 0 with one not met."""
    if not weights:
        return 0.0
    if min(weights) == 0:
        return 0.0
    return math.exp(sum(map(math.log, weights)) / len(weights))


def _order(one: Matched) -> tuple[int, int, float, str]:
    place = ("eligible", "possibly", "not eligible").index(one.eligibility)
    return place, one.count("not met"), -one.score, one.trial
