"""Brings a library up to date with its sources, a batch a transaction: a run that is killed loses one batch at most."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from bedside.errors import UsageError
from bedside.formats._base import Problem
from bedside.lang import tr
from bedside.library._base import Item
from bedside.library._database.database import Database, only_writer, open_database, transaction
from bedside.library._index.files import Encoder, Indexes
from bedside.library._items import Changes, Fresh, now, put_item, supersede, withdraw

BATCH = 4096
"""Passages a transaction where only words are indexed."""
BATCH_ENCODED = 256
"""Where they are encoded too, which takes a few seconds."""
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
ITEMS = 2000
"""Items a transaction, however few passages are new."""


@dataclass(frozen=True, kw_only=True)
class About:
    """What a source is: all of it is shown with every passage of it."""

    name: str
    licence: str
    version: str
    citation: str = ""
    url: str = ""


def add_items(
    folder: Path,
    about: About,
    items: Iterable[Item | Problem],
    *,
    encoder: Encoder | None = None,
    whole: bool = False,
    files: Iterable[tuple[str, str, dict[str, Any]]] = (),
    on_items: Callable[[int], None] = lambda _: None,
) -> tuple[Changes, list[Problem]]:
    """Add or update the items of one source, and what changed; what could not be used is told.

    With `whole` the items are all there are of the source: others of it are withdrawn, unless something could not be
    read, which might be one of them. `files` (path, SHA-256, options) are kept for `update`.
    Raises UsageError without a name, a licence or a version.
    """
    check_about(about)
    problems: list[Problem] = []
    changes, seen = Changes(), dict[str, str]()
    database = open_database(folder, make=True)
    try:
        with only_writer(folder, database):
            indexes = Indexes(folder, database, encoder)
            source = _put_source(database, about)
            read = _usable(items, seen, problems)
            most = BATCH_ENCODED if encoder else BATCH
            while _batch(database, indexes, (source, about.name), read, changes, most, on_items):
                indexes.merge()
            with transaction(database):
                changes.superseded += supersede(database, source)
                if whole and not problems:
                    changes.withdrawn += withdraw(database, source, seen)
                if whole:
                    database.execute("DELETE FROM file WHERE source = ?", (source,))
                for path, digest, options in files:
                    row = (source, path, digest, json.dumps(options))
                    database.execute(
                        "INSERT INTO file VALUES (?, ?, ?, ?) ON CONFLICT (source, path) "
                        "DO UPDATE SET sha256 = excluded.sha256, options = excluded.options",
                        row,
                    )
    finally:
        database.close()
    if whole and problems:
        what = tr("nothing was withdrawn, since not all could be read", "因未能全部读取，未撤回任何条目")
        problems.append(Problem(about.name, what))
    return changes, problems


def check_about(about: About) -> None:
    """Refuse a source without a name, a licence or a version, or whose name parts an id wrongly."""
    wanted = {"--name": about.name, "--licence": about.licence, "--version": about.version}
    if missing := [name for name, said in wanted.items() if not said.strip()]:
        raise UsageError(
            tr(
                "a source needs a name, a licence and a version, which are shown with every passage",
                "来源须注明名称、许可和版本，它们会随每个段落显示",
            ),
            value=", ".join(missing),
            next='--licence "CC BY 4.0"',
        )
    if ":" in about.name:
        raise UsageError(tr("the name of a source holds no colon", "来源名称不能含冒号"), value=about.name)


def _put_source(database: Database, about: About) -> int:
    row = (about.name, about.licence, about.version, about.citation, about.url, now(), now())
    database.execute(
        "INSERT INTO source (name, licence, version, citation, url, added, updated) VALUES (?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (name) DO UPDATE SET licence = excluded.licence, version = excluded.version, "
        "citation = excluded.citation, url = excluded.url, updated = excluded.updated",
        row,
    )
    return int(database.execute("SELECT no FROM source WHERE name = ?", (about.name,)).fetchone()[0])


def _usable(items: Iterable[Item | Problem], seen: dict[str, str], problems: list[Problem]) -> Iterator[Item]:
    """Items with text, each id once; one without an id is named after what it says."""
    for item in items:
        if isinstance(item, Problem):
            problems.append(item)
            continue
        item = _storable(item)
        digest = hashlib.sha256(f"{item.title}\0{item.text}".encode()).hexdigest()[:16]
        item = item if item.id.strip() else replace(item, id=digest)
        if not item.text.strip():
            problems.append(Problem(item.id, tr("no text; left out", "没有文本；未使用")))
        elif seen.setdefault(item.id, digest) != digest:
            problems.append(Problem(item.id, tr("another item has this id; left out", "编号与另一条目重复；未使用")))
        else:
            yield item


def _storable(item: Item) -> Item:
    """The item without what no database keeps (NUL, halves of characters), each place as it was."""
    words = {one.name: getattr(item, one.name) for one in fields(item)}
    said: dict[str, Any] = {
        name: _UNSTORABLE.sub("\ufffd", word) for name, word in words.items() if isinstance(word, str)
    }
    blocks = tuple(replace(one, heading=_UNSTORABLE.sub("\ufffd", one.heading)) for one in item.blocks)
    return replace(item, **said, blocks=blocks)


def _batch(
    database: Database,
    indexes: Indexes,
    source: tuple[int, str],
    items: Iterator[Item],
    changes: Changes,
    most: int,
    on_items: Callable[[int], None],
) -> bool:
    """Take in some items, all or none of them; whether there may be more."""
    fresh: list[Fresh] = []
    count = 0
    with transaction(database):
        for item in items:
            fresh += put_item(database, source, item, changes)
            count += 1
            if len(fresh) >= most or count >= ITEMS:
                break
        indexes.add(fresh)
    changes.passages += len(fresh)
    on_items(count)
    return count > 0
