"""What the verbs that write a graph share: its one writer, and the link of unknown names by vectors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bedside.commands._io import progress

if TYPE_CHECKING:
    from bedside.graph._writer import Writer
    from bedside.graph.merging import Near


@contextmanager
def writing(folder: Path) -> Iterator[Writer]:
    """The one writer of a graph; what follows from all its batches is brought up to date behind them."""
    from bedside.graph._arcs import open_arcs
    from bedside.graph._schema import open_database
    from bedside.graph._writer import Writer
    from bedside.graph.graph import Graph
    from bedside.library._database.schema import only_writer

    database = open_database(folder, make=True)
    try:
        with only_writer(folder):
            writer = Writer(database)
            yield writer
            writer.finish()
    finally:
        database.close()
    with Graph(folder) as graph:
        open_arcs(graph)


def near(writer: Writer) -> Near:
    """How an unknown name is linked to a known one by vectors."""
    from bedside.graph.near import open_near

    return open_near(writer.database, bar=progress)
