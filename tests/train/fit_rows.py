"""Makes small labelled tables that the echo backbone can learn in a second, and recipes for them."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from bedside.config import Recipe

WORDS = {"cardio": ["chest pain", "胸痛"], "neuro": ["headache", "头痛"], "gut": ["nausea", "腹泻"]}


def write_rows(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def rows_of(count: int, *, several: bool = False) -> list[dict[str, Any]]:
    dice = random.Random(0)
    rows = []
    for number in range(count):
        label = dice.choice(sorted(WORDS))
        text = " ".join(dice.choice(WORDS[label]) for _ in range(dice.randint(1, 6)))
        rows.append({"patient": f"p{number // 3}", "text": text, "label": [label] if several else label})
    return rows


def recipe_for(path: Path, **fit: Any) -> Recipe:
    data = {"train": path, "patient": "patient", "identity": "absent", "identity_reason": "made up"}
    plain = {"backbone": "echo", "epochs": 2, "learning_rate": 1e-3, "precision": "fp32", "batch_tokens": 256}
    return Recipe.from_dict({"data": data, "fit": plain | fit})
