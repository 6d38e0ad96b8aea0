"""Remembers every fit, search, pretraining and cross-validation: a small JSON file a run under BEDSIDE_HOME/runs.

Settings, hashes, figures and places; never a text. A run that cannot be written down has still been run: the fault is
told in one line. With MLFLOW_TRACKING_URI set, the same goes to that MLflow server, if the package is there.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bedside.errors import UsageError
from bedside.files import whole_file
from bedside.home import place
from bedside.lang import tr
from bedside.receipt import file_sha256

TRACKING = "MLFLOW_TRACKING_URI"
EXPERIMENT = "bedside"
MOST = 250
"""Characters of a setting's value that MLflow is given."""


@dataclass(frozen=True)
class Run:
    """One run. `figures` are by name as told in JSON (value, low, high, n, n_patients, ... or a reason).

    `data` is SHA-256 by file name; `seconds` is wall time; `peak_mb` the most memory that the process, or a process it
    started, has held; `out` is what was made, a model folder or a study.
    """

    id: str
    when: str
    command: str
    head: str = ""
    metric: str = ""
    recipe: dict[str, Any] = field(default_factory=dict)
    recipe_sha256: str = ""
    data: dict[str, str] = field(default_factory=dict)
    figures: dict[str, dict[str, Any]] = field(default_factory=dict)
    seconds: float = 0.0
    peak_mb: float = 0.0
    out: str = ""
    version: str = ""


def started() -> float:
    """When a run begins, for `remember`."""
    return time.monotonic()


def remember(command: str, begun: float, **facts: Any) -> Run | None:
    """Write a run down; `facts` are fields of `Run`. Returns None, and says why, when it cannot be.

    >>> remember("fit", started(), head="classify", seconds=2).command
    'fit'
    """
    try:
        from bedside import __version__

        now = datetime.now(UTC)
        facts = {"seconds": round(time.monotonic() - begun, 1), **facts}
        run = Run(
            id=f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
            when=now.isoformat(timespec="seconds"),
            command=command,
            peak_mb=_peak_mb(),
            version=__version__,
            **facts,
        )
        with whole_file(place("runs") / f"{run.id}.json") as file:
            json.dump(asdict(run), file, ensure_ascii=False, indent=1, default=str)
    except Exception as fault:
        _warn(f"this run was not written down: {type(fault).__name__}", f"本次运行未能记录：{type(fault).__name__}")
        return None
    if os.environ.get(TRACKING):
        _to_mlflow(run)
    return run


def hashes(paths: Iterable[Path | None]) -> dict[str, str]:
    """SHA-256 by file name; None and what is no file are passed over."""
    return {path.name: file_sha256(path) for path in paths if path and path.is_file()}


def all_runs() -> list[Run]:
    """Every run that can be read, oldest first."""
    found = []
    for path in sorted(place("runs").glob("*.json")):
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            found.append(Run(**{name: values[name] for name in Run.__dataclass_fields__ if name in values}))
        except (OSError, ValueError, TypeError):
            _warn(f"not a run: {path.name}", f"不是运行记录：{path.name}")
    return found


def run_called(name: str) -> Run:
    """The run whose id is, or begins or ends with, `name`; `last` is the newest. Raises UsageError."""
    runs = all_runs()
    if name == "last" and runs:
        return runs[-1]
    fits = [run for run in runs if run.id == name] or [
        run for run in runs if run.id.startswith(name) or run.id.endswith(name)
    ]
    if len(fits) == 1:
        return fits[0]
    what = tr("several runs are called so", "有多个运行匹配") if fits else tr("no such run", "没有这个运行")
    raise UsageError(what, value=name, allowed=[run.id for run in (fits or runs)[-5:]], next="bedside runs")


def flat(values: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Nested settings by dotted names.

    >>> flat({"fit": {"epochs": 3}})
    {'fit.epochs': 3}
    """
    found: dict[str, Any] = {}
    for name, value in values.items():
        found |= flat(value, f"{above}{name}.") if isinstance(value, Mapping) else {f"{above}{name}": value}
    return found


def _peak_mb() -> float:
    try:
        import resource
    except ImportError:  # not on Windows
        return 0.0
    unit = 2**20 if sys.platform == "darwin" else 2**10
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return round(max(resource.getrusage(who).ru_maxrss for who in both) / unit, 1)


def _to_mlflow(run: Run) -> None:
    try:
        import mlflow
    except ImportError:
        _warn(
            f"{TRACKING} is set, but mlflow is not installed: pip install mlflow-skinny",
            f"已设置 {TRACKING}，但未安装 mlflow：pip install mlflow-skinny",
        )
        return
    try:
        mlflow.set_experiment(EXPERIMENT)
        with mlflow.start_run(run_name=run.id):
            mlflow.log_params({name: str(value)[:MOST] for name, value in flat(run.recipe).items()})
            mlflow.log_metrics(_numbers(run))
            hashes = {f"data.{name}": value for name, value in run.data.items()}
            tags = {"command": run.command, "head": run.head, "recipe_sha256": run.recipe_sha256}
            mlflow.set_tags({**tags, **hashes, "out": run.out, "bedside": run.version})
    except Exception as fault:
        _warn(f"MLflow did not take this run: {type(fault).__name__}", f"MLflow 未接受本次运行：{type(fault).__name__}")


def _numbers(run: Run) -> dict[str, float]:
    """Figures with the ends of their intervals, time and memory."""
    found = {"seconds": float(run.seconds), "peak_mb": run.peak_mb}
    for name, told in run.figures.items():
        found |= {f"{name}{end}": told[key] for end, key in ENDS.items() if isinstance(told.get(key), int | float)}
    return found


ENDS = {"": "value", ".low": "low", ".high": "high"}


def _warn(english: str, chinese: str) -> None:
    sys.stderr.write(tr(english, chinese) + "\n")
