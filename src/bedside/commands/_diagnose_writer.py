"""The third engine: a language model, ours or served elsewhere, asked for a differential by the one road of `advise`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bedside.errors import ConfigError, UsageError
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.knowledge._ranker import Findings, Ranker
    from bedside.model.folder import Model
    from bedside.tasks._diagnosis_written import WrittenAnswer
    from bedside.tasks._disease_links import DiseaseLinks
    from bedside.types import Decision

Ask = Callable[[Sequence[str]], Sequence["Decision"]]
"""Questions to decisions: identity removed, what was written guarded."""
NEW_TOKENS = 320
"""Room for ten names with their English names beside them."""
SHAPES = "smollm2 | FOLDER | http(s)://HOST/v1#MODEL | clinic.toml#NAME"


@dataclass(frozen=True, slots=True)
class Writer:
    """A writer, opened; `key` tells it from any other, for a weight fitted for it."""

    name: str
    key: str
    ask: Ask
    links: DiseaseLinks
    ranker: Ranker

    def answers(self, cases: Sequence[Findings]) -> list[WrittenAnswer]:
        """An answer a case; a writer that fails is told, and no fault of it leaves here."""
        from bedside.phenotypes.called import Called
        from bedside.tasks._diagnosis_prompt import prompt_of

        called = Called(self.ranker.hpo)
        decisions = self.ask([prompt_of(one, called) for one in cases])
        return [self._answer(one) for one in decisions]

    def _answer(self, decision: Decision) -> WrittenAnswer:
        return answer_of(decision, self.links, self.ranker, by=self.name)


def answer_of(decision: Decision, links: DiseaseLinks, ranker: Ranker, *, by: str) -> WrittenAnswer:
    """A decision read as a list of diseases."""
    from bedside.tasks._diagnosis_written import WrittenAnswer, read_written
    from bedside.types import Abstained, Advice, Failed, Written

    if isinstance(decision, Advice) and isinstance(decision.prediction, Written):
        text = decision.prediction.text
        return read_written(text, links, ranker, by=by, broken_off=not decision.prediction.whole)
    if isinstance(decision, Failed):
        return WrittenAnswer(by=by, failed=decision.error_id)
    reason = decision.reason if isinstance(decision, Abstained) else tr("nothing to say", "无可告知")
    return WrittenAnswer(by=by, abstained=reason)


def open_writer(named: str, ranker: Ranker) -> Writer:
    """Open a writer by what the command line calls it; UsageError for what cannot write, ConfigError for an address."""
    from bedside.commands._io import progress
    from bedside.tasks._disease_links import DiseaseLinks
    from bedside.tasks._disease_nearest import nearest_of

    name, ask = _opened(named)
    links = DiseaseLinks(ranker, nearest_of(ranker.hpo, progress))
    return Writer(name, key_of(named), ask, links, ranker)


def key_of(named: str) -> str:
    """What a weight is kept for: the address and model, or the folder's own bytes."""
    from bedside.model.manifest import NAME
    from bedside.receipt import file_sha256

    manifest = Path(named) / NAME
    return file_sha256(manifest) if manifest.is_file() else named


def _opened(named: str) -> tuple[str, Ask]:
    place, _, model = named.partition("#")
    if urlsplit(place).scheme in ("http", "https"):
        return _at_address(place, model)
    if place.endswith(".toml"):
        return _of_settings(Path(place), model)
    from bedside.advise import advise

    opened = _folder(Path(named)) if (Path(named) / "model.json").is_file() else _bare(named)
    return Path(named).name, lambda questions: advise(opened, questions)


def _at_address(address: str, model: str) -> tuple[str, Ask]:
    """A model that another program serves, named on the command line."""
    from bedside.server.clinic.settings import RemoteModel
    from bedside.server.remote import remote_models

    if not model:
        what = tr("which model of that address?", "该地址的哪个模型？")
        raise UsageError(what, where="--writer", allowed="http(s)://HOST/v1#MODEL")
    name = re.sub(r"[^\w.-]", "-", model)[:64]
    asked = RemoteModel(name=name, engine="remote", address=address, model=model, new_tokens=NEW_TOKENS)
    served = remote_models([asked], [address])[name]
    return model, lambda questions: served.advise(questions, (), ())


def _of_settings(path: Path, name: str) -> tuple[str, Ask]:
    """A model that a clinical server's settings name, with its key, and only where they list its address."""
    from bedside.server.clinic.settings import read_settings
    from bedside.server.remote import remote_models

    settings = read_settings(path)
    served = remote_models(settings.models, settings.outbound)
    if name not in served:
        raise ConfigError([tr(f"no [[models]] of that name: {name}", f"[[models]] 中没有：{name}")], where=str(path))
    return name, lambda questions: served[name].advise(questions, (), ())


def _folder(folder: Path) -> Model:
    from bedside.model.folder import open_model

    model = open_model(folder)
    if model.head != "generate":
        what = tr("this model does not write", "该模型不生成文本")
        raise UsageError(what, where="--writer", value=model.head, allowed="generate")
    return model


def _bare(name: str) -> Model:
    """A decoder as it is, asked by its own chat template."""
    from bedside.backbones._chat import prompt_of
    from bedside.backbones._writer import load_writer
    from bedside.config.writing import Writing
    from bedside.heads.generate import GenerateHead
    from bedside.model.calibration import Calibration
    from bedside.model.causal_engine import CausalEngine, writer_of
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
