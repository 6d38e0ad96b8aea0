"""Writes tests/evaluate/seqeval.json: what seqeval says of drawn tag sequences, for the tests to compare with.

seqeval is no dependency, not even of the tests: it comes as source only, and building it fetches tools that no lock
pins. Run by hand, in an environment that has it: `python tools/seqeval_table.py`.
"""

from __future__ import annotations

import json
import random
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any

from seqeval.metrics import classification_report, f1_score, precision_score, recall_score
from seqeval.metrics.sequence_labeling import get_entities

OUT = Path(__file__).resolve().parent.parent / "tests" / "evaluate" / "seqeval.json"
TAGS = ["O", "O", "B-disease", "I-disease", "B-drug", "I-drug"]
SETS, SEED = 60, 3


def tags(dice: random.Random, size: int) -> list[str]:
    """Neat and broken ones: an I may follow anything."""
    return [dice.choice(TAGS) for _ in range(size)]


def drawn(dice: random.Random) -> dict[str, Any]:
    """Some rows, and every figure of them."""
    sizes = [dice.randint(1, 8) for _ in range(dice.randint(6, 12))]
    truth = [tags(dice, size) for size in sizes]
    found = [[tag if dice.random() < 0.7 else dice.choice(TAGS) for tag in row] for row in truth]
    return {
        "truth": truth,
        "found": found,
        "entity_f1": float(f1_score(truth, found, zero_division=0)),
        "entity_precision": float(precision_score(truth, found, zero_division=0)),
        "entity_recall": float(recall_score(truth, found, zero_division=0)),
        "entity_macro_f1": float(f1_score(truth, found, average="macro", zero_division=0)),
        "types": plain(classification_report(truth, found, output_dict=True, zero_division=0)),
        "entities": [[[kind, int(first), int(last)] for kind, first, last in get_entities(row)] for row in truth],
    }


def plain(report: dict[str, Any]) -> dict[str, dict[str, float]]:
    """The rows of the types, as numbers that JSON has."""
    return {
        kind: {key: float(value) for key, value in figures.items()}
        for kind, figures in report.items()
        if " avg" not in kind
    }


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    dice = random.Random(SEED)
    OUT.write_text(json.dumps({"seqeval": version("seqeval"), "sets": [drawn(dice) for _ in range(SETS)]}) + "\n")
