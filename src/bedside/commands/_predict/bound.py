"""A model bound to what it reads beside a row, whatever it is: a corpus to search, entities another model finds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bedside.commands._predict.searching import measured, searching
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.config import DataRecipe
    from bedside.evaluate.answers import Answers
    from bedside.model.folder import Model
    from bedside.model.rows import Labelled


def bound(
    model: Model,
    folder: Path,
    data: DataRecipe,
    reranker: Path | None = None,
    entities_from: Path | None = None,
    *,
    alone: bool = False,
) -> Model:
    """To answer rows; `alone`: texts come with nothing beside them. Models that read a row alone are as they were."""
    from bedside.model.supply import with_tagger

    return searching(with_tagger(model, entities_from), folder, data, reranker, alone=alone)


def bound_to_measure(
    model: Model, folder: Path, data: DataRecipe, rows: Labelled, reranker: Path | None, entities_from: Path | None
) -> Model:
    """To be measured on `rows`: over all their documents, or with entities found in place of those marked."""
    from bedside.model.supply import with_tagger

    return measured(with_tagger(model, entities_from, afresh=True), folder, data, rows, reranker)


def answers_on(model: Model, folder: Path, data: DataRecipe, rows: Labelled) -> Answers:
    """The answers to `rows` of a model bound to be measured on them."""
    from bedside.evaluate.answers import gathered

    asked = bound_to_measure(model, folder, data, rows, None, None)
    return gathered(model.head, model.labels, asked.predict(rows.texts, rows.given))


def notes(entities_from: Path | None) -> list[str]:
    """What to know of figures of a model that was so bound."""
    if entities_from is None:
        return []
    return [
        tr(
            "The model read the entities that the tagging model finds; the baselines read those that are marked.",
            "本模型使用实体识别模型找出的实体；基线使用已标注的实体。",
        )
    ]
