"""Labels by their words alone: no row is shown and nothing is trained.

A decoder says how likely each label's words are after the text; from each the likelihood it has without a text is
divided out. Of an encoder, a text's vector is compared with those of sentences that describe the labels.

Source: Holtzman et al. 2021, "Surface Form Competition"; Zhao et al. 2021, "Calibrate Before Use"; for encoders Yin et
al. 2019, "Benchmarking Zero-shot Text Classification", and Schopf et al. 2022, "Evaluating Unsupervised Text
Classification: Zero-shot and Similarity-based Approaches".
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from bedside import registry
from bedside.backbones._base import Backbone
from bedside.backbones._causal import causal_network, is_decoder, refuse_encoder_decoder
from bedside.backbones._load import choose_backbone, load_backbone
from bedside.backbones._trim import trim_vocabulary
from bedside.config import Recipe
from bedside.errors import UsageError
from bedside.heads._pool import mean_pool
from bedside.heads.classify import ClassifyHead
from bedside.lang import tr
from bedside.model.asked import LABEL, TEXT
from bedside.model.calibration import Floats
from bedside.model.engine import Engine
from bedside.model.engines.torch import TorchEngine, pad
from bedside.model.inputs import encode
from bedside.train.adapt import halve_word_table
from bedside.train.data import Parts
from bedside.train.defaults import Choice
from bedside.train.prompted._base import Asked, chosen_prior, mean_prior, needs
from bedside.train.prompted._decoder import ask_decoder
from bedside.train.prompted._templates import template_of, words_of


def zero_shot(recipe: Recipe, parts: Parts) -> Asked:
    """The likelihood of each label's words, or a text's likeness to a description of each label."""
    name = recipe.fit.backbone
    if name == "auto":
        name = choose_backbone(parts.train.texts)
    backbone = _loaded(name)
    refuse_encoder_decoder(backbone.network, name, encoder=not parts.form.two, decoder=True)
    if is_decoder(backbone.network):
        network = causal_network(backbone.network, Path(name).expanduser())
        return ask_decoder(recipe, parts, name, dataclasses.replace(backbone, network=network), [])
    if parts.form.two:
        raise UsageError(
            tr("an encoder cannot tell how two texts stand to each other", "编码器无法在不训练时判断两段文本的关系"),
            value=name,
            allowed=tr("a decoder, or adapt = verbaliser", "解码器，或 adapt = verbaliser"),
            next="--backbone smollm2",
        )
    return _compare(recipe, parts, backbone)


def _loaded(name: str) -> Backbone:
    """The backbone; one that starts from nothing has nothing to be asked."""
    if name in registry.names("backbones") and registry.load("backbones", name).make:
        raise UsageError(
            tr("nothing in this backbone is pretrained: it cannot be asked", "该骨干未经预训练，无从提问"),
            value=name,
            next="bedside backbones",
        )
    return load_backbone(name)


def _compare(recipe: Recipe, parts: Parts, backbone: Backbone) -> Asked:
    """A plain encoder whose output layer is the labels' descriptions."""
    fit = recipe.fit
    template = template_of("description", fit, parts.train.texts)
    needs(template, LABEL, without=(TEXT,))
    how: dict[str, Any] = {"prefix": backbone.prefix, "max_tokens": min(fit.max_tokens, backbone.max_tokens)}
    told = [template.replace(LABEL, word) for word in words_of(parts.labels, fit)]
    texts = [*told, *parts.train.texts, *parts.dev.texts]
    backbone, _ = trim_vocabulary(backbone, encode(backbone.tokenizer, texts, **how).ids)
    halve_word_table(backbone.network)
    directions = F.normalize(_centred(_vectors(backbone, encode(backbone.tokenizer, told, **how).ids)), dim=1)

    def engine(weight: Tensor, bias: Floats) -> Engine:
        head = ClassifyHead(backbone.hidden_size, parts.labels)
        with torch.no_grad():
            head.out.weight.copy_(weight)
            head.out.bias.copy_(torch.as_tensor(bias))
        return TorchEngine(backbone.network, head.requires_grad_(False), backbone.tokenizer, backbone.pad_id)

    def settle(scores: Floats) -> Engine:
        spread = float((scores - mean_prior(scores)).std()) if len(scores) > 1 else 0.0
        scale = 1 / spread if spread > 0 else 1.0
        return engine(directions * scale, -mean_prior(scores) * scale)

    return Asked(
        backbone=backbone,
        engine=engine(directions, np.zeros(len(told))),
        settle=settle,
        limits=how,
        prior=chosen_prior(fit.prior, "batch"),
        settings={"engine": "torch"},
        choices=[
            Choice(
                "prompt",
                template,
                tr("the recipe's", "配方所定") if fit.prompt else tr("by the language of the texts", "按文本的语言"),
            )
        ],
    )


def _centred(vectors: Tensor) -> Tensor:
    """From their mean: what all descriptions share says nothing of any."""
    return vectors - vectors.mean(0)


def _vectors(backbone: Backbone, ids: Sequence[Sequence[int]]) -> Tensor:
    """One vector a text [n, h]."""
    with torch.inference_mode():
        found = []
        for one in ids:
            table, mask = pad([one], backbone.pad_id)
            found.append(mean_pool(backbone.network(table, mask).float(), mask))
    return torch.cat(found).clone()


METHOD = zero_shot
