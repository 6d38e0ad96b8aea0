"""Tries one list of ways after the other on a model, and chooses the best of those that lost little enough."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from bedside.errors import ModelError
from bedside.lang import tr
from bedside.model.folder import Model
from bedside.train.compress import Step, compress, measure
from bedside.train.compress._cost import Cost, Interval
from bedside.train.compress._speed import COLD_TURNS, LENGTHS, Speed, speeds

if TYPE_CHECKING:
    from bedside.model.given import Given
    from bedside.model.rows import Labelled

Pick = Literal["fastest", "smallest"]


@dataclass(frozen=True)
class Tried:
    """A small model with what it cost; `before` is the speed of the whole one, measured turn by turn with this."""

    ways: str
    model: Model = field(repr=False)
    cost: Cost
    speed: Speed
    before: Speed

    def within(self, most_drop: float) -> bool:
        """Whether the metric dropped by no more."""
        return self.cost.drop() <= most_drop

    def kept(self) -> Model:
        """The model with its figures on record in fitting.json."""
        figures = {"ways": self.ways, **asdict(self.cost), "speed": asdict(self.speed)}
        return dataclasses.replace(self.model, fitting={**self.model.fitting, "compressed": figures})


@dataclass(frozen=True, kw_only=True)
class Trial:
    """The model in `folder`, the texts that ways learn and calibrate on, and the rows that the results are checked on.

    `backbone` is where the backbone lies, of a model kept apart from one that was moved.
    """

    whole: Model = field(repr=False)
    folder: Path
    texts: Sequence[str] = field(repr=False)
    given: Sequence[Given] = field(repr=False)
    rows: Labelled = field(repr=False)
    metric: str
    interval: Interval | None = None
    seed: int = 0
    backbone: Path | None = None


def tried(trial: Trial, ways: Sequence[Sequence[Step]], told: Callable[[], Any] = lambda: None) -> list[Tried]:
    """Each list of ways tried, checked, and timed beside the whole model; `told` is called after each piece of work."""
    small, known = [], dict[tuple[Step, ...], Model]()
    for steps in ways:
        small.append(compress(trial.whole, trial.texts, trial.given, steps, seed=trial.seed, known=known))
        told()
    costs = []
    for model in small:
        costs.append(measure(trial.whole, model, trial.rows, trial.metric, trial.interval))
        told()
    with tempfile.TemporaryDirectory() as place:
        folders = [model.save(Path(place) / str(number)) for number, model in enumerate(small)]
        models = [trial.whole, *small]
        before, *after = speeds(models, [trial.folder, *folders], backbone=trial.backbone, told=told)
    names = [",".join(map(str, steps)) for steps in ways]
    return [
        Tried(name, model, cost, speed, before)
        for name, model, cost, speed in zip(names, small, costs, after, strict=True)
    ]


def work_of(ways: Sequence[Sequence[Step]]) -> int:
    """How often `tried` will tell of a piece of work."""
    return 2 * len(ways) + COLD_TURNS * (len(ways) + 1)


def choose(found: Sequence[Tried], *, most_drop: float, pick: Pick) -> Tried | None:
    """The fastest (one long text) or smallest of those within the gate, if there is one."""
    fit = [one for one in found if one.within(most_drop)]
    if pick == "smallest":
        return min(fit, key=lambda one: one.speed.megabytes, default=None)
    return min(fit, key=lambda one: one.speed.p50_ms[LENGTHS[-1]], default=None)


def refused(found: Sequence[Tried], most_drop: float) -> ModelError:
    """Why nothing is saved: the nearest to the gate, and by how much it failed."""
    best = min(found, key=lambda one: one.cost.drop())
    cost = best.cost
    return ModelError(
        tr("compression costs more than the tolerance; nothing was saved", "压缩造成的损失超过容许值，未保存"),
        where=best.ways,
        value=f"{cost.metric} {cost.before:.4f} -> {cost.after:.4f} (n={cost.n})",
        allowed=tr(f"a drop of at most {most_drop}", f"降幅不超过 {most_drop}"),
        next=tr("serve the model as it is, or raise --most-drop", "直接使用原模型，或提高 --most-drop"),
    )
