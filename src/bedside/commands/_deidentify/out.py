"""Where scrubbed notes go: a file that is whole or not there, cleared of what a run that was killed left beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bedside.files import behind_links, unfinished_prefix, whole_file


@contextmanager
def scrubbed_file(out: Path) -> Iterator[IO[str]]:
    """A stream for `out` as `whole_file` gives; what a run that was killed left goes now.

    A run holds its own unfinished file locked, so that another run with the same `out` leaves it alone.
    """
    out = behind_links(out)
    unfinished = re.compile(re.escape(unfinished_prefix(out)) + "[a-z0-9_]{8}")
    for path in list(out.parent.iterdir()):
        if unfinished.fullmatch(path.name) and _left_behind(path):
            path.unlink(missing_ok=True)
    with whole_file(out) as file:
        _lock(file)
        yield file


def _left_behind(path: Path) -> bool:
    """Whether no run holds the file; where the system has no such locks, nothing is taken for left behind."""
    try:
        with path.open("r+b") as file:
            return _lock(file)
    except OSError:
        return False


def _lock(file: IO[str] | IO[bytes]) -> bool:
    try:
        import fcntl
    except ImportError:
        return False
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return True
