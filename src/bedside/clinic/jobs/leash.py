"""The process of one job: a verb of `bedside` that reaches no other machine and ends with the worker that holds it.

Its standard input is a pipe from the worker. When the worker ends in whatever way, the pipe closes and all of the job's
processes are killed, so that the next worker finds nobody else at work.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading


def main() -> None:
    """Run `python -m bedside WORDS` in this process."""
    from bedside.clinic.outbound import shut_in

    threading.Thread(target=_end_with_worker, daemon=True).start()
    shut_in(())
    sys.argv[0] = "bedside"
    runpy.run_module("bedside", run_name="__main__")


def _end_with_worker() -> None:
    while os.read(0, 1):
        pass
    os.killpg(os.getpgid(0), signal.SIGKILL)


if __name__ == "__main__":
    main()
