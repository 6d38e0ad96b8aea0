"""What stands in the folder of a model, under which number of the layout; what is no such folder is refused.

MODEL/
  model.json        format number, head, labels, engine, limits on length
  backbone/         config.json, model.safetensors, tokenizer.json: a Hugging Face folder; or, instead of it,
  learnt.safetensors  what was learnt, where model.json names the backbone and the folder does not hold it
                    (older folders: backbone/ with adapter.json and adapter.safetensors)
  head.safetensors  the output layer
  calibration.json  temperature and thresholds
  doubt.json        cuts for sets of labels and for strange texts; familiar.safetensors: what familiar texts are like
                    (neither in older folders, nor where nothing could be promised)
  recipe.json       every setting, with what was chosen by size of data
  receipt.json      hashes, versions, seed, time
  fitting.json      what happened: dev metric an epoch, rows refused, texts cut
  card.md, card.zh.md
  manifest.json     SHA-256 of all of the above
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bedside.errors import ModelError, ModelTooNew
from bedside.files import check_folder
from bedside.lang import tr
from bedside.model.manifest import NAME as MANIFEST

FORMAT = 2
"""The number of this folder layout. Raised when an older bedside could misread a newer folder."""


def read_settings(folder: Path) -> dict[str, Any]:
    """What model.json says, unchecked but for its format; raises ModelError, ModelTooNew."""
    if not folder.is_dir():
        raise ModelError(tr("no such model folder", "模型目录不存在"), value=str(folder), next="bedside fit --help")
    settings = read_json(folder, "model")
    if not isinstance(settings.get("format"), int) or settings["format"] > FORMAT:
        raise ModelTooNew(
            tr("written by a later version of bedside", "由更新版本的 bedside 写成"),
            where=str(folder),
            value=f"format {settings.get('format')}",
            allowed=f"format {FORMAT}",
            next="pip install --upgrade bedside",
        )
    return settings


def check_place(folder: Path, *, replace: bool) -> None:
    """Refuse to write over anything that is not an empty folder, or a model that the user wants replaced."""
    strange = tr("exists and is not a model folder; it will not be overwritten", "已存在且不是模型目录，不会覆盖")
    there = tr("a model is there already", "该处已有模型")
    check_folder(folder, (MANIFEST, "model.json"), strange=strange, there=there, replace=replace)


def read_json(folder: Path, name: str) -> dict[str, Any]:
    """One of the folder's JSON files, unchecked; raises ModelError."""
    try:
        values = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        raise ModelError(
            tr("not a whole model folder", "模型目录不完整"),
            where=str(folder),
            value=f"{name}.json",
            next=tr("copy the whole folder again", "请重新完整复制该目录"),
        )
    return values


def card_name(lang: str) -> str:
    """The file of the model card in a language."""
    return "card.md" if lang == "en" else f"card.{lang}.md"
