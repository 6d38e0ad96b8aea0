"""What is kept of a fit whose backbone is not saved with it: what was learnt, and what it was learnt on."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from bedside.backbones._added import CHILD
from bedside.train.loop import Loop
from bedside.train.made import Made


def learnt_of(loop: Loop) -> dict[str, Tensor]:
    """What the loop has learnt of the network, copied before corrections are merged."""
    found = loop.adaptation.learnt(loop.network)
    return {name: value.detach().cpu().clone() for name, value in found.items()}


def backbone_of(made: Made) -> dict[str, Any]:
    """What model.json says of the backbone: how it is found and told, and what must be put back on it."""
    backbone = made.backbone
    added = getattr(backbone.network, CHILD, None)
    more = {"added": added.settings} if added is not None else {}
    bits = {"bits": 4} if made.resolved.fit.adapt == "qlora" else {}
    return {"name": backbone.name, "licence": backbone.licence, **made.base, **more, **bits}
