"""The tables of docs/methods.md, from the lines and resamples that `benchmarks/methods.py` leaves."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import numpy as np

from _methods_cells import CHEAP, COLUMNS, EPOCHS, FEW, METHODS
from bedside.evaluate.compare import p_value

BEGIN, END = "<!-- figures: written by benchmarks/methods.py -->", "<!-- end of figures -->"
Line = dict[str, Any]
LIMIT = 0.05


def written(text: str, figures: str) -> str:
    """The page with its figures renewed."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{figures}\n{END}{after}"


def page(out: Path) -> str:
    """Every table."""
    lines = [json.loads(line) for line in (out / "cells.jsonl").read_text().splitlines()]
    sample = {(one["column"], one["method"], one["seed"]): one for one in lines if not one["whole"] and not one["few"]}
    return "\n".join(
        [
            *_quality(sample, out),
            *_cost(sample),
            *_few([one for one in lines if one["few"]], out),
            *_whole([one for one in lines if one["whole"]]),
            *_seeds(sample),
            *_total(lines),
        ]
    )


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    marks = ["---", *["---:"] * (len(head) - 1)]
    return [*(f"| {' | '.join(row)} |" for row in (head, marks, *rows)), ""]


def interval(figure: dict[str, Any]) -> str:
    if figure.get("value") is None:
        return "-"
    return f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"


def _quality(sample: dict[tuple[str, str, int], Line], out: Path) -> list[str]:
    shown = [
        (column, figure)
        for column in COLUMNS.values()
        for figure in column.figures[:2]
        if (column.name, "full", 0) in sample
    ]
    rows = []
    for method in METHODS:
        cells = [_cell(sample.get((column.name, method, 0)), figure, out) for column, figure in shown]
        if any(cell != "" for cell in cells):
            rows.append([method, *cells])
    rivals = sorted({name for line in sample.values() for name in line.get("rivals", {})})
    for rival in rivals:
        cells = []
        for column, figure in shown:
            found = sample[column.name, "full", 0].get("rivals", {}).get(rival, {})
            cells.append(interval(found[figure]) if figure in found else "")
        rows.append([f"*{rival}*", *cells])
    head = ["method", *(f"{column.name} {figure}" for column, figure in shown)]
    sizes = ", ".join(
        f"{name} {line['rows']} of which measured on {line['n']}"
        for (name, method, seed), line in sample.items()
        if method == "full" and seed == 0
    )
    note = (
        f"Rows learnt from: {sizes}. {EPOCHS} passes each, seed 0. **-** after a figure: worse than `full` by a paired "
        f"test over patients (p < {LIMIT}), **+**: better; p is not corrected for the number of tests."
    )
    return ["## Quality, the same rows and passes for every method", "", note, "", *table(head, rows)]


def _cell(line: Line | None, figure: str, out: Path) -> str:
    if line is None or figure not in line["figures"]:
        return ""
    return interval(line["figures"][figure]) + _against_full(line, figure, out)


def _against_full(line: Line, figure: str, out: Path) -> str:
    """A sign where a paired test shows a difference."""
    ours = _resamples(line["cell"], out)
    full = _resamples(line["cell"].replace(f"/{_slug(line['method'])}/", "/full/"), out)
    if line["method"] == "full" or ours is None or full is None or figure not in ours or figure not in full:
        return ""
    if not np.array_equal(ours["patients"], full["patients"]):
        return ""
    gaps = ours[figure] - full[figure]
    if p_value(gaps) >= LIMIT:
        return ""
    return " **+**" if gaps[0] > 0 else " **-**"


def _slug(method: str) -> str:
    return method.replace(" ", "_").replace(",", "")


def _resamples(cell: str, out: Path) -> Any:
    file = out / "resamples" / f"{cell.replace('/', '-')}.npz"
    return np.load(file) if file.exists() else None


