"""A process that ends hears its model out: a thread torn out of a network's C++ would abort it."""

from __future__ import annotations

import subprocess
import sys

import pytest

AT_WORK = """
import asyncio, threading, time
from bedside.server.batching import Batcher

begun = threading.Event()

def answers(texts, lang):
    begun.set()
    threading.main_thread().join()  # the interpreter has begun to end
    time.sleep(0.2)
    print("answered", len(texts), flush=True)
    return texts

async def serve():
    batcher = Batcher(answers, workers=1, batch_texts=1, waiting_texts=9)
    batcher.start()
    asked = [asyncio.ensure_future(batcher.submit([text], "en")) for text in ("cough", "咳嗽")]
    while not begun.is_set():
        await asyncio.sleep(0.001)
    {close}
    for one in asked:
        one.cancel()

asyncio.run(serve())
"""
IDLE = """
import asyncio
from bedside.server.batching import Batcher

async def serve():
    Batcher(lambda texts, lang: texts, workers=2, batch_texts=1, waiting_texts=9).start()

asyncio.run(serve())
"""


@pytest.mark.parametrize("close", ["assert not batcher.close(0.01)", "pass"], ids=["closed in vain", "never closed"])
def test_a_model_at_work_when_the_process_ends_is_heard_out_and_what_waits_is_let_go(close: str) -> None:
    run = _ended(AT_WORK.replace("{close}", close))
    assert (run.returncode, run.stdout, run.stderr) == (0, "answered 1\n", "")


def test_idle_workers_that_nobody_closed_do_not_hold_up_the_end() -> None:
    run = _ended(f"from bedside import ending\nending.LAST_S = 3600\n{IDLE}")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def _ended(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=300)
