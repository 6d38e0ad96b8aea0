"""Notes made up here, in both languages, with times to death drawn from a known hazard: what `survive` is tried on.

    python benchmarks/survival_made_up.py OUT

Writes OUT/train.jsonl (600 rows), dev.jsonl (200) and test.jsonl (600), and prints the C-index that the true hazard has
on the test part. SYNTHETIC: no patient is behind a row, and no figure on them says anything about real patients. Each
finding in a note multiplies the hazard by exp of its weight; times are Weibull with shape 1.3 and scale 20 months;
patients are last seen at 3 to 60 months, evenly, and no later than 48.
"""

from __future__ import annotations

import json
import math
import random
import sys
from pathlib import Path
from typing import Any

import numpy as np

from bedside.model.survival.hazards import concordance

FINDINGS = (
    (0.9, "ECOG performance status 3", "体力状态评分 3 分", 0.25),
    (0.7, "liver metastases on CT", "CT 示肝转移", 0.35),
    (0.6, "weight loss of 8 kg", "体重下降 8 公斤", 0.3),
    (-0.7, "complete resection", "已完整切除", 0.35),
    (-0.5, "responding to treatment", "治疗有效", 0.4),
    (0.4, "serum albumin low", "血清白蛋白偏低", 0.3),
)
"""Log hazard ratio, words in both languages, and how often it is found."""
MEANINGLESS = (
    ("no brain metastases", "未见脑转移"),
    ("appetite good", "食欲可"),
    ("blood pressure 128/76", "血压 128/76"),
    ("cough for two weeks", "咳嗽两周"),
    ("lives with family", "与家人同住"),
    ("no fever", "无发热"),
    ("pain well controlled", "疼痛控制良好"),
)
PARTS = (("train", 600, 1), ("dev", 200, 2), ("test", 600, 3))


def rows_of(count: int, seed: int) -> list[dict[str, Any]]:
    """Rows with note, months, died, the true log relative hazard `lp`, and the language."""
    dice = random.Random(seed)
    found = []
    for number in range(count):
        chinese, hazard, words = dice.random() < 0.5, 0.0, []
        for weight, english, han, share in FINDINGS:
            if dice.random() < share:
                hazard += weight
                words.append(han if chinese else english)
        words += [han if chinese else english for english, han in dice.sample(MEANINGLESS, 2)]
        dice.shuffle(words)
        time = 20 * (-math.log(dice.random()) / math.exp(hazard)) ** (1 / 1.3)
        seen = min(dice.uniform(3, 60), 48)
        note = ("，".join(words) + "。") if chinese else ("; ".join(words) + ".").capitalize()
        row = {"patient": f"{seed}-{number}", "note": note, "months": round(min(time, seen), 2)}
        found.append({**row, "died": int(time <= seen), "lp": hazard, "lang": "zh" if chinese else "en"})
    return found


def main(out: Path) -> None:
    """Write the parts, and print what the truth itself scores."""
    out.mkdir(parents=True, exist_ok=True)
    for name, count, seed in PARTS:
        rows = rows_of(count, seed)
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (out / f"{name}.jsonl").write_text(text, encoding="utf-8")
    truth = [(row["months"], row["died"]) for row in rows]
    best = concordance(np.array([row["lp"] for row in rows]), truth)
    died = sum(event for _, event in truth)
    print(f"test: {len(rows)} rows, {died} events; C-index of the true hazard {best:.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
