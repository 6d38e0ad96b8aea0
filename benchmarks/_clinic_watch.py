"""Watches a process from outside: its memory every few seconds, its processor time, whether its memory grows."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path

MiB = 2**20


class Watch:
    """Samples the memory of a process in MiB while the block runs, and counts its processor time."""

    def __init__(self, pid: int, every_s: float = 10.0) -> None:
        self._pid, self._every_s, self._done = pid, every_s, threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self.samples: list[tuple[float, float, float]] = []
        self.cpu_s = self.seconds = 0.0

    def __enter__(self) -> Watch:
        self._begun, self._used = time.perf_counter(), cpu_seconds(self._pid)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds, self.cpu_s = time.perf_counter() - self._begun, cpu_seconds(self._pid) - self._used
        self._done.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._done.wait(self._every_s):
            self.samples.append((time.perf_counter(), *held_mib(self._pid)))


def cpu_seconds(pid: int) -> float:
    """Processor time a process has used, all threads (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def held_mib(pid: int) -> tuple[float, float]:
    """Memory of a process' own, and pages of files it has mapped, which the system takes back when it wants (Linux).

    A model's file is mapped, and a row of its word table comes in when its word is first met: up to the file's size.
    """
    _, resident, files, *_ = map(int, Path(f"/proc/{pid}/statm").read_text().split())
    page = os.sysconf("SC_PAGE_SIZE") / MiB
    return (resident - files) * page, files * page


def growth(samples: Sequence[tuple[float, float]], unit: float, after: float) -> tuple[float, float, float] | None:
    """MiB for each `unit` of what the samples are counted by, `after` that share of them, with its 95 % interval.

    Theil-Sen; None of too few samples.
    """
    from scipy.stats import theilslopes

    later = samples[int(len(samples) * after) :]
    if len(later) < 5:
        return None
    counts, held = zip(*later, strict=True)
    found = theilslopes(held, [count / unit for count in counts])
    return found.slope, found.low_slope, found.high_slope
