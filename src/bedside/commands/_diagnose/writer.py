"""Opens the writer that `--writer` names: the embedded one, a folder, or a model that another program serves."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bedside.errors import ConfigError, UsageError
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.knowledge._ranker import Ranker
    from bedside.model.folder import Model
    from bedside.server.service import Served
    from bedside.tasks._diagnosis.writer import Writer

NEW_TOKENS = 200
"""Room for ten names with their English names beside them."""


def open_writer(named: str, ranker: Ranker) -> Writer:
    """Open a writer by what the command line calls it; UsageError for what cannot write, ConfigError for an address."""
    from bedside.commands._io import progress
    from bedside.tasks._diagnosis.writer import Writer
    from bedside.tasks._disease_links import DiseaseLinks
    from bedside.tasks._disease_nearest import nearest_of

    links = DiseaseLinks(ranker, nearest_of(ranker.hpo, progress))
    place, _, model = named.partition("#")
    if urlsplit(place).scheme in ("http", "https") or place.endswith(".toml"):
        served = _of_settings(Path(place), model) if place.endswith(".toml") else _at_address(place, model)
        return Writer(served.name, served.id, lambda questions: served.advise(questions, (), ()), links, ranker)
    from bedside.advise import advise

    opened, key = _opened(named)
    return Writer(Path(named).name, key, lambda questions: advise(opened, questions), links, ranker)


def _at_address(address: str, model: str) -> Served:
    """A model that another program serves, named on the command line."""
    from bedside.server.clinic.settings import RemoteModel
    from bedside.server.remote import remote_models

    if not model:
        what = tr("which model of that address?", "该地址的哪个模型？")
        raise UsageError(what, where="--writer", allowed="http(s)://HOST/v1#MODEL")
    name = re.sub(r"[^\w.-]", "-", model)[:64]
    asked = RemoteModel(name=name, engine="remote", address=address, model=model, new_tokens=NEW_TOKENS)
    return remote_models([asked], [address])[name]


def _of_settings(path: Path, name: str) -> Served:
    """A model that a clinical server's settings name, with its key, and only where they list its address."""
    from bedside.server.clinic.settings import read_settings
    from bedside.server.remote import remote_models

    settings = read_settings(path)
    served = remote_models(settings.models, settings.outbound)
    if name not in served:
        raise ConfigError([tr(f"no [[models]] of that name: {name}", f"[[models]] 中没有：{name}")], where=str(path))
    return served[name]


def _opened(named: str) -> tuple[Model, str]:
    """A model of `bedside fit --head generate`, or a decoder as it is; with what tells it from any other."""
    from bedside.commands._serve.models import folder_id
    from bedside.model.folder import open_model

    folder = Path(named)
    if not (folder / "model.json").is_file():
        return _bare(named), named
    model = open_model(folder)
    if model.head != "generate":
        what = tr("this model does not write", "该模型不生成文本")
        raise UsageError(what, where="--writer", value=model.head, allowed="generate")
    return model, folder_id(folder)


def _bare(name: str) -> Model:
    """A decoder as it is, asked by its own chat template."""
    from bedside.backbones._chat import prompt_of
    from bedside.backbones._writer import load_writer
    from bedside.config.writing import Writing
    from bedside.heads.generate import GenerateHead
    from bedside.model.calibration import Calibration
    from bedside.model.engines.causal import CausalEngine, writer_of
    from bedside.model.folder import Model

    backbone = load_writer(name)
    prompt = prompt_of(backbone.chat, backbone.tokenizer)
    writing = Writing(new_tokens=NEW_TOKENS, repetition=1.1)
    writer = writer_of(
        backbone.network, backbone.tokenizer, writing, backbone.ends, backbone.pad_id, backbone.starts, prompt=prompt
    )
    head = GenerateHead(0, out=backbone.network.language_head)
    engine = CausalEngine(backbone.network, head, backbone.tokenizer, writer, None)
    settings = {
        "engine": "causal",
        "head": "generate",
        "labels": [],
        "prefix": prompt,
        "max_tokens": backbone.max_tokens,
        "write": {"new_tokens": NEW_TOKENS},
    }
    return Model(settings, engine, Calibration(), recipe={}, receipt={})
