"""Small tables of pairs and of scores that the echo backbone can learn in a second or two."""

from __future__ import annotations

import random
from typing import Any

ASKED = [("Is there fever?", "fever since Monday", "denies any chill"), ("有无发热？", "高热三天", "未见异常")]
GRADES = {1: ["mild ache", "轻度"], 2: ["moderate pain", "中度疼痛"], 3: ["severe agony, worst ever", "剧烈难忍"]}


def pairs_of(count: int) -> list[dict[str, Any]]:
    """A question, and a note that says yes or no."""
    dice = random.Random(0)
    rows = []
    for number in range(count):
        question, present, absent = dice.choice(ASKED)
        label = dice.choice(["yes", "no"])
        note = " ".join([present if label == "yes" else absent] * dice.randint(1, 3))
        rows.append({"patient": f"p{number // 2}", "text": question, "note": note, "label": label})
    return rows


def grades_of(count: int, *, noise: float = 0.0) -> list[dict[str, Any]]:
    """Words for pain with its grade from 1 to 3; with `noise`, a number near ten times the grade."""
    dice = random.Random(0)
    rows = []
    for number in range(count):
        grade = dice.choice(sorted(GRADES))
        text = " ".join([dice.choice(GRADES[grade])] * dice.randint(1, 3))
        label = round(10 * grade + dice.gauss(0, noise), 2) if noise else grade
        rows.append({"patient": f"p{number // 2}", "text": text, "label": label})
    return rows
