"""Supplies entities where a row gives none: a relating model bound to a tagging one that finds them in its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bedside.errors import UsageError
from bedside.lang import tr
from bedside.model.folder import Model, open_model
from bedside.model.forms.relations import RelationForm
from bedside.types import Entity, Tagging


def with_tagger(model: Model, folder: Path | None, *, afresh: bool = False) -> Model:
    """The model bound to the tagging model in a folder, if one is named; UsageError where it relates no entities.

    `afresh`: entities are found in every text, whatever came with it.
    """
    if folder is None:
        return model
    if not model.form.marked:
        raise UsageError(
            tr("this model relates no entities", "该模型不判断实体关系"), where="--entities-from", value=model.head
        )
    tagger = open_model(folder)
    if tagger.head != "tag":
        raise UsageError(
            tr("not a model that finds entities", "不是实体识别模型"),
            where="--entities-from",
            value=tagger.head,
            allowed="tag",
            next="bedside fit TABLE --head tag -o MODEL",
        )
    related = {kind for pairs in ("directed", "in_order") for pair in model.settings["learnt"][pairs] for kind in pair}
    if not related & set(tagger.labels):
        raise UsageError(
            tr("it finds no type of entity that this model relates", "其实体类型与该模型的关系类型不符"),
            where="--entities-from",
            value=", ".join(tagger.labels),
            allowed=sorted(related),
        )

    def find(texts: Sequence[str]) -> list[tuple[Entity, ...]]:
        return [answer.entities for answer in tagger.predict(texts) if isinstance(answer, Tagging)]

    return replace(model, bound=RelationForm(model.head, find, afresh))
