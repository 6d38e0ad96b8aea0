"""`bedside pretrain --then`: a task fitted from the backbone before and after; both figures, the paired test."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.commands._io import plain, say
from bedside.lang import disclaimer, tr
from bedside.types import Estimate

if TYPE_CHECKING:
    from bedside.evaluate.metrics import Evaluation
    from bedside.model.folder import Model
    from bedside.train.downstream import Task
    from bedside.train.loop import OnEvent

RESULT = "downstream.json"


@dataclass(frozen=True)
class Downstream:
    """A task, read before the backbone is pretrained so that its faults are told then."""

    task: Task
    tell: OnEvent

    def measured(self, before: str, out: Path) -> dict[str, Any]:
        """Fit from `before` and from the backbone in `out`; the result, also written to `out`."""
        from bedside.commands._fit.measured import measured_on_dev
        from bedside.evaluate.downstream import downstream
        from bedside.files import whole_file
        from bedside.train.downstream import SIDES, fit_sides

        work = out.parent / f".{out.name}.then"
        found: dict[str, list[Evaluation]] = {side: [] for side in SIDES}
        metric = ""
        for side, seed, model in fit_sides(
            self.task, dict(zip(SIDES, (before, str(out)), strict=True)), work, self.tell, measured_on_dev
        ):
            metric = str(model.recipe["fit"]["metric"])
            found[side].append(self._evaluated(model, work / f"{side}-{seed}"))
        told = downstream(metric, found["before"], found["after"])
        rows = {name: len(getattr(self.task.nested, name)) for name in ("learn", "select", "honest")}
        summary: dict[str, Any] = plain({"head": self.task.nested.head, "rows": rows, "from": before, **told})
        with whole_file(out / RESULT) as file:
            json.dump(summary, file, ensure_ascii=False, indent=1)
        shutil.rmtree(work, ignore_errors=True)
        return {**summary, "figures": {name: told[name] for name in (*SIDES, "difference")}}

    def _evaluated(self, model: Model, folder: Path) -> Evaluation:
        from bedside.commands._predict.bound import answers_on

        rows, recipe = self.task.nested.honest, self.task.recipe
        said = answers_on(model, folder, recipe.data, rows)
        return said.measure(rows.labels, rows.patients if recipe.data.patient else None, seed=recipe.fit.seed)


def downstream_of(path: Path, seeds: int, objective: str, tell: OnEvent) -> Downstream:
    """The task of a recipe (.toml)."""
    from bedside.train.downstream import read_task

    return Downstream(read_task(path, seeds, objective, tell), tell)


def show(told: Mapping[str, Any], *, quiet: bool) -> None:
    """Both figures, the difference, and whether it was shown to help."""
    from bedside.evaluate._words import metric_name, p_shown, shown

    figures, name, count = told["figures"], metric_name(told["metric"]), len(told["seeds"]["before"])
    kept, rows = told["rows"]["honest"], told["rows"]["learn"]
    p = f"  p {p_shown(told['p'])}" if told["p"] is not None else ""
    for english, chinese in (
        (
            f"the task ({told['head']}): {name} on {kept} rows kept apart, {rows} to learn from, {count} seeds",
            f"下游任务（{told['head']}）：另留 {kept} 行上的{name}，训练 {rows} 行，{count} 个种子",
        ),
        (f"  from {told['from']}: {shown(figures['before'])}", f"  始于 {told['from']}：{shown(figures['before'])}"),
        (f"  from what was pretrained: {shown(figures['after'])}", f"  始于预训练所得：{shown(figures['after'])}"),
        (f"  difference: {shown(figures['difference'])}{p}", f"  差值：{shown(figures['difference'])}{p}"),
        verdict(figures["difference"]),
    ):
        say(tr(english, chinese), quiet=quiet)
    say(disclaimer(), quiet=quiet)


def verdict(difference: Any) -> tuple[str, str]:
    """What the interval of after minus before says, in both languages.

    >>> verdict(Estimate(value=0.1, low=-0.1, high=0.3, n=90, n_patients=90, method="x"))[0]
    '  these texts were not shown to help the task, nor to harm it'
    """
    if isinstance(difference, Estimate) and difference.low > 0:
        return "  these texts helped the task", "  这些文本对该任务有帮助"
    if isinstance(difference, Estimate) and difference.high < 0:
        return "  these texts harmed the task", "  这些文本对该任务有害"
    return "  these texts were not shown to help the task, nor to harm it", "  未见这些文本对该任务有帮助或有害"
