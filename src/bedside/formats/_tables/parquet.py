"""Rows of a Parquet file, read by DuckDB a thousand at a time, with its network and its extensions shut off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from bedside.errors import FormatError, MissingExtra
from bedside.lang import tr

ROWS_AT_ONCE = 1000
SETTINGS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "memory_limit": "1GB",
    "threads": "1",
}


def parquet_rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the rows; dates as ISO 8601, decimals as numbers."""
    try:
        import duckdb
    except ImportError:
        raise MissingExtra("duckdb", "tables") from None
    with duckdb.connect(config=SETTINGS) as engine:
        try:
            result = engine.execute("SELECT * FROM read_parquet(?)", [_literal(path)])
            names = [column[0] for column in result.description]
            number = 0
            while rows := result.fetchmany(ROWS_AT_ONCE):
                for row in rows:
                    number += 1
                    where = tr(f"row {number}", f"第 {number} 行")
                    yield where, {name: plain_value(cell) for name, cell in zip(names, row, strict=True)}
        except duckdb.Error:
            raise FormatError(tr("damaged Parquet file", "Parquet 文件已损坏"), where=path.name) from None


def _literal(path: Path) -> str:
    """The path with the glob characters of DuckDB taken literally."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in str(path.resolve()))


def plain_value(value: Any) -> Any:
    """A cell as JSON can hold it."""
    if isinstance(value, datetime):
        return value.isoformat() if value.time() != time() else value.date().isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, (list, tuple)):
        return [plain_value(part) for part in value]
    if isinstance(value, dict):
        return {str(key): plain_value(part) for key, part in value.items()}
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)
