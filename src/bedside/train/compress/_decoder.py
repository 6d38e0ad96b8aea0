"""What ways for decoders share: which models they take, and the decoder's weights as a plain Hugging Face network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bedside.errors import UsageError
from bedside.lang import tr
from bedside.model.merged import merged

if TYPE_CHECKING:
    from bedside.model.folder import Model


def our_decoder(model: Model, way: str) -> Any:
    """The model's decoder with what was learnt merged in; UsageError for a model of another kind."""
    from bedside.backbones._causal import CausalNetwork
    from bedside.backbones._learnt import view_of
    from bedside.model.apart import is_apart
    from bedside.model.int8 import Int8Linear, in_32_bits

    if model.settings["engine"] != "causal" or not isinstance(model.network, CausalNetwork):
        raise UsageError(
            tr("this way is for decoders that write", "该方法仅用于生成文本的解码器"),
            where=f"--ways {way}",
            value=model.head,
            next="--ways int8",
        )
    network = (merged(model) if is_apart(model.settings) else model).network
    if any(isinstance(part, Int8Linear) for part in network.modules()):
        network = view_of(network)
        in_32_bits(network.model)
    return network.model


def settings_on(model: Model, engine: str) -> dict[str, Any]:
    """model.json of the decoder on another engine: whole, with no backbone to be found elsewhere."""
    kept = {key: model.settings["backbone"][key] for key in ("name", "licence")}
    return {**model.settings, "engine": engine, "backbone": kept}
