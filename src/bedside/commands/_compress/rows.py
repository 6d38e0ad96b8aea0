"""The rows that `bedside compress` checks a small model on, and the texts that it calibrates and learns on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bedside.commands._io import say
from bedside.errors import DataError, UsageError
from bedside.lang import counted, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bedside.model.folder import Model
    from bedside.model.given import Given
    from bedside.model.rows import Labelled


def checked_rows(model: Model, data: Path | None, text: str | None, label: str | None) -> Labelled:
    """Rows whose labels the model knows, without identity; columns as in the fit."""
    path = data or model.recipe.get("data", {}).get("dev")
    if path is None:
        raise UsageError(tr("labelled data to check on are needed", "需要用于检查的标注数据"), next="--data DEV.csv")
    rows = _read(model, Path(path), text, label)
    known = [number for number, names in enumerate(model.form.named(rows.labels)) if set(names) <= set(model.labels)]
    if len(known) < len(rows):
        lost = len(rows) - len(known)
        say(
            tr(f"{counted(lost, 'row')} with a label unknown to the model left out", f"{lost} 行标签未知，未使用"),
            quiet=True,
        )
    if not known:
        raise DataError(tr("no row has a label of this model", "没有一行的标签属于该模型"), where=str(path))
    return model.form.scrub(rows.take(known), "scrub")


def learnt_rows(
    model: Model, train: Path | None, text: str | None, label: str | None, *, otherwise: Labelled
) -> tuple[Sequence[str], Sequence[Given]]:
    """Texts without identity, and what is given beside them: those named, those of the fit, or those checked on.

    The last is said, for figures on texts that were also calibrated on are a little too good.
    """
    own = model.recipe.get("data", {}).get("train")
    path = train or (Path(own) if own and Path(own).is_file() else None)
    if path is None:
        said = tr(
            "the texts of the fit are not here (--train): calibrating on those that are checked on",
            "未找到训练文本（--train）：以检查数据校准",
        )
        say(said, quiet=True)
        return otherwise.texts, otherwise.given
    rows = model.form.scrub(_read(model, path, text, label), "scrub")
    return rows.texts, rows.given


def _read(model: Model, path: Path, text: str | None, label: str | None) -> Labelled:
    from bedside.config import DataRecipe
    from bedside.model.reading import read_labelled

    recipe = dict(model.recipe.get("data", {}))
    own = {"text": "text", "label": "label"} | {
        key: recipe[key] for key in ("text", "text_b", "entities", "label", "patient") if recipe.get(key)
    }
    asked = {"text": text, "label": label}
    wanted = {"train": path, **own, **{key: column for key, column in asked.items() if column}}
    return read_labelled(path, DataRecipe.model_validate(wanted), head=model.head)
