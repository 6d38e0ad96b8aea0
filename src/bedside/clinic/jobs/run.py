"""One attempt at a job: its process, how far it is, what it printed at its end."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from bedside.clinic.jobs.verbs import WORK
from bedside.clinic.keys.keyring import VARIABLE as MASTER_KEY
from bedside.lang import Lang
from bedside.steps import VARIABLE as STEPS
from bedside.steps import Step, told

GRACE_S = 3.0
MOST_BYTES = 1_000_000
SECRET = (MASTER_KEY, "BEDSIDE_DATABASE")
"""What a worker may know by a variable and a job need not: the master key, the database with its password."""


class Attempt:
    """A verb that runs in a process group of its own, in a folder of its own for what it prints."""

    def __init__(self, id: str, words: Sequence[str], data: Path, lang: Lang) -> None:
        self._folder = data / "jobs" / id
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        work = data / WORK
        work.mkdir(exist_ok=True, mode=0o700)
        with (self._folder / "out").open("wb") as out, (self._folder / "err").open("wb") as err:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bedside.clinic.jobs.leash", *words, "--json"],
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=err,
                cwd=work,
                env=self._environment(lang),
                start_new_session=True,
            )

    @property
    def step(self) -> Step:
        """How far it is."""
        return told(self._folder / "steps")

    def wait(self, seconds: float) -> int | None:
        """Its exit code if it ends within the time; below 0 where a signal ended it."""
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(seconds)
        return None

    def stop(self) -> None:
        """Ask its whole group to end, then end it."""
        self._signal(signal.SIGTERM)
        self.wait(GRACE_S)
        self._signal(signal.SIGKILL)
        self._process.wait()

    def result(self) -> dict[str, Any] | None:
        """The JSON object that it printed last: its result, or its error."""
        for name in ("out", "err"):
            with (self._folder / name).open("rb") as stream:
                stream.seek(max(0, os.fstat(stream.fileno()).st_size - MOST_BYTES))
                for line in reversed(stream.read().splitlines()):
                    with suppress(ValueError):
                        if isinstance(found := json.loads(line), dict):
                            return found
        return None

    def close(self) -> None:
        """Leave nothing of what it printed."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _signal(self, which: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, which)

    def _environment(self, lang: Lang) -> dict[str, str]:
        """As ours, without what opens the store."""
        kept = {name: value for name, value in os.environ.items() if name not in SECRET}
        paths = [str(Path(one).resolve()) for one in kept.get("PYTHONPATH", "").split(os.pathsep) if one]
        told_where = {"BEDSIDE_LANG": lang, STEPS: str((self._folder / "steps").resolve())}
        return kept | told_where | ({"PYTHONPATH": os.pathsep.join(paths)} if paths else {})
