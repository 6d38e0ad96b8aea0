"""When checks run: as cron says, once for what was missed, by one server of several, again when a server was killed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from bedside.clinic._database import Database
from bedside.clinic.watch._tables import leases
from bedside.clinic.watch.lease import LEASE_S, Lease
from bedside.clinic.watch.runs import ATTEMPTS, Runs
from bedside.clinic.watch.schedule import read


def at(written: str) -> float:
    return datetime.fromisoformat(written).replace(tzinfo=UTC).timestamp()


def latest(schedule: str, now: str, zone: Any = UTC) -> str:
    found = read(schedule).latest(at(now), zone)
    return datetime.fromtimestamp(found, UTC).strftime("%Y-%m-%d %H:%M") if found is not None else "never"


@pytest.mark.parametrize(
    ("schedule", "now", "due"),
    [
        ("0 3 * * *", "2026-03-02 02:59", "2026-03-01 03:00"),
        ("0 3 * * *", "2026-03-02 03:00", "2026-03-02 03:00"),
        ("*/20 * * * *", "2026-03-02 10:39", "2026-03-02 10:20"),
        ("30 8 * * 1-5", "2026-03-01 12:00", "2026-02-27 08:30"),  # a Sunday: last on Friday
        ("0 0 1 1 *", "2026-03-02 00:00", "2026-01-01 00:00"),
        ("0 0 29 2 *", "2026-03-02 00:00", "2024-02-29 00:00"),
        ("0 0 13 * 5", "2026-03-02 00:00", "2026-02-27 00:00"),  # both days restricted: a Friday will do
        ("0 0 31 2 *", "2026-03-02 00:00", "never"),
    ],
)
def test_a_schedule_was_last_due_when_cron_says(schedule: str, now: str, due: str) -> None:
    assert latest(schedule, now) == due


def test_three_in_the_morning_is_the_hospitals_own() -> None:
    assert latest("0 3 * * *", "2026-03-02 12:00", ZoneInfo("Asia/Shanghai")) == "2026-03-01 19:00"


@pytest.mark.parametrize(
    "wrong", ["", "* * * *", "60 * * * *", "5-1 * * * *", "*/0 * * * *", "a * * * *", "1;2 * * * *"]
)
def test_what_is_no_schedule_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - its words are the field at fault
        read(wrong)


FIELDS = [st.sampled_from(["*", str(low), f"{low}-{high}", f"*/{high}", f"{low},{high}"]) for low, high in
          [(3, 40), (2, 20), (1, 28), (1, 11), (0, 6)]]  # fmt: skip


@given(st.tuples(*FIELDS), st.integers(0, 400 * 1440))
@settings(max_examples=40, deadline=None)
def test_the_last_time_due_is_what_a_walk_back_minute_by_minute_finds(fields: tuple[str, ...], minutes: int) -> None:
    now = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    schedule = read(" ".join(fields))
    found = schedule.latest(now.timestamp(), UTC)
    assert found is not None
    moment = now
    for _ in range(3 * 1440):  # an independent reading of the fields, minute by minute, for three days
        weekday, of_month = moment.isoweekday() % 7 in schedule.weekdays, moment.day in schedule.days
        day = (weekday or of_month) if schedule.either_day else (weekday and of_month)
        if (
            day
            and moment.month in schedule.months
            and moment.hour in schedule.hours
            and moment.minute in schedule.minutes
        ):
            assert found == moment.timestamp()
            return
        moment -= timedelta(minutes=1)
    assert found <= moment.timestamp()


def test_one_of_two_servers_has_the_lease_until_it_leaves_or_is_killed(database: Database) -> None:
    first, second = Lease(database, "first"), Lease(database, "second")
    assert (first.take(), second.take(), first.take()) == (True, False, True)
    first.leave()
    assert (second.take(), first.take()) == (True, False)
    with database.write() as db:  # the second was killed, and its time has passed
        db.execute(update(leases).values(until=leases.c.until - LEASE_S - 1))
    assert (first.take(), second.take()) == (True, False)


def test_a_lease_written_by_a_clock_that_was_wrong_by_a_year_is_not_waited_for(database: Database) -> None:
    first, second = Lease(database, "first"), Lease(database, "second")
    first.take()
    with database.write() as db:
        db.execute(update(leases).values(until=leases.c.until + 365 * 86_400))
    assert second.take()


def test_a_new_server_does_not_begin_with_every_check_and_missed_times_count_once(database: Database) -> None:
    runs = Runs(database, "one")
    assert not runs.begin("drift", 100.0, 150.0)  # seen for the first time
    assert not runs.begin("drift", 100.0, 160.0)
    assert runs.begin("drift", 500.0, 550.0)  # 200, 300 and 400 were missed: one run
    runs.end("drift", 500.0, "done", {"models": 1}, 560.0)
    assert not runs.begin("drift", 500.0, 570.0)
    run = runs.last()["drift"]
    assert (run.due, run.state, run.detail) == (500.0, "done", {"models": 1})


def test_a_run_whose_server_was_killed_is_begun_again_by_the_next_but_not_for_ever(database: Database) -> None:
    Runs(database, "s0").begin("drift", 0.0, 0.0)
    assert Runs(database, "s1").begin("drift", 100.0, 100.0)
    assert not Runs(database, "s1").begin("drift", 100.0, 110.0)  # it is under way here
    began = [Runs(database, f"s{n}").begin("drift", 100.0, 120.0 + n) for n in range(2, 6)]
    assert began == [True] * (ATTEMPTS - 1) + [False] * (4 - ATTEMPTS + 1)
    run = Runs(database, "x").last()["drift"]
    assert (run.state, run.detail) == ("failed", {"reason": "server_lost"})


def test_a_clock_that_was_a_year_ahead_for_a_moment_does_not_stop_the_checks_for_a_year(database: Database) -> None:
    runs = Runs(database, "one")
    runs.begin("drift", 0.0, 0.0)
    year = 365 * 86_400.0
    assert runs.begin("drift", year, year)
    runs.end("drift", year, "done", {}, year)
    assert runs.begin("drift", 100.0, 100.0)
