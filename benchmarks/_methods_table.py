"""The tables of docs/methods.md, from the cells that are done (`_methods_store.py`)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from statistics import mean, stdev

from _methods_cells import CHEAP, COLUMNS, EPOCHS, FEW, METHODS, cells
from _methods_store import LIMIT, Line, cells_in, earlier_costs

BEGIN, END = "<!-- figures: written by benchmarks/methods.py -->", "<!-- end of figures -->"


def written(text: str, figures: str) -> str:
    """The page with its figures renewed."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{figures}\n{END}{after}"


def page(folder: Path) -> str:
    """Every table."""
    lines = cells_in(folder)
    sample = {(one["column"], one["method"], one["seed"]): one for one in lines if not one["whole"] and not one["few"]}
    return "\n".join(
        [
            *_quality(sample),
            *_cost(sample, earlier_costs(folder)),
            *_few([one for one in lines if one["few"]]),
            *_whole([one for one in lines if one["whole"]]),
            *_seeds(sample),
            *_total(lines),
        ]
    )


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    marks = ["---", *["---:"] * (len(head) - 1)]
    return [*(f"| {' | '.join(row)} |" for row in (head, marks, *rows)), ""]


def interval(figure: list[float]) -> str:
    value, low, high = figure
    return f"{value:.3f} [{low:.3f}, {high:.3f}]"


def _quality(sample: dict[tuple[str, str, int], Line]) -> list[str]:
    shown = [
        (column, figure)
        for column in COLUMNS.values()
        for figure in column.figures[:2]
        if (column.name, "full", 0) in sample
    ]
    rows = []
    for method in METHODS:
        cells = [_cell(sample.get((column.name, method, 0)), figure) for column, figure in shown]
        if any(cell != "" for cell in cells):
            rows.append([method, *cells])
    for rival in _rivals(sample.values()):
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


def _cell(line: Line | None, figure: str) -> str:
    """A figure with its interval, and a sign where a paired test against `full` shows a difference."""
    if line is None or figure not in line["figures"]:
        return ""
    sign = line["against_full"].get(figure, {}).get("sign")
    return interval(line["figures"][figure]) + (f" **{sign}**" if sign else "")


def _cost(sample: dict[tuple[str, str, int], Line], earlier: dict[str, Line]) -> list[str]:
    rows = []
    for method in METHODS:
        measured, before = _measured_cost(method, sample), earlier.get(method)
        cost = before if before and (not measured or before["tasks"] > measured["tasks"]) else measured
        if cost:
            weights = " to ".join(f"{number:,}" for number in dict.fromkeys(cost["trained_parameters"]))
            ratio = f"{cost['a_pass']:.2f}" if cost["a_pass"] else ""
            told = [weights, f"{cost['cpu_seconds']:.0f}", ratio, f"{cost['peak_mib']:.0f}", str(cost["tasks"])]
            rows.append([method, *told])
    note = (
        "Of the whole `bedside fit` process, start to saved folder, on one thread: mean processor seconds, the same a "
        "row and pass relative to `full` on the same tasks (each task's ratio, averaged: what the method's code costs "
        "beyond plain fitting, or saves), largest peak memory. A method's costs are of the run that measured it on "
        "more tasks."
    )
    head = ["method", "trained weights", "CPU s", "a row and pass, relative to full", "peak MiB", "tasks"]
    return ["## Cost", "", note, "", *table(head, rows)]


def _measured_cost(method: str, sample: dict[tuple[str, str, int], Line]) -> Line | None:
    """Of the tasks whose cells, of the method and of `full`, have their costs beside them."""
    both = [
        (line, full)
        for (name, used, seed), line in sample.items()
        if used == method and seed == 0 and _costed(line) and _costed(full := sample.get((name, "full", 0)))
    ]
    if not both:
        return None
    ratios = [
        (one["cpu_seconds"] / one["epochs"]) / (full["cpu_seconds"] / full["epochs"])
        for one, full in both
        if one["epochs"]
    ]
    weights = sorted(one["trained_parameters"] or 0 for one, _ in both)
    return {
        "trained_parameters": [weights[0], weights[-1]],
        "cpu_seconds": mean(one["cpu_seconds"] for one, _ in both),
        "a_pass": mean(ratios) if ratios else None,
        "peak_mib": max(one["peak_mib"] for one, _ in both),
        "tasks": len(both),
    }


def _costed(line: Line | None) -> bool:
    return line is not None and line.get("cpu_seconds") is not None


def _few(lines: list[Line]) -> list[str]:
    if not lines:
        return []
    names = [name for name in COLUMNS if any(line["column"] == name for line in lines)]
    found = {(line["column"], line["method"], line["few"]): line for line in lines}
    head = ["method", *(f"{name} {COLUMNS[name].figures[0]}, {few} a class" for name in names for few in FEW)]
    rows = [
        [method, *(_cell(found.get((n, method, few)), COLUMNS[n].figures[0]) for n in names for few in FEW)]
        for method in CHEAP
    ]
    for rival in _rivals(lines):
        cells = []
        for name in names:
            for few in FEW:
                figures = found.get((name, "full", few), {}).get("rivals", {}).get(rival, {})
                cells.append(interval(figures[COLUMNS[name].figures[0]]) if figures else "")
        rows.append([f"*{rival}*", *cells])
    return ["## Few labels", "", "At most so many rows a class, by defaults, seed 0.", "", *table(head, rows)]


def _rivals(lines: Iterable[Line]) -> list[str]:
    return sorted({name for line in lines for name in line["rivals"]})


def _whole(lines: list[Line]) -> list[str]:
    if not lines:
        return []
    rows = []
    for line in lines:
        figures = [name for name in COLUMNS[line["column"]].figures if name in line["figures"]]
        best = max(
            ((name, rival[figures[0]]) for name, rival in line["rivals"].items() if figures[0] in rival),
            key=lambda one: one[1][0],
            default=None,
        )
        ours = ", ".join(f"{name} {interval(line['figures'][name])}" for name in figures)
        beside = f"{best[0]} {interval(best[1])}" if best else ""
        cost = f"{line['cpu_seconds']:.0f}" if _costed(line) else ""
        rows.append([line["column"], str(line["rows"]), ours, beside, cost])
    note = "`bedside fit` with nothing chosen; its epoch is chosen on the part measured, which flatters it a little."
    head = ["task", "rows", "figures", "best baseline", "CPU s"]
    return ["## All rows, by defaults", "", note, "", *table(head, rows)]


def _seeds(sample: dict[tuple[str, str, int], Line]) -> list[str]:
    rows = []
    for column in COLUMNS.values():
        for method in CHEAP:
            values = [
                line["figures"][column.figures[0]][0]
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
    """How many cells there are, and of which not everything is known."""
    transcribed = sum(line["source"] == "transcribed" for line in lines)
    hours = sum(line["cpu_seconds"] for line in lines if _costed(line)) / 3600
    return [
        f"{len(lines)} cells of {sum(1 for _ in cells())}. {transcribed} are transcribed from an earlier table (3.3 "
        f"processor hours), whose raw lines were lost: no cost of their own, and no test against `full` for cells "
        f"that came later. The others took {hours:.1f} processor hours.",
        "",
    ]
