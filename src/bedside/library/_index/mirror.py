"""Index files of a shared library: written into its PostgreSQL, and copied from there into each server's folder."""

from __future__ import annotations

from pathlib import Path

from bedside.files import cached_folder
from bedside.library._database.shared import Shared
from bedside.library._index.lexical import FILES


def publish(database: Shared, segment: Path) -> None:
    """Put the files of a segment beside its row, in the transaction in progress."""
    for path in sorted(segment.iterdir()):
        database.execute("INSERT INTO segment_file VALUES (?, ?, ?)", (segment.name, path.name, path.read_bytes()))


def fetch(database: Shared, segment: Path) -> None:
    """Copy a segment into the folder where it is not there yet; FileNotFoundError where a writer just merged it."""

    def copy(fresh: Path) -> None:
        rows = database.execute("SELECT name, content FROM segment_file WHERE segment = ?", (segment.name,))
        if not rows:
            raise FileNotFoundError(segment.name)
        for name, content in rows:
            if name in FILES:  # a name out of a database is no path to write to
                (fresh / name).write_bytes(content)

    cached_folder(segment, copy)
