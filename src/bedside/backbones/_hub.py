"""A backbone that is not registered: a folder on disk, or a Hugging Face name (safetensors only, never remote code)."""

from __future__ import annotations

import dataclasses
import json
import os
import re
from pathlib import Path

from bedside import registry
from bedside.backbones._base import Backbone
from bedside.backbones._hf_folder import load_folder
from bedside.errors import ModelError, UnknownName, UsageError
from bedside.lang import tr

HUB_NAME = re.compile(r"^[\w.-]+/[\w.-]+$")
FILES = [
    *("config.json", "generation_config.json", "*.safetensors", "chat_template.jinja"),
    *("tokenizer.json", "tokenizer_config.json", "vocab.txt", "vocab.json", "merges.txt", "*.model"),
]


def load_named(name: str) -> Backbone:
    """The backbone in the folder `name`, or the one the hub has under that name (only if calls out are allowed)."""
    folder = Path(name).expanduser()
    if (folder / "model.json").is_file():
        return _of_model(folder)
    if folder.is_dir():
        return load_folder(folder)
    if not HUB_NAME.match(name):
        raise UnknownName(
            tr("no backbone or folder of that name", "没有这个名称的骨干或目录"),
            value=name,
            allowed=[
                *registry.names("backbones"),
                tr("a folder", "目录"),
                tr("a hub name such as org/model", "hub 名称，如 org/model"),
            ],
            next="bedside backbones",
        )
    return load_folder(_download(name), name=name)


def resolve(name: str) -> Path:
    """The folder that `load_named` reads a backbone from."""
    folder = Path(name).expanduser()
    if (folder / "model.json").is_file():
        return folder / "backbone"
    return folder if folder.is_dir() else _download(name)


def _of_model(folder: Path) -> Backbone:
    """The network of a model that `bedside fit` made, with what it was fitted with before every text: a fit goes on
    from what another has learnt.
    """
    try:
        settings = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        named, prefix, pad_id = settings["backbone"], str(settings["prefix"]), int(settings["pad_id"])
        name, licence = str(named["name"]), str(named["licence"])
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise ModelError(
            tr("not a whole model folder", "模型目录不完整"), where=str(folder), value="model.json"
        ) from fault
    if "sha256" in named and not (folder / "backbone").is_dir():
        raise UsageError(
            tr("this model folder does not hold its backbone", "该模型目录不含骨干"),
            where=str(folder),
            value=name,
            allowed=tr("its backbone, or the model with what was learnt merged in", "其骨干，或合并后的模型"),
            next=f"bedside adapters merge {folder} -o MODEL",
        )
    found = load_folder(folder / "backbone", name=name, licence=licence)
    return dataclasses.replace(found, prefix=prefix, pad_id=pad_id)


def _download(name: str) -> Path:
    try:
        from huggingface_hub import snapshot_download
    except ImportError:
        raise UsageError(
            tr("hub names need huggingface_hub", "使用 hub 名称需要 huggingface_hub"), next="pip install 'bedside[hub]'"
        ) from None
    try:
        return Path(snapshot_download(name, allow_patterns=FILES))
    except Exception as fault:  # the library raises many kinds; none may hide which model was asked for
        offline = os.environ.get("HF_HUB_OFFLINE") == "1"
        raise ModelError(
            tr("the model is not on this machine and could not be fetched", "本机没有该模型且无法获取")
            + f" ({type(fault).__name__})",
            value=name,
            next=_offline_hint() if offline else tr("check the name, or give a folder", "检查名称，或指定目录"),
        ) from None


def _offline_hint() -> str:
    return tr(
        "copy the model's folder here and name it, or allow the call with HF_HUB_OFFLINE=0",
        "把模型目录复制到本机并指定路径，或设 HF_HUB_OFFLINE=0 以允许联网",
    )
