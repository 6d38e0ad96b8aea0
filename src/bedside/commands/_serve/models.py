"""The models that a server answers with: which folders, opened together, and how each is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.errors import UsageError
from bedside.lang import tr
from bedside.model.naming import NAME

if TYPE_CHECKING:
    from bedside.commands._predict.doubt import Asked
    from bedside.model.folder import Model
    from bedside.model.given import Given
    from bedside.server.service import Advise, Served
    from bedside.types import Decision


def named_folders(words: Sequence[str]) -> dict[str, Path]:
    """Model folders by the names requests call them; a folder alone, without a name, needs none.

    >>> named_folders(["models/TRIAGE", "codes=models/CODING"])
    {'TRIAGE': PosixPath('models/TRIAGE'), 'codes': PosixPath('models/CODING')}
    """
    found: dict[str, Path] = {}
    for word in words:
        name, equals, rest = word.partition("=")
        if not equals or Path(word).is_dir():
            name, rest = ("" if len(words) == 1 else Path(word).resolve().name), word
        if name in found or (name and not NAME.fullmatch(name)):
            raise UsageError(
                tr("each model needs a name of its own", "每个模型须有各自的名称"),
                value=word,
                allowed=tr("NAME=MODEL; letters, digits, . _ -", "NAME=MODEL；字母、汉字、数字、. _ -"),
                next="bedside serve triage=MODEL1 coding=MODEL2",
            )
        found[name] = Path(rest)
    return found


def opened_models(
    folders: dict[str, Path], data: dict[str, Any], entities_from: Path | None, backbone: Path | None
) -> list[Model]:
    """The models, each bound to what it reads: what it was fitted for, or what is named."""
    from bedside.commands._predict.bound import bound
    from bedside.config import DataRecipe
    from bedside.model.folder import open_models

    opened, found = open_models([*folders.values()], backbone=backbone), []
    marked = any(model.form.marked for model in opened)
    for folder, model in zip(folders.values(), opened, strict=True):
        own = {key: model.recipe.get("data", {}).get(key) for key in ("text_b", "corpus")}
        recipe = DataRecipe.model_validate({"train": folder, **own, **data})
        tagger = entities_from if model.form.marked or not marked else None
        found.append(bound(model, folder, recipe, entities_from=tagger, alone=True))
    return found


def folder_id(folder: Path) -> str:
    """What a model is known by: the beginning of its manifest's hash."""
    from bedside.receipt import file_sha256

    return file_sha256(folder / "manifest.json")[:16]


def serving(name: str, folder: Path, asked: Asked) -> Served:
    """A model as the server asks it."""
    from bedside.server.service import Served

    return Served(name, folder_id(folder), answering(asked), asked.model.form)


def answering(asked: Asked) -> Advise:
    """How a model answers the server."""
    from bedside.advise import advise

    def answer(texts: Sequence[str], given: Sequence[Given], removed: Sequence[Counter[str]]) -> list[Decision]:
        form = asked.model.form
        beside = given if form.two or form.marked else ()
        return advise(asked.model, texts, given=beside, removed=removed, care=asked.care)

    return answer