def _cost(sample: dict[tuple[str, str, int], Line]) -> list[str]:
    rows = []
    for method in METHODS:
        both = [
            (line, sample[name, "full", 0])
            for (name, used, seed), line in sample.items()
            if used == method and seed == 0 and (name, "full", 0) in sample
        ]
        if both:
            passes = [
                (one["cpu_seconds"] / one["epochs"]) / (full["cpu_seconds"] / full["epochs"])
                for one, full in both
                if one["epochs"]
            ]
            weights = sorted({one["trained_parameters"] or 0 for one, _ in both})
            rows.append(
                [
                    method,
                    " to ".join(f"{number:,}" for number in dict.fromkeys((weights[0], weights[-1]))),
                    f"{mean(one['cpu_seconds'] for one, _ in both):.0f}",
                    f"{mean(passes):.2f}" if passes else "",
                    f"{max(one['peak_mib'] for one, _ in both):.0f}",
                    str(len(both)),
                ]
            )
    note = (
        "Of the whole `bedside fit` process, start to saved folder, on one thread: mean processor seconds, the same a "
        "pass relative to `full` on the same tasks (each task's ratio, averaged), largest peak memory."
    )
    head = ["method", "trained weights", "CPU s", "a pass, relative to full", "peak MiB", "tasks"]
    return ["## Cost", "", note, "", *table(head, rows)]


def _few(lines: list[Line], out: Path) -> list[str]:
    if not lines:
        return []
    names = list(dict.fromkeys(line["column"] for line in lines))
    found = {(line["column"], line["method"], line["few"]): line for line in lines}
    head = ["method", *(f"{name} {COLUMNS[name].figures[0]}, {few} a class" for name in names for few in FEW)]
    rows = [
        [method, *(_cell(found.get((n, method, few)), COLUMNS[n].figures[0], out) for n in names for few in FEW)]
        for method in CHEAP
    ]
    rivals = sorted({name for line in lines for name in line.get("rivals", {})})
    for rival in rivals:
        cells = []
        for name in names:
            for few in FEW:
                figures = found.get((name, "full", few), {}).get("rivals", {}).get(rival, {})
                cells.append(interval(figures[COLUMNS[name].figures[0]]) if figures else "")
        rows.append([f"*{rival}*", *cells])
    return ["## Few labels", "", "At most so many rows a class, by defaults, seed 0.", "", *table(head, rows)]


def _whole(lines: list[Line]) -> list[str]:
    if not lines:
        return []
    rows = []
    for line in lines:
        figures = COLUMNS[line["column"]].figures
        best = [
            (name, rival[figures[0]])
            for name, rival in line.get("rivals", {}).items()
            if rival.get(figures[0], {}).get("value") is not None
        ]
        name, figure = max(best, key=lambda one: one[1]["value"]) if best else ("", {})
        ours = [f"{name} {interval(line['figures'][name])}" for name in figures if name in line["figures"]]
        cost = f"{line['cpu_seconds']:.0f}"
        rows.append([line["column"], str(line["rows"]), ", ".join(ours), f"{name} {interval(figure)}", cost])
    note = "`bedside fit` with nothing chosen; its epoch is chosen on the part measured, which flatters it a little."
    head = ["task", "rows", "figures", "best baseline", "CPU s"]
    return ["## All rows, by defaults", "", note, "", *table(head, rows)]


def _seeds(sample: dict[tuple[str, str, int], Line]) -> list[str]:
    rows = []
    for column in COLUMNS.values():
        for method in CHEAP:
            values = [
                line["figures"][column.figures[0]]["value"]
                for (name, used, _), line in sample.items()
                if (name, used) == (column.name, method)
            ]
            if len(values) > 1:
                told = [f"{value:.3f}" for value in values]
                rows.append([f"{column.name} {method}", ", ".join(told), f"{mean(values):.3f}", f"{stdev(values):.3f}"])
    if not rows:
        return []
    note = "Another seed draws other rows, and other numbers for the head; figure by seed 0, 1, 2."
    head = ["task, method", "by seed", "mean", "standard deviation"]
    return ["## Other seeds", "", note, "", *table(head, rows)]


def _total(lines: list[Line]) -> list[str]:
    hours = sum(line["cpu_seconds"] for line in lines) / 3600
    return [f"{len(lines)} fits, {hours:.1f} processor hours in all.", ""]
