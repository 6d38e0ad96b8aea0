"""The library into the graph: concepts of its codes and labels, then what each passage says, a batch a transaction.

Only passages that came since the last build are read, unless how they are read has changed; evidence of passages that
the library found no more is flagged and no longer counted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from bedside.graph import _extract, _passages
from bedside.graph._keys import key, lang_of
from bedside.graph._passages import KIND
from bedside.graph._reader import How, PassageReader
from bedside.graph._schema import keep, kept
from bedside.graph._writer import Writer
from bedside.library._database.database import Database, exists
from bedside.library._database.database import open_database as open_library

TOGETHER = 400
"""Passages a transaction."""
DONE, HOW = "library_done", "library_how"
Advance = Callable[[float], object]


@dataclass
class Read:
    """What a build read: passages, the evidence they gave, and evidence flagged because its passage is gone."""

    passages: int = 0
    evidence: int = 0
    flagged: int = 0
    restored: int = 0


def add_library(
    writer: Writer, folder: Path, how: How | None = None, advance: Advance = lambda amount: None, *, again: bool = False
) -> Read:
    """Bring the library's part of the graph up to date; a stopped run is taken up at its last whole batch."""
    how, read = how or How(), Read()
    library = open_library(folder)
    try:
        with writer.batch():
            read.flagged, read.restored = flag(writer, folder)
            _entries(writer, library)
            digest = _digest(writer, how)
            if again or kept(writer.database, HOW) != digest:
                keep(writer.database, HOW, digest)
                keep(writer.database, DONE, 0)
        with writer.batch():
            start = int(kept(writer.database, DONE) or 0)
            reader = PassageReader(writer, library, how, start)
        while pieces := _passages.pieces(library, int(kept(writer.database, DONE)), TOGETHER, how.sources):
            with writer.batch():
                read.evidence += reader.take(pieces)
                keep(writer.database, DONE, pieces[-1].no)
            read.passages += len(pieces)
            advance(len(pieces))
    finally:
        library.close()
    return read


def left(folder: Path, writer: Writer, how: How, *, again: bool = False) -> int:
    """How many passages a build would read."""
    library = open_library(folder)
    try:
        fresh = again or kept(writer.database, HOW) != _digest(writer, how)
        return _passages.count(library, 0 if fresh else int(kept(writer.database, DONE) or 0), how.sources)
    finally:
        library.close()


def flag(writer: Writer, folder: Path) -> tuple[int, int]:
    """Count no more what the library finds no more, and again what it finds again; how many references of each."""
    database, changed = writer.database, []
    library = open_library(folder)
    try:
        live = {id for (id,) in library.execute("SELECT id FROM passage WHERE live = 1")}
        rows = database.execute(
            "SELECT reference.no, reference.id, reference.live FROM reference "
            "JOIN source ON source.no = reference.source WHERE source.kind = ?",
            (KIND,),
        ).fetchall()
        for no, id, now in rows:
            if bool(now) != (id in live):
                changed.append((int(id in live), no))
        keep(database, "library_gone", gone(library))
    finally:
        library.close()
    for alive, no in changed:
        database.execute("UPDATE reference SET live = ? WHERE no = ?", (alive, no))
        database.execute("INSERT OR IGNORE INTO touched SELECT edge FROM evidence WHERE reference = ?", (no,))
    back = sum(alive for alive, _ in changed)
    return len(changed) - back, back


def gone(library: Database) -> str:
    """What changes whenever a library withdraws or restores a passage."""
    row = library.execute("SELECT count(*), coalesce(sum(no), 0) FROM passage WHERE live = 0").fetchone()
    return f"{row[0]}/{row[1]}"


def there(folder: Path) -> bool:
    """Is there a library in the folder?"""
    return exists(folder)


def _entries(writer: Writer, library: Database) -> None:
    """The concepts that documents of the library stand for."""
    for one in _passages.entries(library):
        source = writer.source(one.source, KIND, one.licence, one.version)
        if one.kind == "code":
            no = writer.concept(f"{one.source}:{one.id}", "disease", one.source, *_said(one.name), source)
            writer.names(no, [(one.name, 0)])
        elif name := one.name.split("[")[0].strip():
            no = writer.concept(f"label:{key(name)}", "drug", "label", *_said(name), source)
            writer.names(no, [(name, 0)])


def _said(name: str) -> tuple[str, str]:
    return ("", name) if lang_of(name) == "zh" else (name, "")


def _digest(writer: Writer, how: How) -> str:
    """What passages are read with: another one means that they are read anew."""
    data = files("bedside.graph").joinpath("data")
    rules = [
        data.joinpath(name).read_text(encoding="utf-8")
        for name in ("patterns.toml", "structure.toml", "relations.toml")
    ]
    vocabularies = writer.database.execute(
        "SELECT name, version FROM source WHERE kind = 'vocabulary' ORDER BY name"
    ).fetchall()
    parts = [
        str(_extract.VERSION),
        *rules,
        how.hpo.key if how.hpo else "",
        *how.models,
        str(vocabularies),
        *how.sources,
    ]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
