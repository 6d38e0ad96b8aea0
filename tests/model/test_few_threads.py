"""However many threads ask, networks run on few: each thread that ever multiplied keeps memory for good."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from typing import ClassVar

import pytest

from bedside.grounding.ground import Ground
from bedside.model.embedder import shared_encoder
from bedside.model.few_threads import MOST, on_few_threads


def test_forty_who_ask_at_once_are_answered_by_few_threads() -> None:
    together = threading.Barrier(40)

    def asked(number: int) -> tuple[int, int]:
        together.wait(60)
        return on_few_threads(lambda: (number, threading.get_ident()))()

    with ThreadPoolExecutor(40) as forty:
        answers = list(forty.map(asked, range(40)))
    assert [number for number, _ in answers] == list(range(40))
    assert len({thread for _, thread in answers}) <= MOST


NESTED = """
import threading
from concurrent.futures import ThreadPoolExecutor
from bedside.model.few_threads import on_few_threads

inner = on_few_threads(threading.get_ident)
outer = on_few_threads(lambda: (threading.get_ident(), inner()))
with ThreadPoolExecutor(40) as forty:
    assert all(own == asked for own, asked in forty.map(lambda _: outer(), range(40)))
"""


def test_work_that_asks_for_such_work_does_not_wait_for_itself() -> None:
    """In a process of its own: threads that wait for one another for good would hold up the end of this one."""
    subprocess.run([sys.executable, "-c", NESTED], check=True, timeout=120)


def test_what_work_raises_and_the_language_in_force_reach_across() -> None:
    language = ContextVar("language", default="en")
    token = language.set("zh")
    assert on_few_threads(language.get)() == "zh"
    language.reset(token)

    def broken() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        on_few_threads(broken)()


def test_models_do_not_hold_up_the_encoder() -> None:
    held, asked = threading.Event(), [on_few_threads(lambda: held.wait(60), of="model") for _ in range(MOST)]
    with ThreadPoolExecutor(MOST) as some:
        waiting = [some.submit(one) for one in asked]
        assert on_few_threads(lambda: "heard")() == "heard"
        held.set()
        assert all(one.result(60) for one in waiting)


def test_a_reader_of_charts_runs_on_few_threads_whoever_asks_the_guard() -> None:
    class Reads:
        """A reader that doubts nothing, and notes on which threads it was asked."""

        threads: ClassVar[set[str]] = set()

        def lay(self, chart: str, places: object) -> str:
            self.threads.add(threading.current_thread().name)
            return chart

        def read(self, sentences: list[str], laid: object, evidence: object) -> list[float]:
            self.threads.add(threading.current_thread().name)
            return [-1.0] * len(sentences)

    def asked(number: int) -> str:
        found = Ground("Meds: metformin 500 mg BID.", "en", Reads())  # type: ignore[arg-type]
        return found.ground_all([f"She takes metformin {number} mg."])[0].verdict

    for number in range(20):  # one at a time: work that waited for itself would end no test
        with ThreadPoolExecutor(1) as own:
            own.submit(asked, number).result()
    assert 0 < len(Reads.threads) <= MOST


def test_an_encoder_that_threads_share_runs_on_few_and_says_the_same() -> None:
    shared = shared_encoder("echo")
    threads = set()
    run = shared.engine.logits
    shared.engine.logits = lambda ids: threads.add(threading.get_ident()) or run(ids)  # type: ignore[method-assign]
    with ThreadPoolExecutor(20) as many:
        said = list(many.map(lambda _: shared.questions(["chest pain"]).tolist(), range(20)))
    assert all(one == said[0] for one in said)
    assert len(threads) <= MOST
    assert threading.get_ident() not in threads
