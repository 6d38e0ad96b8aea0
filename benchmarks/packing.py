"""Packed rows against batches of like length: what each lays out, and what forward and backward passes over it cost.

    python benchmarks/packing.py meqsum/train.jsonl question summary --rows 200 --batches 4

Processor seconds of one thread, not the clock's, so that others on the machine count little; every k-th batch in the
order of length is run, in turns with every k-th pack. LoRA on the embedded decoder, 1,024 tokens a batch, float32.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import torch

from bedside.backbones._chat import prompt_of
from bedside.backbones._writer import load_writer
from bedside.config import FitRecipe
from bedside.heads.generate import GenerateHead
from bedside.model.writing.prompts import Taught, prompt_ids, taught, text_ids
from bedside.train.adapt import adapt
from bedside.train.batches import make_batches
from bedside.train.cache import TokenInputs
from bedside.train.packing import packed
from bedside.train.part import Part
from bedside.train.way_writer import targets

TOKENS = 1024


def main() -> None:
    """Print a line a way of laying out."""
    asked = argparse.ArgumentParser()
    asked.add_argument("table", type=Path)
    asked.add_argument("text")
    asked.add_argument("label")
    asked.add_argument("--rows", type=int, default=200)
    asked.add_argument("--batches", type=int, default=4)
    asked.add_argument("--backbone", default="smollm2")
    said = asked.parse_args()
    torch.set_num_threads(1)
    backbone = load_writer(said.backbone)
    rows = [json.loads(line) for line in said.table.read_text(encoding="utf-8").splitlines()[: said.rows]]
    prompt = prompt_ids(backbone.tokenizer, prompt_of(backbone.chat, backbone.tokenizer))
    texts = text_ids(backbone.tokenizer, [row[said.text] for row in rows])
    answers = text_ids(backbone.tokenizer, [row[said.label] for row in rows])
    alone = taught(prompt, texts, [[*ids, backbone.ends[0]] for ids in answers], max_tokens=TOKENS)
    ways = {"like length": alone, "packed": packed(alone, backbone, tokens=TOKENS, seed=0)}
    head = GenerateHead(backbone.hidden_size, out=backbone.network.language_head)
    adapt(backbone.network, FitRecipe(head="generate", adapt="lora"))
    runs = {name: _batches(way, said.batches) for name, way in ways.items()}
    spent = dict.fromkeys(ways, 0.0)
    for turn in range(-1, said.batches):  # the first turn warms up
        for name, way in ways.items():
            inputs = TokenInputs(backbone.network, way.ids, backbone.pad_id, torch.device("cpu"), way.parts)
            part = Part(inputs, targets(way.wanted))
            chosen = runs[name][1][max(turn, 0)]
            begun = time.process_time()
            hidden, mask = inputs.batch(chosen)
            torch.autograd.backward(head.loss(backbone.network.run(hidden, mask), part.wanted(chosen)))
            spent[name] += (time.process_time() - begun) * (turn >= 0)
    for name, way in ways.items():
        all_, some = runs[name]
        real, laid = _tokens(way, all_)
        ran, _ = _tokens(way, some)
        print(f"{name}: {len(all_)} batches, {real} tokens, {laid - real} of padding; "
              f"{ran} tokens run in {spent[name]:.1f} s: {ran / spent[name]:.0f} tokens/s", flush=True)  # fmt: skip


def _batches(way: Taught, wanted: int) -> tuple[list[list[int]], list[list[int]]]:
    found = make_batches([len(one) for one in way.ids], tokens=TOKENS, rows=32)
    return found, [found[(2 * at + 1) * len(found) // (2 * wanted)] for at in range(wanted)]


def _tokens(way: Taught, batches: list[list[int]]) -> tuple[int, int]:
    sizes = [[len(way.ids[row]) for row in batch] for batch in batches]
    return sum(map(sum, sizes)), sum(len(one) * max(one) for one in sizes)


if __name__ == "__main__":
    main()
