"""The graph as three Parquet tables: nodes, edges and evidence."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from bedside.errors import MissingExtra
from bedside.files import whole_folder
from bedside.formats._tables.parquet import SETTINGS
from bedside.graph.graph import Graph

_CSV = (
    "delim = ',', quote = '\"', escape = '\"', nullstr = '\\N', allow_quoted_nulls = false, parallel = false, "
    "max_line_size = 10000000"
)
_WEAK = "relation.weak = 0"
TABLES = {
    "nodes": (
        "SELECT id, kind, vocabulary, en, zh, degree FROM concept ORDER BY no",
        {
            "id": "VARCHAR",
            "kind": "VARCHAR",
            "vocabulary": "VARCHAR",
            "en": "VARCHAR",
            "zh": "VARCHAR",
            "degree": "INTEGER",
        },
    ),
    "edges": (
        "SELECT edge.no, h.id, relation.name, t.id, affirmed, negated, uncertain, first_year, last_year FROM edge "
        "JOIN relation ON relation.no = relation JOIN concept h ON h.no = head JOIN concept t ON t.no = tail "
        "WHERE affirmed + negated + uncertain > 0 AND {only} ORDER BY edge.no",
        {"edge": "BIGINT", "head": "VARCHAR", "relation": "VARCHAR", "tail": "VARCHAR"}
        | dict.fromkeys(("affirmed", "negated", "uncertain", "first_year", "last_year"), "INTEGER"),
    ),
    "evidence": (
        "SELECT edge, reference.id, source.name, source.licence, source.version, year, "
        "CASE polarity WHEN 1 THEN 'affirmed' WHEN -1 THEN 'negated' ELSE 'uncertain' END, how, detail, "
        "CASE live WHEN 1 THEN 'true' ELSE 'false' END FROM evidence JOIN reference ON reference.no = reference "
        "JOIN source ON source.no = reference.source JOIN edge ON edge.no = evidence.edge "
        "JOIN relation ON relation.no = edge.relation WHERE {only} ORDER BY edge, reference",
        {"edge": "BIGINT", "reference": "VARCHAR", "source": "VARCHAR", "licence": "VARCHAR", "version": "VARCHAR"}
        | {"year": "INTEGER", "polarity": "VARCHAR", "how": "VARCHAR", "detail": "VARCHAR", "live": "BOOLEAN"},
    ),
}


def write_parquet(graph: Graph, folder: Path, *, weak: bool = False) -> dict[str, int]:
    """Write nodes.parquet, edges.parquet and evidence.parquet into a folder; how many rows each has.

    Raises MissingExtra without DuckDB.
    """
    try:
        import duckdb
    except ImportError:
        raise MissingExtra("duckdb", "tables") from None
    sizes = {}
    with whole_folder(folder) as fresh, tempfile.TemporaryDirectory() as place:
        for name, (query, columns) in TABLES.items():
            rows = graph.database.execute(query.format(only="1" if weak else _WEAK))
            sizes[name] = _csv(Path(place) / name, rows)
            with duckdb.connect(config=SETTINGS) as engine:
                read = ", ".join(f"'{column}': '{type}'" for column, type in columns.items())
                csv = f"read_csv(?, header = false, columns = {{{read}}}, {_CSV})"
                target = _quoted(fresh / f"{name}.parquet")
                engine.execute(f"COPY (SELECT * FROM {csv}) TO '{target}' (FORMAT parquet)", [str(Path(place) / name)])
    return sizes


def _csv(path: Path, rows: Iterable[tuple[object, ...]]) -> int:
    """Rows as the strictest CSV: every text quoted, no value as a bare \\N."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        for row in rows:
            cells = (
                "\\N" if cell is None else str(cell) if isinstance(cell, int) else _cell(str(cell)) for cell in row
            )
            file.write(",".join(cells) + "\n")
            count += 1
    return count


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _quoted(path: Path) -> str:
    return str(path.resolve()).replace("'", "''")
