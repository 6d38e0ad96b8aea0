"""A whole model, for the tests of engines that run a compressed one."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(scope="module")
def whole() -> Any:
    """A toy classifier, as fitted: what a compressed one is compared with."""
    import torch

    from bedside import registry
    from bedside.backbones._load import load_backbone
    from bedside.model.calibration import Calibration
    from bedside.model.engines.torch import TorchEngine
    from bedside.model.folder import Model

    backbone, labels = load_backbone("echo"), ["benign", "malignant", "unclear"]
    torch.manual_seed(0)
    head = registry.load("heads", "classify")(backbone.hidden_size, labels)
    torch.nn.init.normal_(head.out.weight, std=1.0)
    settings = {"head": "classify", "labels": labels, "engine": "torch", "hidden_size": backbone.hidden_size}
    settings |= {"pad_id": backbone.pad_id, "prefix": backbone.prefix, "max_tokens": 128}
    engine = TorchEngine(backbone.network, head, backbone.tokenizer, backbone.pad_id)
    return Model(settings, engine, Calibration(), recipe={}, receipt={}, cards={"en": "# card\n", "zh": "# 卡片\n"})
