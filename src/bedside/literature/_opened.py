"""Opens what an analysis was asked to use: fitted models by their folders, and the ontology of findings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bedside.errors import UsageError
from bedside.lang import tr
from bedside.literature.analysis import Analyser, Wanted
from bedside.literature.mentions import Ask

if TYPE_CHECKING:
    from bedside.model.folder import Model
    from bedside.phenotypes.reader import Reader


def opened(wanted: Wanted, ask: Ask) -> Analyser:
    """Each part, refused with the name of its option where it is of another kind."""
    from bedside.model.supply import with_tagger

    if wanted.relater and not wanted.tagger:
        what = tr("the relating model needs one that finds entities", "关系模型需要实体识别模型")
        raise UsageError(what, where="--relater", next="--tagger MODEL")
    topic = _model(wanted.model, "--model", ("classify", "multilabel"))
    tagger = _model(wanted.tagger, "--tagger", ("tag",))
    relater = _model(wanted.relater, "--relater", ("relate",))
    if relater is not None:
        relater = with_tagger(relater, wanted.tagger)
    return Analyser(ask, topic, tagger, relater, _reader(wanted.hpo) if wanted.phenotypes else None)


def _model(folder: Path | None, option: str, heads: tuple[str, ...]) -> Model | None:
    from bedside.model.folder import open_model

    if folder is None:
        return None
    model = open_model(folder)
    if model.head not in heads:
        what = tr("a model of another kind", "模型类型不符")
        raise UsageError(what, where=option, value=model.head, allowed=heads, next="bedside fit --help")
    return model


def _reader(hpo: Path | None) -> Reader:
    from bedside.knowledge.hpo import open_hpo
    from bedside.phenotypes.names import open_names
    from bedside.phenotypes.reader import Reader

    found = open_hpo(hpo)
    return Reader(found, open_names(found, None))
