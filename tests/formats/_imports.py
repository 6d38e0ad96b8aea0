"""Runs `bedside import` on files made for a test, and reads back its report and charts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from bedside.charts import raw_from_json, read_charts
from bedside.cli import build
from bedside.types import RawChart

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"


def run(folder: Path, *words: object) -> tuple[int, dict[str, Any], list[RawChart]]:
    """Exit code, report and charts of one import."""
    out, report = folder / "out" / "charts.jsonl", folder / "out" / "report.json"
    arguments = ["import", *map(str, words), "-o", str(out), "--report", str(report)]
    done = CliRunner().invoke(build(), arguments, catch_exceptions=True)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    charts = list(read_charts(out, raw_from_json)) if out.exists() else []
    return done.exit_code, json.loads(report.read_text()), charts


def write(path: Path, data: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


NOTES = "patient_id,sex,date,text\n7,F,2024-03-05,chest pain\n8,M,2024-03-06,denies chest pain\n"
