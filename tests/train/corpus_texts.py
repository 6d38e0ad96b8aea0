"""Makes tiny corpora in both languages that the echo backbone can learn in seconds, and recipes for them."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from bedside.config import PretrainRecipe

SENTENCES = (
    "Chest pain on exertion.",
    "No fever and no cough.",
    "患者胸痛三天。",
    "高血压病史五年，服用氨氯地平。",
    "Amlodipine 5 mg daily, 血压 140/90 mmHg.",
)


def texts_of(count: int, seed: int = 0) -> list[str]:
    """Documents of a few sentences each, all different by their number."""
    dice = random.Random(seed)
    return [
        f"Visit {number}. " + " ".join(dice.choice(SENTENCES) for _ in range(dice.randint(2, 5)))
        for number in range(count)
    ]


def write_corpus(path: Path, texts: list[str]) -> Path:
    lines = (json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts)
    path.write_text("".join(lines), encoding="utf-8")
    return path


def pretrain_recipe(*paths: Path, **settings: Any) -> PretrainRecipe:
    plain = {"backbone": "echo", "identity": "absent", "identity_reason": "made up", "precision": "fp32"}
    quick = {"head_steps": 5, "batch_tokens": 512, "max_tokens": 128, "learning_rate": 1e-3, "held_out": 0.2}
    return PretrainRecipe.from_dict({"corpus": list(paths), **plain, **quick, **settings})
