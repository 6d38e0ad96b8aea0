"""Trials on real charts: verdicts against those written by hand, and the rate and memory of a cohort.

    python benchmarks/trials.py match                 # 17 public Synthea charts against 15 trials
    python benchmarks/trials.py match --cohort 5000   # copies of them, already without identity, through the command
    python benchmarks/trials.py match --wrong         # each verdict that is not the one written by hand

The verdicts (benchmarks/data/trials_synthea.toml) were written from the files before the matcher was first run on
them, by the default rule: what a chart does not mention is unknown. Intervals are drawn over charts.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import numpy as np

from bedside.charts import chart_to_json
from bedside.commands._diagnose.charts import chart_rows
from bedside.commands._trials.charts import prepared
from bedside.evaluate.bootstrap import draws
from bedside.trials.matching.match import Matcher
from bedside.trials.reading import parsed
from bedside.trials.trial import Trial, trial_to_json
from bedside.types import Chart

HERE = Path(__file__).resolve().parent
CHARTS = HERE.parents[1] / "shared" / "data" / "fhir_r4_synthea"
VERDICTS = ("met", "not met", "unknown")
Rows = list[tuple[str, str, str, str]]
"""Chart, criterion, the verdict written by hand, the verdict given."""


def trials() -> tuple[list[Trial], dict[str, dict[str, str]]]:
    """The trials, and by criterion which charts have which verdict."""
    made, wanted = [], {}
    for row in tomllib.loads((HERE / "data" / "trials_synthea.toml").read_text(encoding="utf-8"))["trial"]:
        said = {name: row[name] for name in ("id", "title", "eligibility")}
        trial = parsed(Trial(**said, conditions=tuple(row["conditions"]), healthy=row.get("healthy")))
        if len(trial.criteria) != len(row["verdicts"]):
            raise SystemExit(f"{trial.id}: {len(trial.criteria)} criteria read, {len(row['verdicts'])} verdicts")
        wanted.update(zip((one.id for one in trial.criteria), row["verdicts"], strict=True))
        made.append(trial)
    return made, wanted


def charts(matcher: Matcher) -> Iterator[tuple[str, Chart]]:
    """First name and chart without identity."""
    for path in sorted(CHARTS.glob("*/*.json")):
        for _, chart, _ in chart_rows(path):
            yield path.stem.split("_")[0], prepared(chart, None, matcher.words)[0]


def judged(matcher: Matcher, wanted: dict[str, dict[str, str]]) -> Rows:
    """Every criterion for every chart."""
    rows: Rows = []
    for name, chart in charts(matcher):
        for one in (j for trial in matcher.match(chart).trials for j in trial.judged):
            said = wanted.get(one.criterion.id)
            if said is not None:
                truth = next((v for v in VERDICTS if name in said.get(v, "").split()), said["rest"])
                rows.append((name, one.criterion.id, truth, one.verdict))
    return rows


def accuracy(rows: Rows) -> str:
    """A row a verdict as written by hand: share found, with its interval over charts; and the shares beside it."""
    names = sorted({name for name, *_ in rows})
    owner = np.array([names.index(name) for name, *_ in rows])
    truth, given = (np.array([row[n] for row in rows]) for n in (2, 3))
    lines = ["| verdict by hand | n | found | met | not met | unknown |", "|---|---|---|---|---|---|"]
    for verdict in (*VERDICTS, "all", "all: always unknown"):
        kept = truth == verdict if verdict in VERDICTS else np.ones(len(rows), dtype=bool)
        hits = (truth == (given if "always" not in verdict else "unknown")) & kept
        right, every = (np.bincount(owner[one], minlength=len(names)).astype(float) for one in (hits, kept))
        drawn = np.concatenate([(right @ w) / np.maximum(1.0, every @ w) for w in draws(len(names), 0, 2000)])
        low, high = np.quantile(drawn, [0.025, 0.975])
        shares = [f"{(given[kept] == v).sum()}" if "always" not in verdict else "" for v in VERDICTS]
        value = f"{right.sum() / every.sum():.3f} [{low:.3f}, {high:.3f}]"
        lines.append(f"| {verdict} | {int(every.sum())} | {value} | {' | '.join(shares)} |")
    return "\n".join(lines)


def cohort(matcher: Matcher, made: list[Trial], count: int) -> None:
    """Print charts a second and the memory of the command, for a tenth of `count` copies and for all."""
    print("| charts | seconds | charts/s | peak MB |\n|---|---|---|---|", flush=True)
    every = [chart for _, chart in charts(matcher)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "trials.jsonl")
        file.write_text("".join(json.dumps(trial_to_json(one)) + "\n" for one in made), encoding="utf-8")
        for size in (max(1, count // 10), count):
            path = Path(folder, f"{size}.jsonl")
            with path.open("w", encoding="utf-8") as out:
                for number, chart in enumerate(islice(cycle(every), size)):
                    values = {**chart_to_json(chart), "patient": f"P-{number}"}
                    out.write(json.dumps(values, ensure_ascii=False) + "\n")
            command = [sys.executable, "-m", "bedside", "trials", "match", str(path), "--trials", str(file), "--brief"]
            begun = time.perf_counter()
            subprocess.run([*command, "-o", f"{path}.out"], check=True, capture_output=True)
            seconds = time.perf_counter() - begun
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            print(f"| {size} | {seconds:.1f} | {size / seconds:.0f} | {peak:.0f} |", flush=True)


def main() -> None:
    """Print what was asked for as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["match"])
    parser.add_argument("--cohort", type=int, metavar="CHARTS")
    parser.add_argument("--trials", type=int, default=15, help="trials that the cohort is matched against")
    parser.add_argument("--wrong", action="store_true")
    asked = parser.parse_args()
    if not CHARTS.is_dir():
        raise SystemExit(f"no charts in {CHARTS}")
    made, wanted = trials()
    matcher = Matcher(made)
    if asked.cohort:
        cohort(matcher, made[: asked.trials], asked.cohort)
        return
    rows = judged(matcher, wanted)
    print(accuracy(rows))
    for name, criterion, truth, given in rows if asked.wrong else ():
        if truth != given:
            print(f"{name} {criterion}: {truth}, given {given}")


if __name__ == "__main__":
    main()
