"""A model that writes, kept to what each text licenses: numbers always, and whatever names are restricted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bedside.errors import UsageError
from bedside.lang import tr
from bedside.model.folder import Model
from bedside.model.writing.licence import Licensing
from bedside.model.writing.licence_names import Restricted
from bedside.model.writing.prompts import prompt_ids


def licensed(model: Model, restricted: Sequence[Restricted]) -> Model:
    """The model, its decoder kept to the licence of each text it reads; UsageError for one that does not write.

    The template's own words license nothing.

    >>> licensed(open_model("WRITER"), [listed([("aspirin", "asa")])])  # doctest: +SKIP
    """
    from bedside.model.engines.causal import CausalEngine

    engine = model.engine
    if not isinstance(engine, CausalEngine):
        raise UsageError(
            tr("only a model that writes can be kept to a licence", "仅生成式模型可限制所写内容"),
            where="--licensed",
            value=model.head,
            allowed=tr("generate, not compressed", "generate，且未压缩"),
        )
    prompt = prompt_ids(model.tokenizer, model.settings["prefix"])
    licensing = Licensing(restricted, model.tokenizer, (len(prompt.before), len(prompt.behind)))
    writer = replace(engine.writer, licensing=licensing)
    return replace(model, engine=CausalEngine(engine.network, engine.head, engine.tokenizer, writer, engine.learnt))
