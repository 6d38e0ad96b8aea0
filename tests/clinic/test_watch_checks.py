"""What the checks see: drift where there is some, none where there is none, calibration lost, a group left behind."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bedside.clinic._database import Database, open_database
from bedside.clinic.jobs.jobs import Jobs
from bedside.clinic.watch._tables import answers as answers_table
from bedside.clinic.watch.answers import Answered, Answers, check_groups
from bedside.clinic.watch.checks import drift, measured, outcomes, overrides, reevaluate, refit, service
from bedside.clinic.watch.checks._base import Ground
from bedside.clinic.watch.retraining import Live, Retraining
from bedside.clinic.watch.settings import WatchSettings
from bedside.clinic.watch.tallies import HOUR_S, Tallies
from bedside.errors import UsageError
from bedside.review import Item, Plan, Queue, decide, enqueue
from bedside.server.clinic.metrics import ClinicMetrics

DAY = 86_400.0
NOW = 1_800_000_000.0
FIRST = NOW - 60 * DAY
KEY = b"k" * 32
LABELS = ("routine", "urgent")


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Ground]:
    """A store without anything in it yet."""
    opened = open_database(tmp_path)
    yield over(opened, tmp_path)
    opened.close()


@pytest.fixture
def anywhere(database: Database, tmp_path: Path) -> Ground:
    """The same over each kind of database."""
    return over(database, tmp_path)


def over(database: Database, tmp_path: Path) -> Ground:
    data = tmp_path / "data"
    (data / "models" / "triage" / "3").mkdir(parents=True)
    work = Retraining(lambda: [Live("triage", 3, NOW - DAY)], Jobs(database, data, KEY), data / "review.sqlite", data)
    return Ground(
        WatchSettings(least_rows=60, least_corrections=2), Tallies(database, "s"), Answers(database, KEY), work
    )


def answered(id: str, urgent: float, *, language: str = "en", kind: str = "answered") -> Answered:
    label = "urgent" if urgent > 0.5 else "routine"
    stated = {"urgent": urgent, "routine": 1 - urgent}
    return Answered(
        id=id,
        model="triage",
        version="v1",
        kind=kind,
        label=label,
        probabilities=stated,
        characters=90,
        language=language,
    )


def fill(
    ground: Ground, when: float, draw: Callable[[random.Random], float], *, n: int = 120, seed: int = 0, **more: Any
) -> None:
    """So many answers at one time, with chances of "urgent" as drawn."""
    dice = random.Random(seed)
    for at in range(n):
        ground.answers.note(answered(f"{when:.0f}-{at}", draw(dice), **more), when)
    ground.answers.write(when)


def tell(
    ground: Ground, when: float, truth: Callable[[random.Random, int], tuple[str, dict[str, str]]], n: int = 120
) -> None:
    """The outcomes of those answers."""
    dice = random.Random(1)
    for at in range(n):
        label, groups = truth(dice, at)
        assert ground.answers.outcome(f"{when:.0f}-{at}", label, groups, when + DAY) == "kept"


def codes(found: Any) -> list[str]:
    return sorted({f"{one.code} {one.subject}" for one in found.signals})


def test_a_ward_that_suddenly_sends_the_gravely_ill_shows_as_drift_of_labels_and_confidence(ground: Ground) -> None:
    fill(ground, FIRST, lambda dice: dice.uniform(0.0, 0.6))
    fill(ground, NOW - DAY, lambda dice: dice.uniform(0.5, 1.0), seed=1)
    found = drift.look(ground, NOW)
    assert "drifted triage label" in codes(found)
    assert "drifted_together triage probabilities" in codes(found)
    assert {"drift/triage/label", "drift/triage/probabilities"} <= {one.series for one in found.points}


def test_the_same_patients_as_before_show_no_drift(ground: Ground) -> None:
    fill(ground, FIRST, lambda dice: dice.uniform(0.0, 1.0))
    fill(ground, NOW - DAY, lambda dice: dice.uniform(0.0, 1.0), seed=1)
    found = drift.look(ground, NOW)
    assert (found.signals, found.detail) == ([], {"models": 1})
    assert len(found.points) >= 4  # measured all the same


def test_texts_in_another_language_show_as_drift_and_too_few_answers_as_nothing(ground: Ground) -> None:
    fill(ground, FIRST, lambda dice: dice.uniform(0.0, 1.0))
    fill(ground, NOW - DAY, lambda dice: dice.uniform(0.0, 1.0), seed=1, n=40, language="zh")
    assert drift.look(ground, NOW).detail == {"models": 0}
    fill(ground, NOW - 2 * DAY, lambda dice: dice.uniform(0.0, 1.0), seed=2, language="zh")
    assert codes(drift.look(ground, NOW)) == ["drifted triage language"]


def test_a_new_version_is_not_compared_with_the_one_before(ground: Ground) -> None:
    fill(ground, FIRST, lambda dice: dice.uniform(0.0, 0.6))
    for at in range(120):
        one = answered(f"new-{at}", 0.9)
        ground.answers.note(
            Answered(**{name: getattr(one, name) for name in one.__slots__} | {"version": "v2"}), NOW - DAY
        )
    ground.answers.write(NOW)
    assert drift.look(ground, NOW).detail == {"models": 0}


def honest(dice: random.Random, chance: float) -> str:
    return "urgent" if dice.random() < chance else "routine"


def test_chances_that_no_longer_hold_are_told_when_the_outcomes_come(ground: Ground) -> None:
    sure = [0.9 if at % 2 else 0.1 for at in range(120)]
    for when in (FIRST, NOW - DAY):
        for at, chance in enumerate(sure):
            ground.answers.note(answered(f"{when:.0f}-{at}", chance), when)
        ground.answers.write(when)
    tell(ground, FIRST, lambda dice, at: (honest(dice, sure[at]), {}))
    assert codes(outcomes.look(ground, NOW)) == []  # none has come of the new ones yet
    tell(ground, NOW - DAY, lambda dice, at: (honest(dice, 0.5), {}))
    told = codes(outcomes.look(ground, NOW))
    assert {"worse triage accuracy", "worse triage brier", "worse triage ece"} <= set(told)


def test_outcomes_as_good_as_before_raise_nothing(ground: Ground) -> None:
    sure = [0.9 if at % 2 else 0.1 for at in range(120)]
    for when in (FIRST, NOW - DAY):
        for at, chance in enumerate(sure):
            ground.answers.note(answered(f"{when:.0f}-{at}", chance), when)
        ground.answers.write(when)
        tell(ground, when, lambda dice, at: (honest(dice, sure[at]), {}))
    found = outcomes.look(ground, NOW)
    assert (codes(found), found.detail) == ([], {"outcomes": 120})
    assert "outcome/triage/accuracy" in {one.series for one in found.points}


def test_a_group_for_whom_it_is_right_less_often_is_told_and_the_other_is_not(ground: Ground) -> None:
    fill(ground, NOW - DAY, lambda dice: 0.9)
    groups = [{"sex": "female" if at % 2 else "male"} for at in range(120)]
    tell(ground, NOW - DAY, lambda dice, at: ("urgent" if at % 2 == 0 or at % 4 == 1 else "routine", groups[at]))
    found = outcomes.look(ground, NOW)
    assert codes(found) == ["group_worse triage sex=female"]
    shares = {one.series: (one.value, one.n) for one in found.points}
    assert shares == {"group/triage/sex=female": (0.5, 60), "group/triage/sex=male": (1.0, 60)}


def cards(ground: Ground, **outcomes_of: int) -> None:
    metrics = ClinicMetrics()
    for outcome, n in outcomes_of.items():
        for _ in range(n):
            metrics.card("renal.metformin", outcome)
    Tallies(ground.tallies.database, f"s{len(outcomes_of)}", metrics.registry).write(NOW)


@pytest.mark.parametrize(
    ("told", "signals"),
    [
        ({"shown": 99, "overridden": 58, "accepted": 1}, ["overridden renal.metformin"]),
        ({"shown": 99, "overridden": 50, "accepted": 9}, []),  # 85 %
        ({"shown": 99, "overridden": 46, "accepted": 4}, []),  # 92 %, and chance alone may lift 90 % so high
        ({"shown": 99, "overridden": 29}, []),  # too few to say
        ({"shown": 99}, []),
    ],
)
def test_a_rule_that_nearly_everybody_sets_aside_is_told(
    ground: Ground, told: dict[str, int], signals: list[str]
) -> None:
    cards(ground, **told)
    assert codes(overrides.look(ground, NOW)) == signals


def requests(ground: Ground, n: int, status: int, seconds: float) -> ClinicMetrics:
    metrics = ClinicMetrics()
    for _ in range(n):
        metrics.request("/v1/me", status, seconds)
    Tallies(ground.tallies.database, f"{status}{seconds}"[:16], metrics.registry).write(NOW)
    return metrics


def test_our_own_faults_and_slow_answers_are_told_and_a_callers_mistakes_are_not(ground: Ground) -> None:
    requests(ground, 400, 200, 0.02)
    requests(ground, 90, 422, 0.02)
    assert codes(service.look(ground, NOW)) == []
    requests(ground, 10, 500, 0.02)
    assert codes(service.look(ground, NOW)) == ["errors "]
    requests(ground, 200, 200, 2.0)
    found = service.look(ground, NOW)
    assert codes(found) == ["errors ", "slow "]
    assert {one.code: dict(one.detail) for one in found.signals}["slow"] == {"p95_s": 1.0}
    assert codes(service.look(ground, NOW + 3 * HOUR_S)) == []


def test_counts_of_two_servers_are_one_and_a_counter_is_not_written_twice(anywhere: Ground) -> None:
    metrics = ClinicMetrics()
    first = Tallies(anywhere.tallies.database, "one", metrics.registry)
    metrics.login("done")
    first.write(NOW)
    first.write(NOW)
    metrics.login("done")
    first.write(NOW)
    Tallies(anywhere.tallies.database, "two", metrics.registry).write(NOW)
    found = anywhere.tallies.read(["bedside_logins_total"], int(NOW // HOUR_S))
    assert [(one.labels, one.value) for one in found] == [({"outcome": "done"}, 4.0)]


def test_nothing_of_a_text_or_a_request_is_kept_of_an_answer(anywhere: Ground) -> None:
    anywhere.answers.note(answered("MRN-1001", 0.123456), NOW + 1234)
    anywhere.answers.write(NOW)
    with anywhere.answers.database.read() as db:
        (row,) = db.execute(select(answers_table)).all()
    assert "1001" not in str(tuple(row))
    assert (row.hour, row.length) == (int(NOW + 1234) // HOUR_S, 7)  # the hour; 64 to 127 characters
    assert '"urgent": 0.123,' in row.probabilities


def test_an_outcome_is_kept_only_of_an_answer_that_was_given_and_in_the_models_own_words(anywhere: Ground) -> None:
    fill(anywhere, NOW, lambda dice: 0.9, n=1)
    id = f"{NOW:.0f}-0"
    assert anywhere.answers.outcome("unheard of", "urgent", {}, NOW) == "unknown_answer"
    assert anywhere.answers.outcome(id, "Mary was well", {}, NOW) == "unknown_label"
    assert anywhere.answers.outcome(id, "routine", {}, NOW) == "kept"
    assert anywhere.answers.outcome(id, "urgent", {"sex": "male"}, NOW) == "kept"  # corrected
    assert list(check_groups({"sex": "male", "name": "Mary"})) == ["name"]


def decided(ground: Ground, words: str, why: str, when: float = NOW, n: int = 2) -> None:
    """Answers that were sent to be read for that reason, and corrected at that time."""
    with Queue(ground.retraining.review, clock=lambda: when) as queue:
        item = Item(why=why, head="classify", text="", output={"label": "routine"}, model="triage", labels=LABELS)  # type: ignore[arg-type]
        items = [replace(item, text=f"{words} {at}.") for at in range(n)]
        for id in enqueue(queue, items, plan=Plan(rate=1.0)).new:
            decide(queue, id, "correct", by="ann", label="urgent", reason="seen")


def queued(ground: Ground) -> tuple[object, object]:
    """How many fits and how many measurements the checks queue now."""
    return refit.look(ground, NOW).detail["queued"], reevaluate.look(ground, NOW).detail["queued"]


def test_enough_corrections_queue_a_fit_that_becomes_a_candidate_and_no_more(ground: Ground) -> None:
    assert queued(ground) == (0, 0)
    decided(ground, "Cough", "reported", n=1)
    assert queued(ground) == (0, 0)  # too few
    decided(ground, "Fever", "reported")
    assert queued(ground) == (1, 0)
    (job,) = ground.retraining.jobs.all()
    assert (job.verb, job.words[0], job.user_id) == ("update", "models/triage/3", "watch")
    assert job.then == {"register": "triage"}  # a candidate: promotion is a person's
    assert queued(ground) == (0, 0)  # the same rows are not learnt twice
    rows = ground.retraining.data / "work" / job.words[1]
    assert (rows.read_text().count("urgent") >= 3, rows.stat().st_mode & 0o77) == (True, 0)


def test_rows_whose_job_could_not_be_queued_are_queued_the_next_time(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided(ground, "Fever", "reported")

    def full(*_: Any, **__: Any) -> Any:
        raise UsageError("another job writes there")

    with monkeypatch.context() as broken:
        broken.setattr(Jobs, "add", full)
        with pytest.raises(UsageError):
            refit.look(ground, NOW)
    assert queued(ground) == (1, 0)


def test_a_model_is_measured_on_what_was_drawn_by_chance_and_decided_after_it_was_made(ground: Ground) -> None:
    decided(ground, "Doubted", "abstained")
    decided(ground, "Learnt from", "sampled", when=NOW - 2 * DAY)
    assert queued(ground) == (1, 0)
    decided(ground, "Unseen", "sampled")
    assert queued(ground) == (1, 1)
    (job,) = [one for one in ground.retraining.jobs.all() if one.verb == "evaluate"]
    rows = (ground.retraining.data / "work" / job.words[1]).read_text()
    assert (rows.count("Unseen"), "Doubted" in rows, "Learnt" in rows) == (2, False, False)


def test_what_a_queued_measurement_gave_is_kept_for_the_plots(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    decided(ground, "Unseen", "sampled")
    reevaluate.look(ground, NOW)
    figure = {"value": 0.9, "low": 0.8, "high": 0.95, "n": 40}
    (job,) = ground.retraining.jobs.all()
    done = replace(
        job, state="done", ended=NOW, result={"metrics": {"accuracy": figure, "auroc": {"reason": "few", "n": 2}}}
    )
    monkeypatch.setattr(Jobs, "all", lambda self, limit: [done, replace(done, user_id="ann")])
    (point,) = measured.look(ground, NOW + DAY).points
    assert (point.series, point.value, point.at) == ("reevaluated/triage/accuracy", 0.9, NOW)
