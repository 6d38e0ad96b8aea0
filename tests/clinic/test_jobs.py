"""Jobs in the queue, on both databases: taken once, taken again when a worker died, given up, cancelled, sealed."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bedside.clinic._database import Database
from bedside.clinic._tables import jobs as table
from bedside.clinic.jobs.jobs import Job, Jobs
from bedside.clinic.jobs.turns import ATTEMPTS, Turns
from bedside.clinic.jobs.words import state_said
from bedside.errors import UsageError
from bedside.lang import speaking
from bedside.steps import Step

DEAD = 0.0
"""A lease that has run out when it is given: a worker that was killed at once."""
LONG = 500.0
"""One that does not run out within a test, whatever else the machine does."""


@pytest.fixture
def jobs(database: Database, tmp_path: Path) -> Jobs:
    (tmp_path / "work").mkdir()
    for name in ("notes.csv", "王小明.csv"):
        (tmp_path / "work" / name).write_text("text\nchest pain\n")
    return Jobs(database, tmp_path, b"k" * 32)


def add(jobs: Jobs, out: str = "charts.jsonl", source: str = "notes.csv", **then: str) -> Job:
    return jobs.add("import", [source, "-o", out], by="u1", then=then)


def now(jobs: Jobs, job: Job) -> Job:
    found = jobs.get(job.id)
    assert found is not None
    return found


def test_a_job_is_taken_kept_and_ended_with_its_result(jobs: Jobs) -> None:
    job, turns = add(jobs), Turns(jobs, LONG)
    assert (job.state, job.attempts) == ("queued", 0)
    taken = turns.claim()
    assert taken is not None
    assert (taken.id, taken.state, taken.attempts, taken.words) == (job.id, "running", 1, job.words)
    assert turns.beat(taken, Step("reading", 3, 12)) == "go"
    assert now(jobs, job).step.share == 0.25
    assert turns.end(taken, "done", result={"charts": 7})
    assert (now(jobs, job).state, now(jobs, job).result) == ("done", {"charts": 7})
    assert turns.claim() is None


def test_the_oldest_comes_first(jobs: Jobs) -> None:
    first, second = add(jobs, "a.jsonl"), add(jobs, "b.jsonl")
    assert [one.id for one in (Turns(jobs, LONG).claim(), Turns(jobs, LONG).claim()) if one] == [first.id, second.id]


def test_of_many_workers_at_once_each_job_goes_to_one(jobs: Jobs) -> None:
    wanted = {add(jobs, f"{n}.jsonl").id for n in range(6)}
    taken: list[str] = []

    def work() -> None:
        turns = Turns(jobs, LONG)
        while job := turns.claim():
            taken.append(job.id)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert (sorted(taken), len(taken)) == (sorted(wanted), 6)


def test_a_job_whose_worker_died_is_taken_again_and_the_dead_one_changes_nothing_more(jobs: Jobs) -> None:
    add(jobs)
    dead, next_ = Turns(jobs, DEAD), Turns(jobs, LONG)
    before = dead.claim()
    again = next_.claim()
    assert before is not None
    assert again is not None
    assert (again.id, again.attempts) == (before.id, 2)
    assert dead.beat(before, Step("fitting", 9, 9)) == "lost"
    assert not dead.end(before, "failed", "late")
    assert not dead.give_back(before, "late", counted=True)
    assert next_.end(again, "done")
    assert now(jobs, before).state == "done"


def test_a_job_that_kills_every_worker_is_given_up_with_the_reason(jobs: Jobs) -> None:
    job = add(jobs)
    for _ in range(ATTEMPTS):
        assert Turns(jobs, DEAD).claim() is not None
    assert Turns(jobs, LONG).claim() is None
    assert (now(jobs, job).state, now(jobs, job).reason) == ("failed", "worker_died")
    with speaking("zh"):
        assert state_said(now(jobs, job)) == "失败：执行进程多次异常终止"


def test_a_worker_that_is_stopped_gives_its_job_back_and_that_is_no_attempt(jobs: Jobs) -> None:
    job, turns = add(jobs), Turns(jobs, LONG)
    for _ in range(ATTEMPTS + 1):
        taken = turns.claim()
        assert taken is not None
        assert turns.give_back(taken, "worker_stopped", counted=False)
    assert (now(jobs, job).state, now(jobs, job).attempts) == ("queued", 0)


def test_a_clock_that_went_wrong_holds_no_job_for_a_year(jobs: Jobs) -> None:
    add(jobs)
    Turns(jobs, LONG).claim()
    with jobs.database.write() as db:
        db.execute(update(table).values(lease=table.c.lease + 365 * 86_400))
    assert Turns(jobs, LONG).claim() is not None


def test_a_waiting_job_is_cancelled_at_once_a_running_one_is_asked_to_end(jobs: Jobs) -> None:
    running, waiting = add(jobs, "a.jsonl"), add(jobs, "b.jsonl")
    turns = Turns(jobs, LONG)
    taken = turns.claim()
    assert taken is not None
    for one in (running, waiting):
        jobs.cancel(one.id)
    assert now(jobs, waiting).state == "cancelled"
    assert (now(jobs, running).state, now(jobs, running).stopping) == ("running", True)
    assert turns.beat(taken, Step()) == "stop"
    assert jobs.cancel("j" + "0" * 20) is None


def test_a_job_to_be_cancelled_whose_worker_died_is_not_begun_again(jobs: Jobs) -> None:
    job = add(jobs)
    Turns(jobs, DEAD).claim()
    jobs.cancel(job.id)
    assert Turns(jobs, LONG).claim() is None
    assert now(jobs, job).state == "cancelled"


def test_a_file_named_after_a_patient_stands_sealed_in_the_table_and_in_no_repr(jobs: Jobs) -> None:
    job = add(jobs, source="王小明.csv")
    assert "王小明.csv" in now(jobs, job).words
    assert "王小明" not in repr(now(jobs, job))
    with jobs.database.read() as db:
        row = db.execute(select(table)).one()
    assert "王小明".encode() not in b"".join(repr(value).encode() for value in row)
    assert rb"\u738b" not in row.sealed


def test_two_jobs_that_are_not_ended_do_not_write_to_one_place(jobs: Jobs) -> None:
    job = add(jobs)
    with pytest.raises(UsageError, match="another job writes there"):
        add(jobs)
    jobs.cancel(job.id)
    assert add(jobs).state == "queued"


def test_ended_jobs_are_forgotten_after_their_time_and_open_ones_never(jobs: Jobs) -> None:
    ended, waiting = add(jobs, "a.jsonl"), add(jobs, "b.jsonl")
    jobs.cancel(ended.id)
    assert jobs.prune(days=1) == 0
    assert jobs.prune(days=-1) == 1
    assert [one.id for one in jobs.all()] == [waiting.id]


def test_what_it_is_registered_as_stays_with_it(jobs: Jobs) -> None:
    assert now(jobs, add(jobs, register="triage")).then == {"register": "triage"}


def test_the_list_is_newest_first_and_by_state(jobs: Jobs) -> None:
    first, second = add(jobs, "a.jsonl"), add(jobs, "b.jsonl")
    jobs.cancel(first.id)
    assert [one.id for one in jobs.all()] == [second.id, first.id]
    assert [one.id for one in jobs.all(state="cancelled")] == [first.id]


def test_the_step_of_a_job_is_a_share(tmp_path: Path, monkeypatch: Any) -> None:
    from bedside.steps import VARIABLE, Teller, told

    monkeypatch.setenv(VARIABLE, str(tmp_path / "steps"))
    teller = Teller("fitting", 4)
    teller.advance(4)
    assert told(tmp_path / "steps") == Step("fitting", 4, 4)
    Teller("<Mary O'Brien>", 10_000)
    assert told(tmp_path / "steps") == Step("", 0, 10_000)
