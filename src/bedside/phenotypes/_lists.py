"""Our lists of names: a TSV of `id<TAB>preferred<TAB>synonym|synonym`."""

from __future__ import annotations

from collections.abc import Iterator


def read_names(text: str) -> Iterator[tuple[str, str]]:
    """(id, name) of each name in a curated list.

    >>> list(read_names("HP:0001250\\t癫痫发作\\t抽搐|抽风"))
    [('HP:0001250', '癫痫发作'), ('HP:0001250', '抽搐'), ('HP:0001250', '抽风')]
    """
    for line in text.splitlines():
        id, *names = line.split("\t")
        if not line.startswith("#"):
            yield from ((id, name.strip()) for column in names for name in column.split("|") if name.strip())
