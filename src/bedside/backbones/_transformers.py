"""Any encoder that transformers knows, behind the same verbs as our own BERT; this file alone imports transformers.

It is slow to import (seconds), so it is reached only by backbones that need it. Remote code is never run.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from bedside.errors import ModelError, UsageError
from bedside.lang import tr

WORTH_TELLING = ("MISSING", "MISMATCH", "CONVERSION")
"""What must be told of a folder that was loaded; that it holds more than was asked for need not be."""


class TransformersNetwork(nn.Module):
    """A `transformers` encoder. It runs whole: starting midway differs by architecture, so nothing is cached."""

    starts_midway = False
    compressible = False

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model: Any = model

    @classmethod
    def from_config(cls, config: dict[str, Any], *, where: str = "") -> TransformersNetwork:
        """An untrained network of that architecture; an unknown one, or one that needs remote code, is refused."""
        from transformers import AutoConfig, AutoModel

        try:
            kind = str(config["model_type"])
            known = AutoConfig.for_model(kind, **{key: value for key, value in config.items() if key != "model_type"})
            return cls(AutoModel.from_config(known, trust_remote_code=False))
        except (KeyError, ValueError, TypeError) as fault:
            raise ModelError(
                tr("an architecture that cannot be built here", "此处无法构建的模型结构")
                + f" ({type(fault).__name__})",
                where=where,
                value=config.get("model_type"),
            ) from None

    @classmethod
    def from_folder(cls, folder: Path) -> TransformersNetwork:
        """The weights of a Hugging Face folder, safetensors only, as float32."""
        import torch
        from transformers import AutoModel

        logging.getLogger("transformers.modeling_utils").addFilter(_worth_telling)
        try:
            model = AutoModel.from_pretrained(
                folder, use_safetensors=True, trust_remote_code=False, local_files_only=True, dtype=torch.float32
            )
        except (OSError, ValueError, KeyError, RuntimeError) as fault:
            raise ModelError(
                tr("transformers cannot load this folder", "transformers 无法加载此目录")
                + f" ({type(fault).__name__})",
                where=str(folder),
            ) from None
        return cls(model.eval())

    @property
    def layers(self) -> nn.ModuleList:
        """The stack: the longest list of modules in the architecture."""
        lists = [module for module in self.model.modules() if isinstance(module, nn.ModuleList)]
        return max(lists, key=len, default=nn.ModuleList())

    @property
    def hidden_size(self) -> int:
        """The width of the vectors it gives."""
        return int(self.model.config.hidden_size)

    def describe(self) -> dict[str, Any]:
        """The `config.json` of this network, without the paths and code that a hub config may name."""
        config: dict[str, Any] = self.model.config.to_diff_dict()
        for key in ("auto_map", "_name_or_path", "dtype", "torch_dtype"):
            config.pop(key, None)
        return {**config, "model_type": self.model.config.model_type}

    def embed(self, ids: Tensor) -> Tensor:
        """Ids [b, t] -> word vectors [b, t, h]; positions are added inside `run`."""
        return self.model.get_input_embeddings()(ids)

    def run(self, hidden: Tensor, mask: Tensor, start: int = 0, stop: int | None = None) -> Tensor:
        """The whole stack over [b, t, h]; a part of it is refused."""
        if start != 0 or stop not in (None, len(self.layers)):
            raise UsageError(tr("this architecture cannot start midway", "此结构不能从中间层开始"), next="--adapt lora")
        return self.model(inputs_embeds=hidden, attention_mask=mask).last_hidden_state

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Ids and mask [b, t] -> vectors [b, t, h]."""
        return self.model(input_ids=ids, attention_mask=mask).last_hidden_state


def _worth_telling(record: logging.LogRecord) -> bool:
    told = record.getMessage()
    return "LOAD REPORT" not in told or any(word in told for word in WORTH_TELLING)
