"""Tables into the graph: vocabularies of the user's own, triples, and the edges that `literature analyse` writes.

A vocabulary's row is a concept: `id`, a name (`en`, `zh` or `name`), `kind`, `synonyms` (parted by |). A row of triples
or edges has `head`, `relation`, `tail` (ids or names), and may have `polarity`, `year`, `passage`, `head_kind`,
`tail_kind`, `head_id`, `tail_id`, `retracted`; a row of CMeIE has `text` and `spo_list`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bedside.errors import UsageError
from bedside.formats._tables import cell_text
from bedside.graph._passages import KIND as LIBRARY
from bedside.graph._tables import KINDS, YEAR, batched, columns_of, kind_of, peek, rows_of
from bedside.graph._writer import POLARITIES, Writer
from bedside.graph.merging import Merger, Near
from bedside.graph.relations import named, relations
from bedside.lang import tr
from bedside.receipt import file_sha256


@dataclass
class Added:
    """What a table gave: rows used, and those that could not be, by their place."""

    rows: int = 0
    problems: list[tuple[str, str]] = field(default_factory=list)


def add_vocabulary(writer: Writer, path: Path, name: str, licence: str = "", kind: str = "") -> Added:
    """The concepts of a table; the same table again brings its names up to date.

    Raises UsageError for a kind that is none, ColumnError where there is no id or no name, or no kind and none given.
    """
    if kind and kind not in KINDS:
        raise UsageError(tr("no such kind of concept", "没有该类概念"), value=kind, allowed=KINDS)
    if not name or ":" in name:
        raise UsageError(tr("a vocabulary needs a name without a colon", "词表名称不能为空或含冒号"), value=name)
    rows = rows_of(path)
    first, rows = peek(rows)
    columns = columns_of(first, path, (("id",), ("en", "zh"), *(() if kind else (("kind",),))))
    added = Added()
    version = f"sha256-{file_sha256(path)[:12]}"
    for some in batched(rows):
        with writer.batch():
            source = writer.source(name, "vocabulary", licence, version)
            for place, row in some:
                if why := _concept(writer, row, columns, name, kind, source):
                    added.problems.append((place, why))
                else:
                    added.rows += 1
    return added


def add_triples(writer: Writer, path: Path, name: str, licence: str = "", *, near: Near | None = None) -> Added:
    """The relations of a table; what the same source said before is removed. Raises ColumnError, FormatError."""
    first, rows = peek(rows_of(path))
    columns = {} if "spo_list" in first else columns_of(first, path, (("head",), ("relation",), ("tail",)))
    added, version = Added(), f"sha256-{file_sha256(path)[:12]}"
    with writer.batch():
        writer.forget_source(name, "triples")
        merger = Merger(writer, near=near)
    for some in batched(rows):
        with writer.batch():
            source = writer.source(name, "triples", licence, version)
            for place, row in some:
                for triple in _cmeie(row, place) if "spo_list" in row else [_triple(row, columns, place)]:
                    if why := _put(writer, merger, triple, source, name):
                        added.problems.append((place, why))
                    else:
                        added.rows += 1
            merger.save()
    return added


@dataclass(frozen=True, slots=True)
class _Triple:
    head: str
    relation: str
    tail: str
    passage: str
    polarity: str = "affirmed"
    year: int | None = None
    head_kind: str = ""
    tail_kind: str = ""
    head_id: str = ""
    tail_id: str = ""
    how: str = "user"
    retracted: bool = False


def _concept(writer: Writer, row: Mapping[str, Any], columns: dict[str, str], name: str, kind: str, source: int) -> str:
    """Put a row's concept in; why not, or ""."""
    said = {role: cell_text(row.get(column)).strip() for role, column in columns.items()}
    own = kind_of(said.get("kind", "")) or kind
    if not said["id"]:
        return tr("no id", "没有编号")
    if not (said.get("en") or said.get("zh")):
        return tr("no name", "没有名称")
    if own not in KINDS:
        return tr(f"no such kind of concept; allowed: {', '.join(KINDS)}", f"没有该类概念；可用：{', '.join(KINDS)}")
    id = said["id"] if ":" in said["id"] else f"{name}:{said['id']}"
    no = writer.concept(id, own, name, said.get("en", ""), said.get("zh", ""), source)
    names = [said.get("en", ""), said.get("zh", ""), *said.get("synonyms", "").replace("；", "|").split("|")]
    writer.names(no, [(one.strip(), min(at, 2)) for at, one in enumerate(names)])
    return ""


