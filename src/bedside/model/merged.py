"""A model kept apart from its backbone as a whole one: what was learnt merged into the weights, the same answers."""

from __future__ import annotations

import dataclasses

from bedside.errors import UsageError
from bedside.lang import tr
from bedside.model.apart import INSIDE, is_apart
from bedside.model.engine import Engine
from bedside.model.folder import Model

WHY = {
    "adapter": ("its bottlenecks are layers of their own", "其瓶颈层是独立的层"),
    "prompt": ("its vectors go before the text and are in no weight", "其向量置于文本之前，不属于任何权重"),
    "prefix": ("its keys and values go before the text's and are in no weight", "其键与值置于文本之前，不属于任何权重"),
}
"""Why a method's parts cannot be merged."""


def merged(model: Model, *, where: str = "") -> Model:
    """The model with the backbone's weights its own; UsageError where there is nothing to merge or no way to."""
    from bedside.backbones._learnt import view_of
    from bedside.backbones._writer import weights_digest
    from bedside.model.engines.causal import CausalEngine
    from bedside.model.engines.torch import TorchEngine
    from bedside.model.int8 import in_32_bits

    if not is_apart(model.settings):
        raise UsageError(
            tr("this model is whole already", "该模型已是完整模型"), where=where, value=model.settings["engine"]
        )
    base = model.settings["backbone"]
    if "added" in base:
        kind = str(base["added"].get("kind"))
        why = tr(*WHY.get(kind, (kind, kind)))
        raise UsageError(
            tr(f"{kind} cannot be merged: {why}", f"{kind} 无法合并：{why}"),
            where=where,
            allowed="full, frozen, partial, lora, dora, adalora, ia3, qlora",
            next=tr("serve it as it is: bedside serve MODEL", "可直接使用：bedside serve MODEL"),
        )
    kept = {key: base[key] for key in ("name", "licence")}
    recipe = model.recipe
    if isinstance(model.engine, CausalEngine):
        found, network = model.engine, model.network
        if found.writer.writing.precision == "int8":
            network = view_of(network)
            in_32_bits(network.model)
        kept |= {"where": INSIDE, "sha256": weights_digest(network), "scale": base["scale"]}
        engine: Engine = CausalEngine(network, found.head, found.tokenizer, found.writer, None)
    else:
        engine = TorchEngine(model.network, model.head_module, model.tokenizer, model.settings["pad_id"])
        recipe = {**recipe, "fit": {**recipe.get("fit", {}), "merge": True}}
    return dataclasses.replace(model, engine=engine, settings={**model.settings, "backbone": kept}, recipe=recipe)
