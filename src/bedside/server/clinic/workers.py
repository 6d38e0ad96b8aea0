"""Workers beside the server: processes that run background jobs, begun anew when they die, ended with the server."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress

FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0
GRACE_S = 5.0
"""Enough for a worker to end its job's processes and give the job back."""


class Workers:
    """So many processes of `bedside jobs work`; each holds a pipe of ours, and ends when this process does."""

    def __init__(self, number: int, words: Sequence[str], environment: dict[str, str]) -> None:
        self._words, self._environment = [sys.executable, "-m", "bedside", "jobs", "work", *words], environment
        self._ending = threading.Event()
        self._threads = [threading.Thread(target=self._keep, daemon=True, name=f"worker-{n}") for n in range(number)]

    def __enter__(self) -> Workers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()

    def _keep(self) -> None:
        """Keep one worker; one that dies at once is begun anew after longer and longer."""
        wait_s = FIRST_WAIT_S
        while not self._ending.is_set():
            with subprocess.Popen(
                [*self._words, "--beside"],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                env={**os.environ, **self._environment},
            ) as process:
                lived = self._watch(process)
            wait_s = FIRST_WAIT_S if lived else min(wait_s * 2, LONGEST_WAIT_S)
            self._ending.wait(wait_s)

    def _watch(self, process: subprocess.Popen[bytes]) -> bool:
        """Until it ends, or is to end; whether it lived for a while."""
        beats = 0
        while process.poll() is None and not self._ending.wait(0.2):
            beats += 1
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE_S)
        process.kill()
        return beats * 0.2 > LONGEST_WAIT_S
