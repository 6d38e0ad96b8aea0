"""The cells that are done, in a folder that anyone goes on from: figures, costs and versions; no text and no row.

FOLDER/
  cells.jsonl            a line a cell: figures as [value, low, high]; `against_full` has a sign where a paired test
                         shows a difference, and its p; `source` is measured, or transcribed from an earlier table
  earlier_costs.jsonl    costs a method of the transcribed cells, whose own were not kept
  resamples/CELL.npz     of cells of `full`: the resampled figures, for the paired tests of cells yet to come
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from bedside.evaluate.compare import p_value

Line = dict[str, Any]
LIMIT = 0.05
"""Of p, for a sign in the table."""


def cells_in(folder: Path) -> list[Line]:
    """Every cell that is done."""
    return _lines(folder / "cells.jsonl")


def earlier_costs(folder: Path) -> dict[str, Line]:
    """By method, what the transcribed cells cost."""
    return {line["method"]: line for line in _lines(folder / "earlier_costs.jsonl")}


def add(folder: Path, line: Line) -> None:
    """One more cell; what was there stays."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "cells.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def keep_resamples(folder: Path, cell: str, arrays: Path, figures: tuple[str, ...]) -> None:
    """Of a cell of `full`: its figures' resamples, and a digest of which row is whose."""
    found = np.load(arrays)
    kept = {name: found[name].astype(np.float32) for name in figures if name in found}
    place = _place(folder, cell)
    place.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(place, patients=_digest(found["patients"]), **kept)


def against_full(folder: Path, cell: str, method: str, arrays: Path) -> dict[str, dict[str, Any]]:
    """By figure the p of a paired test against `full` on the same rows, and a sign where it shows a difference."""
    place = _place(folder, cell.replace(f"/{method}/", "/full/"))
    if method == "full" or not place.exists():
        return {}
    ours, full = np.load(arrays), np.load(place)
    if _digest(ours["patients"]) != str(full["patients"]):
        return {}
    told = {}
    for name in (name for name in full.files if name != "patients" and name in ours):
        gaps = ours[name] - full[name]
        p = p_value(gaps)
        told[name] = {"sign": "" if p >= LIMIT else "+" if gaps[0] > 0 else "-", "p": round(p, 4)}
    return told


def _place(folder: Path, cell: str) -> Path:
    return folder / "resamples" / f"{cell.replace('/', '-')}.npz"


def _digest(patients: np.ndarray) -> str:
    return hashlib.sha256(np.asarray(patients, np.int64).tobytes()).hexdigest()


def _lines(file: Path) -> list[Line]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []
