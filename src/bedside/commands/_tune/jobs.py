"""Runs the trials of one study in several processes, each with its share of cores; events come back as JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bedside.config import SearchRecipe
    from bedside.train.loop import OnEvent
    from bedside.train.tune.run import Spread

ENDED = "ended"


def spreader(jobs: int, out: Path, tell: OnEvent) -> Spread:
    """What `tune` calls to run trials in `jobs` processes."""

    def spread(search: SearchRecipe, until: float | None, lock: IO[str]) -> None:
        heard: SimpleQueue[dict[str, Any]] = SimpleQueue()
        words = [str(out.resolve()), search.model_dump_json(), json.dumps(until), str(os.getpid())]
        cores = max(1, (os.cpu_count() or jobs) // jobs)
        env = {**os.environ, "OMP_NUM_THREADS": str(cores)}
        held = () if os.name == "nt" else (lock.fileno(),)  # the folder stays held until the last of them is gone
        command = [sys.executable, "-m", "bedside.commands._tune.jobs", *words]
        running = [
            subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=env, pass_fds=held)
            for _ in range(jobs)
        ]
        for one in running:
            Thread(target=_listen, args=(one, heard), daemon=True).start()
        try:
            left = jobs
            while left:
                event = heard.get()
                left -= event["event"] == ENDED
                tell(event)
        finally:
            for one in running:
                one.terminate()
                one.wait()

    return spread


def _listen(one: subprocess.Popen[str], heard: SimpleQueue[dict[str, Any]]) -> None:
    for line in one.stdout or ():
        if line.startswith("{"):
            heard.put(json.loads(line))
    heard.put({"event": ENDED, "code": one.wait()})


def main() -> None:
    """One such process: `OUT SEARCH UNTIL PARENT`; it ends when its parent does."""
    from bedside.commands._fit.measured import measured_on_dev
    from bedside.config import SearchRecipe
    from bedside.config.tune import read_search
    from bedside.lang import set_lang
    from bedside.train.tune.run import read_study
    from bedside.train.tune.study import Study
    from bedside.train.tune.worker import Worker

    set_lang(os.environ.get("BEDSIDE_LANG", "en"))
    out, parent = Path(sys.argv[1]), int(sys.argv[4])
    recipe, head = read_study(out)
    study = Study(out, SearchRecipe.model_validate_json(sys.argv[2]), recipe.fit.seed)
    worker = Worker(
        study, out, recipe, head, measured_on_dev, _send, json.loads(sys.argv[3]), lambda: os.getppid() == parent
    )
    worker.run(read_search(out / "space.toml")[1])


def _send(event: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(event, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
