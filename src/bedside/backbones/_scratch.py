"""Makes a backbone that starts from nothing: vocabulary from the training texts, weights by the seed in force."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bedside.backbones._base import Backbone, BackboneSpec
from bedside.backbones._vocabulary import learn_vocabulary
from bedside.errors import UsageError
from bedside.lang import tr

LICENCE = "Apache-2.0; the weights are learnt from your texts"


def from_scratch(name: str, build: Callable[[int], Any]) -> BackboneSpec:
    """The registered backbone `name`; `build(vocabulary size)` draws a network of random weights."""

    def make(texts: Sequence[str], patients: Sequence[str]) -> Backbone:
        tokenizer = learn_vocabulary(texts, patients)
        network = build(tokenizer.get_vocab_size())
        config = network.config
        return Backbone(
            name=name,
            tokenizer=tokenizer,
            network=network.eval(),
            hidden_size=config.hidden_size,
            max_tokens=config.max_position_embeddings,
            licence=LICENCE,
            pad_id=config.pad_token_id,
            pretrained=False,
        )

    def refuse() -> Backbone:
        raise UsageError(
            tr("this backbone has neither words nor weights before it is fitted", "该骨干在训练前没有词表和权重"),
            value=name,
            next=f"bedside fit TABLE --backbone {name} -o MODEL",
        )

    return BackboneSpec(
        name=name,
        role="encoder",
        licence=LICENCE,
        languages="those of your texts",
        megabytes=0,
        install="",
        installed=lambda: True,
        load=refuse,
        make=make,
    )
