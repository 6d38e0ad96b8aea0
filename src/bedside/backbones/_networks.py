"""Builds a network from its config.json and tensors: our own kinds here, any other through transformers."""

from __future__ import annotations

from typing import Any

from bedside.errors import ModelError
from bedside.lang import tr

WORD_TABLE = "embeddings.word_embeddings.weight"


def build_network(config: dict[str, Any], tensors: dict[str, Any], *, where: str = "") -> Any:
    """A network in evaluation mode holding `tensors`; a missing, extra or misshapen tensor is refused."""
    try:
        network = _empty(config, tensors.get(WORD_TABLE), where)
        network.load_state_dict(tensors, assign=True)
    except (RuntimeError, AssertionError) as fault:
        first = str(fault).splitlines()[-1].strip()
        raise ModelError(
            tr("the weights do not fit the config", "权重与配置不符") + f" ({first})", where=where
        ) from None
    return network.eval()


def is_ours(config: dict[str, Any]) -> bool:
    """Whether a network of our own computes exactly what this config asks for."""
    return is_plain_bert(config) or config.get("model_type") in ("bedside-lstm", "bedside-transformer")


def is_plain_bert(config: dict[str, Any]) -> bool:
    """Whether our own BERT computes exactly what this config asks for."""
    return (
        config.get("model_type") == "bert"
        and config.get("hidden_act", "gelu") == "gelu"
        and config.get("position_embedding_type", "absolute") == "absolute"
        and not config.get("is_decoder", False)
    )


def _empty(config: dict[str, Any], table: Any, where: str) -> Any:
    if is_plain_bert(config):
        from bedside.backbones._bert import BertConfig, BertEncoder

        return BertEncoder(BertConfig.from_dict(config), table)
    if config.get("model_type") == "bedside-lstm":
        from bedside.backbones._recurrent import BiLstm, LstmConfig

        return BiLstm(LstmConfig.from_dict(config), table)
    if config.get("model_type") == "bedside-transformer":
        from bedside.backbones._attention import TransformerConfig, TransformerEncoder

        return TransformerEncoder(TransformerConfig.from_dict(config), table)
    from bedside.backbones._transformers import TransformersNetwork

    return TransformersNetwork.from_config(config, where=where)
