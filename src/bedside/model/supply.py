"""Supplies entities where a row gives none: those that a tagging model finds in its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bedside.errors import UsageError
from bedside.lang import tr
from bedside.model.folder import Model, open_model
from bedside.model.given import Given
from bedside.types import Tagging


def open_tagger(folder: Path | None, model: Model) -> Model | None:
    """The tagging model in a folder, if one is named; UsageError where `model` has no use for its entities."""
    if folder is None:
        return None
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
    return tagger


def supplied(tagger: Model | None, texts: Sequence[str], given: Sequence[Given]) -> list[Given]:
    """What each row gives, with the entities found in its text where it gives none; texts are without identity."""
    lacking = [row for row, one in enumerate(given) if not one.entities]
    found = list(given)
    if tagger is None or not lacking:
        return found
    for row, answer in zip(lacking, tagger.predict([texts[row] for row in lacking]), strict=True):
        assert isinstance(answer, Tagging)
        found[row] = replace(given[row], entities=answer.entities)
    return found
