"""Fitting speed: `bedside fit` by its defaults against the loop of a typical fine-tuning tutorial, in one run.

    python benchmarks/fitting.py [--rows 512] [--backbone e5]

Both start from the same backbone and see the same rows for one epoch. The tutorial's loop pads every text to a fixed
length and tunes all weights of the reference implementation in fp32 with AdamW at 5e-5, 16 texts a batch. Ours runs as
a user would run it. Padding does not change what is learnt (it is masked), so the two lengths differ in cost alone.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F

from bedside.backbones._load import load_backbone
from bedside.config import Recipe
from bedside.heads.classify import ClassifyHead
from bedside.train.fit import fit

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"
SETS = (("cmedtc_trial_criteria_zh", "short criteria, Chinese"), ("medical_abstracts", "abstracts, English"))
TUTORIAL_STEPS = 6
TUTORIAL_BATCH = 16


def sample(name: str, rows: int) -> list[dict[str, str]]:
    """A seeded sample of a set's training rows, with the set's own mix of lengths."""
    with (DATA / name / "train.jsonl").open(encoding="utf-8") as lines:
        return random.Random(0).sample([json.loads(line) for line in lines], rows)


def reference(ours: Any) -> Any:
    """The reference implementation of BERT with the weights of ours, every weight tuned, its own dropout on."""
    from transformers import BertConfig, BertModel

    network = BertModel(BertConfig(**ours.describe()), add_pooling_layer=False)
    network.load_state_dict(ours.float().state_dict())
    return network.train()


def tutorial(rows: list[dict[str, str]], backbone: str, length: int) -> float:
    """Examples a second of the padded loop, over a few steps after one warm-up step."""
    loaded = load_backbone(backbone)
    labels = sorted({row["label"] for row in rows})
    network, tokenizer = reference(loaded.network), loaded.tokenizer
    head = ClassifyHead(loaded.hidden_size, labels)
    optimizer = torch.optim.AdamW([*network.parameters(), *head.parameters()], lr=5e-5)
    tokenizer.enable_truncation(length)
    tokenizer.enable_padding(length=length, pad_id=loaded.pad_id)
    started = 0.0
    for step in range(TUTORIAL_STEPS + 1):
        if step == 1:
            started = time.perf_counter()
        batch = [rows[(step * TUTORIAL_BATCH + i) % len(rows)] for i in range(TUTORIAL_BATCH)]
        encoded = tokenizer.encode_batch([row["text"] for row in batch])
        ids = torch.tensor([piece.ids for piece in encoded])
        mask = torch.tensor([piece.attention_mask for piece in encoded])
        targets = torch.tensor([labels.index(row["label"]) for row in batch])
        loss = F.cross_entropy(head(network(ids, attention_mask=mask).last_hidden_state, mask), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return TUTORIAL_STEPS * TUTORIAL_BATCH / (time.perf_counter() - started)


def ours(rows: list[dict[str, str]], backbone: str) -> float:
    """Examples a second of one default epoch, as the fit itself reports it."""
    with tempfile.TemporaryDirectory() as folder:
        train = Path(folder) / "train.jsonl"
        train.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        data = {
            "train": str(train),
            "dev": str(train),
            "label": "label",
            "identity": "absent",
            "identity_reason": "published",
        }
        recipe = Recipe.from_dict({"data": data, "fit": {"backbone": backbone, "epochs": 1, "head": "classify"}})
        seconds: list[float] = []

        def note(event: dict[str, Any]) -> None:
            if event["event"] == "epoch":
                seconds.append(event["seconds"])

        fit(recipe, out=Path(folder) / "model", on_event=note)
    return len(rows) / seconds[0]


def main() -> None:
    """Print one row a set and length."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--rows", type=int, default=512)
    ask.add_argument("--backbone", default="e5")
    said = ask.parse_args()
    if not DATA.is_dir():
        sys.exit("the data sets are not beside this checkout; nothing was measured")
    print(f"{'set':28} {'tutorial pads to':>16} {'tutorial ex/s':>14} {'bedside ex/s':>13} {'ratio':>7}")
    for name, what in SETS:
        rows = sample(name, said.rows)
        mine = ours(rows, said.backbone)
        for length in (128, 512):
            theirs = tutorial(rows, said.backbone, length)
            print(f"{what:28} {length:16d} {theirs:14.2f} {mine:13.2f} {mine / theirs:6.1f}x", flush=True)


if __name__ == "__main__":
    main()
