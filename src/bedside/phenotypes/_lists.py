"""Lists of names: our TSV (`id<TAB>preferred<TAB>synonym|synonym`) and Babelon, the format of HPO translations."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO


def read_names(text: str) -> Iterator[tuple[str, str]]:
    """(id, name) of each name in a curated list.

    >>> list(read_names("HP:0001250\\t癫痫发作\\t抽搐|抽风"))
    [('HP:0001250', '癫痫发作'), ('HP:0001250', '抽搐'), ('HP:0001250', '抽风')]
    """
    for line in text.splitlines():
        id, *names = line.split("\t")
        if not line.startswith("#"):
            yield from ((id, name.strip()) for column in names for name in column.split("|") if name.strip())


def read_babelon(text: str) -> Iterator[tuple[str, str]]:
    """(id, name) of the translated labels and synonyms in a Babelon TSV (mapping-commons.org/babelon)."""
    for row in csv.DictReader(StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE):
        what, name = row.get("predicate_id") or "", (row.get("translation_value") or "").strip()
        if name and ("label" in what or "ynonym" in what):
            yield str(row.get("subject_id")), name
