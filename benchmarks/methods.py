"""Every way of adapting on every task: quality with intervals, and what it costs. Fills docs/methods.md.

    python benchmarks/methods.py OUT [--jobs 2] [--minutes 360] [--only TEXT ...]
    python benchmarks/methods.py --write docs/methods.md

Each cell is `bedside fit` in a process of its own, on one thread, so that its processor seconds and peak memory are its
own; the fitted model is then measured on the set's tuning part, which the fit has not seen: its epoch is chosen on a
tenth held back from training. (Cells of all rows, by defaults, are given the tuning part as a user would; that
flatters them a little.) A cell done is a line of benchmarks/data/methods/cells.jsonl (or of --cells), which is part of
the repository: anyone goes on where it stands, and a line taken out is measured again. OUT holds drawn rows, logs and
unfinished fits; a cell cut short begins anew, so that its cost is whole. Needs the data sets beside the repository
(`../shared/data`).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from _methods_cells import Cell, cells
from _methods_store import add, against_full, cells_in, keep_resamples
from _methods_table import page, written
from bedside.receipt import versions

STORE = Path(__file__).with_name("data") / "methods"
MEASURE = Path(__file__).with_name("_methods_measure.py")
QUIET = {**os.environ, "OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}
_writing = threading.Lock()


def main() -> None:
    asked = arguments()
    if asked.write:
        asked.write.write_text(written(asked.write.read_text(encoding="utf-8"), page(asked.cells)), encoding="utf-8")
        return
    asked.out.mkdir(parents=True, exist_ok=True)
    done = {line["cell"] for line in cells_in(asked.cells)}
    wanted = [cell for cell in cells() if not asked.only or any(part in cell.key for part in asked.only)]
    left = [cell for cell in wanted if cell.key not in done]
    until = time.monotonic() + 60 * asked.minutes
    print(f"{len(done)} cells done, {len(left)} left")
    with ThreadPoolExecutor(asked.jobs) as pool:
        for cell in left:
            pool.submit(one, cell, asked.out, asked.cells, until)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("--cells", type=Path, default=STORE, help="folder of the cells that are done")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=360, help="begin no cell after these")
    parser.add_argument("--only", nargs="*", default=(), help="cells whose name holds one of these: cmedtc/lora")
    parser.add_argument("--write", type=Path, help="put the figures into this page instead of fitting")
    asked = parser.parse_args()
    if not asked.write and not asked.out:
        parser.error("OUT, a folder to fit in; or --write PAGE")
    return asked


def one(cell: Cell, out: Path, store: Path, until: float) -> None:
    """Fit, measure, note the cell, and drop the model."""
    if time.monotonic() > until:
        return
    folder = out / cell.key.replace("/", "-")
    for left in (
        folder,
        folder.with_name(f".{folder.name}.fitting"),
    ):  # a cell cut short begins anew: its cost is whole
        shutil.rmtree(left, ignore_errors=True)
    train, dev = parts(cell, out)
    fit = [sys.executable, "-m", "bedside", "fit", str(train), *cell.flags, "-o", str(folder), "--json"]
    fit += ["--identity", "absent", "a published research set", *(("--dev", str(dev)) if cell.whole else ())]
    log = folder.with_suffix(".log")
    cost = run(fit, log)
    if cost is None:
        print(f"FAILED {cell.key}: {log.read_text()[-300:]}", flush=True)
        return
    arrays = folder.with_suffix(".npz")
    measured = [sys.executable, str(MEASURE), str(folder), str(dev), str(arrays)]
    measured += ["--rivals"] if cell.method in ("full", "defaults") and cell.seed == 0 else []
    found = subprocess.run(measured, capture_output=True, text=True, env=QUIET)
    if found.returncode:
        print(f"FAILED to measure {cell.key}: {found.stderr[-300:]}", flush=True)
        return
    line = noted(cell, json.loads((folder / "fitting.json").read_text()), json.loads(found.stdout.splitlines()[-1]))
    with _writing:
        line["against_full"] = against_full(store, cell.key, cell.slug, arrays)
        if cell.method == "full":
            keep_resamples(store, cell.key, arrays, cell.column.figures)
        add(store, line | cost)
    shutil.rmtree(folder)
    decides = cell.column.figures[0]
    print(f"{cell.key}: {decides} {line['figures'][decides][0]:.3f}, {cost['cpu_seconds']:.0f} CPU s", flush=True)


def noted(cell: Cell, fitting: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """The line of a cell, but for its cost and what is tested."""
    return {
        "cell": cell.key,
        "column": cell.column.name,
        "method": cell.method,
        "seed": cell.seed,
        "few": cell.few,
        "whole": cell.whole,
        "rows": fitting["rows"]["train"],
        "n": found["n"],
        "epochs": len(fitting["history"]),
        "trained_parameters": fitting.get("trained_parameters"),
        "figures": bare(found["figures"], cell.column.figures),
        "rivals": {name: bare(one, cell.column.figures) for name, one in found.get("rivals", {}).items()},
        "versions": versions(),
        "source": "measured",
    }


def bare(figures: dict[str, Any], wanted: tuple[str, ...]) -> dict[str, list[float]]:
    """[value, low, high] of the figures wanted, where they are defined."""
    there = {name: figures[name] for name in wanted if figures.get(name, {}).get("value") is not None}
    return {name: [round(one[part], 4) for part in ("value", "low", "high")] for name, one in there.items()}


def run(command: list[str], log: Path) -> dict[str, float] | None:
    """Run to its end; processor seconds and peak memory of that process, None if it failed."""
    with log.open("a") as file:
        child = subprocess.Popen(command, stdout=file, stderr=file, env=QUIET)
        _, status, used = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 3):
        return None
    cpu = used.ru_utime + used.ru_stime
    return {"cpu_seconds": round(cpu, 1), "peak_mib": round(used.ru_maxrss / 1024)}


def parts(cell: Cell, out: Path) -> tuple[Path, Path]:
    """The files to fit and to measure on: whole, or rows drawn by the seed."""
    column, folder = cell.column, out / "data"
    folder.mkdir(exist_ok=True)
    dev = column.file("dev")
    if column.dev_rows:
        dev = drawn(dev, folder / f"{column.name}-dev.jsonl", lambda rows: spread(rows, column.dev_rows or 0, 0))
    if cell.whole:
        return column.file("train"), dev
    size = f"few{cell.few}" if cell.few else "sample"
    train = folder / f"{column.name}-{size}-{cell.seed}.jsonl"
    few, seed = cell.few, cell.seed
    if few is not None:
        return drawn(column.file("train"), train, lambda rows: by_class(rows, column.label, few, seed)), dev
    return drawn(column.file("train"), train, lambda rows: spread(rows, column.rows, seed)), dev


def drawn(source: Path, out: Path, choose: Any) -> Path:
    with _writing:
        if not out.exists():
            rows = source.read_text(encoding="utf-8").splitlines(keepends=True)
            half = out.with_suffix(".half")
            half.write_text("".join(choose(rows)), encoding="utf-8")
            half.replace(out)
    return out


def spread(rows: list[str], count: int, seed: int) -> list[str]:
    """That many rows by chance."""
    return random.Random(seed).sample(rows, min(count, len(rows)))


def by_class(rows: list[str], label: str, count: int, seed: int) -> list[str]:
    """At most so many rows of each label, by chance."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in spread(rows, len(rows), seed):
        found[str(json.loads(row)[label])].append(row)
    return [row for some in found.values() for row in some[:count]]


if __name__ == "__main__":
    main()
