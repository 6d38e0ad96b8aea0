"""What a decoder writes that its text does not hold: drugs and numbers, free and kept to the text's licence.

    python benchmarks/licensed.py [--rows 40] [--new-tokens 96] [--backbone smollm2] [--only aci_bench]

The embedded decoder, not fitted to anything, writes notes of doctor-patient dialogues (dev parts of MTS-Dialog and
ACI-Bench). A number is unlicensed when no number of its value stands in the dialogue, in digits or in words; a drug,
when nothing in the dialogue stands for it. Intervals: dialogues drawn anew. Both ways write in turn, in one process.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from bedside.backbones._chat import prompt_of
from bedside.backbones._writer import load_writer
from bedside.commands._predict.licensed import restricted_drugs
from bedside.config.writing import Writing
from bedside.evaluate.bootstrap import bootstrap
from bedside.model.engines.causal import writer_of
from bedside.model.rouge import rouge
from bedside.model.writing.decode import Writer, write
from bedside.model.writing.licence import Licensing
from bedside.model.writing.licence_names import Restricted
from bedside.model.writing.licence_numbers import numbers_of
from bedside.model.writing.prompts import prompt_ids, text_ids, without_middle

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"
SETS = ("mts_dialog", "aci_bench")
ASK = "Write the clinical note of this conversation, with history, findings, medications with doses, and plan.\n\n"
PROMPT_TOKENS = 400
BATCH = 24


@dataclass(frozen=True)
class Note:
    """One dialogue, the note a person wrote of it, and the note that was made."""

    dialogue: str
    reference: str
    made: str
    tokens: int


def main() -> None:
    """Print a line a set and way."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=40)
    asked.add_argument("--new-tokens", type=int, default=96)
    asked.add_argument("--backbone", default="smollm2")
    asked.add_argument("--only", choices=SETS)
    said = asked.parse_args()
    torch.set_num_threads(1)
    backbone = load_writer(said.backbone)
    template = prompt_of(backbone.chat, backbone.tokenizer).replace("{text}", ASK + "{text}")
    prompt = prompt_ids(backbone.tokenizer, template)
    drugs = restricted_drugs()
    writing = Writing(new_tokens=said.new_tokens, repetition=1.1)
    free = writer_of(backbone.network, backbone.tokenizer, writing, backbone.ends, backbone.pad_id)
    around = (len(prompt.before), len(prompt.behind))
    kept = replace(free, licensing=Licensing(drugs, backbone.tokenizer, around))
    for name in [said.only] if said.only else SETS:
        rows = [json.loads(line) for line in (DATA / name / "dev.jsonl").open(encoding="utf-8")][: said.rows]
        bodies = [without_middle(ids, PROMPT_TOKENS) for ids in text_ids(backbone.tokenizer, dialogues(rows))]
        prompts = [prompt.around(ids) for ids in bodies]
        read = [backbone.tokenizer.decode(ids) for ids in bodies]
        for way, writer in (("free", free), ("licensed", kept)):
            notes, speed = made_by(writer, prompts, read, [row["note"] for row in rows])
            print(f"{name:11} {way:9} {told(notes, drugs)}; {speed:.1f} tokens/s", flush=True)


def dialogues(rows: Sequence[dict[str, str]]) -> list[str]:
    """The texts that are read."""
    return [row["dialogue"].replace("\r\n", "\n") for row in rows]


def made_by(
    writer: Writer, prompts: Sequence[Sequence[int]], read: Sequence[str], references: Sequence[str]
) -> tuple[list[Note], float]:
    """The notes, and tokens a second of processor time."""
    begun, outputs = time.process_time(), []
    for start in range(0, len(prompts), BATCH):
        outputs += write(writer, prompts[start : start + BATCH])
    spent = time.process_time() - begun
    ids = [[int(id) for id in one[2:]] for one in outputs]
    texts = ["" if one[0] == 2 else writer.decode(own) for one, own in zip(outputs, ids, strict=True)]
    notes = [Note(*four) for four in zip(read, references, texts, map(len, ids), strict=True)]
    return notes, sum(map(len, ids)) / spent


def told(notes: Sequence[Note], drugs: Sequence[Restricted]) -> str:
    """Shares of unlicensed drugs and numbers among those written, with intervals; and how near the person's note."""
    numbers = share(notes, unlicensed_numbers)
    names = share(notes, lambda note: unlicensed_drugs(note, drugs))
    nearness = np.mean([rouge(note.reference, note.made)["rougeL"] for note in notes])
    empty = sum(not note.made.strip() for note in notes)
    return f"n={len(notes)} (empty {empty}) numbers {numbers}; drugs {names}; ROUGE-L {nearness:.3f}"


def share(notes: Sequence[Note], count: Callable[[Note], tuple[int, int]]) -> str:
    """Unlicensed of all written, the interval over dialogues."""
    counted = np.array([count(note) for note in notes], float)

    def of(rows: np.ndarray) -> float:
        wrong, total = counted[rows].sum(0)
        return float(wrong / total) if total else float("nan")

    wrong, total = counted.sum(0).astype(int)
    return f"{wrong}/{total} = {bootstrap(of, None, n=len(notes))}"


def unlicensed_numbers(note: Note) -> tuple[int, int]:
    """Numbers in digits whose value does not stand in the dialogue, and all numbers."""
    there = {float(form.replace(",", "")) for form in numbers_of(note.dialogue).forms if form.count(".") < 2}
    written = [float(one.replace(",", "")) for one in re.findall(r"\d[\d,]*(?:\.\d+)?", note.made)]
    return sum(value not in there for value in written), len(written)


def unlicensed_drugs(note: Note, drugs: Sequence[Restricted]) -> tuple[int, int]:
    """Drugs that nothing in the dialogue stands for, and all drugs."""
    wrong = total = 0
    for one in drugs:
        there = set(one.concepts(note.dialogue))
        found = [kind for kind, _, _ in one.find(note.made)]
        wrong, total = wrong + sum(kind not in there for kind in found), total + len(found)
    return wrong, total


if __name__ == "__main__":
    main()
