"""What a search comes to: the best recipe on the part kept aside, beside the recipe as it was and baselines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.commands._io import plain
from bedside.lang import tr
from bedside.types import Estimate, Figure, Undefined

if TYPE_CHECKING:
    from bedside.evaluate.metrics import Evaluation
    from bedside.model.folder import Model
    from bedside.model.rows import Labelled
    from bedside.train.tune.run import Tuned

RESULT, RECIPE = "result.json", "best.toml"


@dataclass(frozen=True)
class Result:
    """The figure that selected and the honest one, the recipe as it was and baselines on the same honest rows.

    `gain` is the paired difference best minus recipe as it was; `looks` are the trials measured on that part so far.
    """

    metric: str
    selected: Figure
    honest: Figure
    optimism: Figure
    defaults: Figure
    gain: Figure
    gain_p: float | None
    rivals: Mapping[str, Figure]
    looks: list[int]


def measured(tuned: Tuned, out: Path) -> Result:
    """Measure the two models kept, and the baselines, on the part that nothing was chosen by."""
    from bedside.commands._predict.searching import corpus_texts
    from bedside.evaluate.baselines import baselines
    from bedside.evaluate.baselines.rivals import Rows
    from bedside.evaluate.compare import compare
    from bedside.evaluate.optimism import optimism
    from bedside.train.tune.worker import KEPT

    nested, metric, seed = tuned.nested, tuned.metric, tuned.recipe.fit.seed
    learn, test = nested.learn, nested.honest
    patients = test.patients if tuned.recipe.data.patient else None
    models = zip((tuned.model, tuned.defaults), KEPT, strict=True)
    best, defaults = (_evaluated(model, out / name, test, tuned) for model, name in models)
    corpus = corpus_texts(tuned.model, out / KEPT[0], tuned.recipe.data)
    rows = Rows(test.texts, test.labels, patients, test.given, corpus=corpus)
    fitted = Rows(learn.texts, learn.labels, learn.patients, learn.given)
    rivals = baselines(fitted, rows, labels=nested.labels, head=nested.head, seed=seed)
    selected, honest = figure_of(tuned.model.fitting["dev"][metric]), best.metrics[metric]
    if corpus:  # the fit ranked the rows' own documents alone: among as many others it is comparable
        selected = _evaluated(tuned.model, out / KEPT[0], nested.select, tuned).metrics[metric]
    test_ = compare(best, defaults).get(metric, {})
    same = tr("the recipe as it was is the best", "原配方即为最佳")
    return Result(
        metric=metric,
        selected=selected,
        honest=honest,
        optimism=optimism(selected, honest),
        defaults=defaults.metrics[metric],
        gain=Undefined(reason=same) if tuned.best.defaults else test_.get("difference", Undefined(reason="-")),
        gain_p=None if tuned.best.defaults else test_.get("p"),
        rivals={
            name: done if isinstance(done, Undefined) else done.metrics.get(metric, Undefined(reason="-"))
            for name, done in rivals.items()
        },
        looks=sorted({*_looks(out), tuned.best.number}),
    )


def figure_of(told: Mapping[str, Any]) -> Figure:
    """A figure as a model folder keeps it."""
    return Estimate(**told) if "value" in told else Undefined(**told)


def _evaluated(model: Model, folder: Path, rows: Labelled, tuned: Tuned) -> Evaluation:
    from bedside.commands._predict.bound import answers_on

    said = answers_on(model, folder, tuned.recipe.data, rows)
    patients = rows.patients if tuned.recipe.data.patient else None
    return said.measure(rows.labels, patients, seed=tuned.recipe.fit.seed)


def _looks(out: Path) -> list[int]:
    """The trials measured on the honest part by earlier commands of this study."""
    try:
        return list(json.loads((out / RESULT).read_text(encoding="utf-8"))["looks"])
    except (OSError, ValueError, KeyError):
        return []


def write_recipe(tuned: Tuned, result: Result, out: Path) -> Path:
    """The best recipe as a file that `bedside fit` takes, its figures in the comment on top."""
    from bedside.config._toml import to_toml
    from bedside.files import whole_file

    values = tuned.best_recipe().model_dump(mode="json", exclude_unset=True)
    comment = tr(
        f"Found by `bedside tune`: trial {tuned.best.number} of {len(tuned.trials)}.\n"
        f"{result.metric} where it was selected: {_told(result.selected)}\n"
        f"{result.metric} on patients nothing was chosen by: {_told(result.honest)}\n"
        f"bedside fit {out / RECIPE} -o MODEL",
        f"由 `bedside tune` 找到：{len(tuned.trials)} 次试验中的第 {tuned.best.number} 次。\n"
        f"选择部分 {result.metric}：{_told(result.selected)}\n"
        f"未参与选择的患者 {result.metric}：{_told(result.honest)}\n"
        f"bedside fit {out / RECIPE} -o MODEL",
    )
    with whole_file(out / RECIPE) as file:
        file.write(to_toml(values, comment=comment))
    return out / RECIPE


def _told(figure: Figure) -> str:
    return str(figure) if isinstance(figure, Estimate) else figure.reason


def as_json(tuned: Tuned, result: Result, out: Path) -> dict[str, Any]:
    """All of it; trials without the settings that stayed as they were."""
    trials = [
        {
            "number": trial.number,
            "state": trial.state,
            "defaults": trial.defaults,
            "value": trial.value,
            "settings": trial.facts.get("drawn", {}),
            "course": trial.course,
            "seconds": trial.facts.get("seconds"),
            "reason": trial.facts.get("reason"),
        }
        for trial in tuned.trials
        if trial.state not in ("interrupted", "waiting")
    ]
    states = Counter(one["state"] for one in trials)
    return {
        "study": str(out),
        "head": tuned.nested.head,
        "rows": {name: len(getattr(tuned.nested, name)) for name in ("learn", "select", "honest")},
        "states": dict(states),
        "best": {"number": tuned.best.number, "settings": tuned.best.facts.get("drawn", {})},
        **plain(asdict(result)),
        "importances": tuned.importances,
        "recipe": str(out / RECIPE),
        "model": str(out / "best"),
        "refused": [{"file": file, "place": one.place, "what": one.what} for file, one in tuned.nested.refused],
        "trials": trials,
    }
