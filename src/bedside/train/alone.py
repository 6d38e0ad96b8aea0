"""One fit at a place: a second one that would write into the same working folder is refused."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bedside.files import hold

LOCK = ".lock"


@contextmanager
def alone(work: Path) -> Iterator[None]:
    """Keep a working folder, made where there is none, to this process; one with nothing in it is gone at the end.

    Raises UsageError when another process has it.
    """
    work.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (work / LOCK).open("w") as file:
        hold(file, work / LOCK)
        try:
            yield
        finally:
            if not left(work):
                shutil.rmtree(work, ignore_errors=True)


def clear(work: Path) -> None:
    """Remove what an earlier run left in a working folder, which stays held."""
    for one in left(work):
        shutil.rmtree(one) if one.is_dir() else one.unlink()


def left(work: Path) -> list[Path]:
    """What an earlier run left in a working folder.

    >>> left(Path("nowhere"))
    []
    """
    return [one for one in work.iterdir() if one.name != LOCK] if work.is_dir() else []
