"""Makes a model of a loop that has run: calibrated, its doubt too, corrections merged, with figures and card."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

from bedside.model.folder import Model
from bedside.receipt import write_receipt
from bedside.train.checkpoint import Progress
from bedside.train.data import Parts
from bedside.train.describe import cards, facts_of
from bedside.train.doubting import doubt_of
from bedside.train.epochs import progress_summary
from bedside.train.loop import Loop
from bedside.train.made import Made
from bedside.train.ways import Way
from bedside.types import Answer, Figure

Measure = Callable[[Parts, Sequence[Answer], int], Mapping[str, Figure]]
"""`measure(parts, answers to the tuning part, seed)` -> figures with intervals; the command line brings it."""

Beside = Callable[[Parts, int], Mapping[str, Mapping[str, Figure]]]
"""`beside(parts, seed)` -> the same figures of each baseline; told of what was not trained, where little is to beat."""


def finish(
    way: Way, loop: Loop, made: Made, parts: Parts, progress: Progress, seconds: float
) -> tuple[Model, Sequence[Answer]]:
    """Calibrate answers and doubt on the tuning part, merge corrections, and put the model together.

    With its answers to that part.
    """
    outputs, encoded = loop.outputs(loop.dev, "fp32"), made.encoded["dev"]
    calibration = parts.form.calibrate(outputs, parts.dev.labels, encoded, parts.labels)
    engine, own = way.engine(loop, made), way.settings(made)
    backbone, settings = made.backbone, made.resolved.fit
    doubt = doubt_of(engine, calibration, outputs, parts, made.encoded, made.recipe.abstain, backbone.hidden_size)
    resolved = made.resolved.model_copy(update={"fit": settings.model_copy(update={"precision": progress.precision})})
    files = [path for path in (made.recipe.data.train, made.recipe.data.dev) if path]
    model = Model(
        settings={
            "engine": own["engine"],
            "head": parts.head,
            "labels": list(parts.labels),
            "hidden_size": backbone.hidden_size,
            "max_tokens": settings.max_tokens,
            "prefix": backbone.prefix,
            "pad_id": backbone.pad_id,
            "backbone": {"name": backbone.name, "licence": backbone.licence},
            **({"learnt": made.learnt} if made.learnt else {}),
            **own,
        },
        engine=engine,
        calibration=calibration,
        recipe=resolved.model_dump(mode="json"),
        receipt=write_receipt(made.recipe.digest(), files, seed=settings.seed, seconds=seconds).to_dict(),
        fitting=progress_summary(progress) | facts_of(made, parts),
        doubt=doubt,
    )
    return model, parts.form.answers(outputs, encoded, parts.labels, calibration)


def with_papers(
    way: Way,
    model: Model,
    made: Made,
    parts: Parts,
    answers: Sequence[Answer],
    measure: Measure | None,
    beside: Beside | None = None,
) -> Model:
    """The model with its figures on the tuning part, those of baselines where asked for, and its card."""
    figures: dict[str, Figure] = {}
    rivals: dict[str, Mapping[str, Figure]] = {}
    if measure is not None and len(parts.dev):
        figures = dict(measure(parts, answers, made.resolved.fit.seed))
    if beside is not None and len(parts.dev):
        rivals = dict(beside(parts, made.resolved.fit.seed))
    told = {name: asdict(figure) for name, figure in figures.items()}
    others = {name: {key: asdict(one) for key, one in each.items()} for name, each in rivals.items()}
    fitting = {**model.fitting, "dev": told, **({"baselines": others} if others else {})}
    return dataclasses.replace(model, fitting=fitting, cards=cards(way, made, parts, figures, rivals))