def _triple(row: Mapping[str, Any], columns: dict[str, str], place: str) -> _Triple:
    said = {role: cell_text(row.get(column)).strip() for role, column in columns.items()}
    year = YEAR.search(said.get("year", ""))
    return _Triple(
        said["head"],
        said["relation"],
        said["tail"],
        said.get("passage") or place,
        said.get("polarity", "").casefold() or "affirmed",
        int(year[0]) if year else None,
        said.get("head_kind", ""),
        said.get("tail_kind", ""),
        said.get("head_id", ""),
        said.get("tail_id", ""),
        {"words": "pattern", "model": "model"}.get(said.get("by", ""), "user"),
        said.get("retracted", "").casefold() not in ("", "false", "0", "no", "none"),
    )


def _cmeie(row: Mapping[str, Any], place: str) -> Iterator[_Triple]:
    """The triples of a CMeIE row; the passage is the text's hash, for the text is no citation."""
    digest = hashlib.sha256(str(row.get("text", "")).encode()).hexdigest()[:12]
    told = row["spo_list"]
    try:
        for one in json.loads(told) if isinstance(told, str) else told:
            tail, type = one["object"], one.get("object_type", "")
            yield _Triple(
                str(one["subject"]),
                str(one["predicate"]),
                str(tail["@value"] if isinstance(tail, dict) else tail),
                digest,
                head_kind=str(one.get("subject_type", "")),
                tail_kind=str(type["@value"] if isinstance(type, dict) else type),
            )
    except (KeyError, TypeError, ValueError):
        yield _Triple("", "", "", place)


def _put(writer: Writer, merger: Merger, one: _Triple, source: int, name: str) -> str:
    """Put a triple in; why not, or ""."""
    if not (one.head and one.relation and one.tail):
        return tr("head, relation or tail is empty", "头实体、关系或尾实体为空")
    if one.polarity not in POLARITIES:
        return tr(f"no such polarity; allowed: {', '.join(POLARITIES)}", f"没有该极性；可用：{', '.join(POLARITIES)}")
    relation, turned = named(one.relation)
    ends = [(one.head, one.head_id, kind_of(one.head_kind)), (one.tail, one.tail_id, kind_of(one.tail_kind))]
    if turned:
        ends.reverse()
    kind = relations().get(relation)
    wanted = (kind.heads, kind.tails) if kind else ((), ())
    head, tail = (
        merger.known(id) or merger.settle(said, (own,) if own in KINDS else some)
        for (said, id, own), some in zip(ends, wanted, strict=True)
    )
    if head == tail:
        return tr("head and tail are one concept", "头实体与尾实体为同一概念")
    reference = _reference(writer, one, source, name)
    writer.evidence(writer.edge(head, relation, tail), reference, POLARITIES[one.polarity], one.how)
    if one.retracted:
        writer.database.execute("UPDATE reference SET live = 0 WHERE no = ?", (reference,))
    return ""


def _reference(writer: Writer, one: _Triple, source: int, name: str) -> int:
    """A passage of the library is that passage, so that it is withdrawn with it; else what the table cites."""
    row = writer.database.execute(
        "SELECT reference.no FROM reference JOIN source ON source.no = source WHERE id = ? AND kind = ?",
        (one.passage, LIBRARY),
    ).fetchone()
    if row:
        return int(row[0])
    return writer.reference(
        one.passage if re.search("[:#]", one.passage) else f"{name}/{one.passage}", source, one.year
    )
