"""Fits the tagger of de-identification: python tools/tagger/fit.py [--copies 2] [--epochs 8] [--out FOLDER]

    python tools/tagger/fit.py --fresh en_26 en_27 --held-back en_29 --rate 5e-4    # goes on from the weights in place

Learns from the invented notes in `notes/`, with other names put in their frames, and from published medical text in
which nobody is named (if the data sets are beside the checkout), and writes the package's weights. What they are worth
is measured on notes that are not in `notes/`: benchmarks/deid_unseen.py. With `--fresh` it goes on from the weights
that are there: those notes come `FRESH` more times than the rest, which is repeated so that nothing is unlearnt;
`--older 1200` repeats only so many of the rest and takes a third of the time.
"""

from __future__ import annotations

import argparse
import random
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from network import KINDS, TaggerNetwork, exported, views
from notes import ROOT, Note, Variations, learning_notes, published_passages
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from bedside.backbones._load import load_backbone
from bedside.deid._find import find_by_rules
from bedside.deid.tagger.review import rule_numbers
from bedside.deid.tagger.tokens import FEATURES, feature_rows, tokens, vector_words

DATA = ROOT / "src" / "bedside" / "deid" / "data"
VECTOR = 32
BATCH = 16
RATE = 2e-3
WORD_DROPPED = 0.25
RULES_DROPPED = 0.25
FRESH = 5
Numbers = NDArray[np.int64]


@dataclass
class Item:
    """A note as numbers: features [t, f], rows of word vectors [t, 2], rules [t], kinds [t]."""

    features: Numbers
    words: Numbers
    rules: Numbers
    kinds: Numbers


def word_vectors() -> tuple[list[str], torch.Tensor]:
    """English and Chinese words of the embedded encoders' vocabularies, their input vectors cut to `VECTOR` numbers."""
    words: list[str] = []
    parts = []
    for backbone, wanted in (("minilm", "[a-z]{2,}"), ("e5", "[\u4e00-\u9fff]{1,5}")):
        loaded = load_backbone(backbone)
        table = loaded.network.embeddings.word_embeddings.weight.detach().float()
        rows = {}
        for piece, row in sorted(loaded.tokenizer.get_vocab().items()):
            if re.fullmatch(wanted, piece.lstrip("\u2581")):
                rows.setdefault(piece.lstrip("\u2581"), row)
        centred = table[list(rows.values())]
        centred = centred - centred.mean(0)
        directions = torch.linalg.svd(centred.T @ centred)[0][:, :VECTOR]
        kept = centred @ directions
        words += rows
        parts.append(kept / kept.std())
    return words, torch.cat([torch.zeros(1, VECTOR), *parts])


def item(note: Note, rows: dict[str, int]) -> Item:
    """One note as the network takes it in."""
    found = tokens(note.text)
    features = np.array([feature_rows(key) for key in found.keys], np.int64).reshape(-1, FEATURES)
    words = np.array([[rows.get(word, 0) for word in vector_words(key)] for key in found.keys], np.int64).reshape(-1, 2)
    kinds = np.array(rule_numbers(found, note.spans), np.int64) // 2
    return Item(features, words, np.array(rule_numbers(found, find_by_rules(note.text)), np.int64), kinds)


def batch(items: list[Item], drawn: np.random.Generator) -> tuple[torch.Tensor, ...]:
    """Padded, with words and rules left out at random: neither may be leant on alone."""
    size = max(len(one.rules) for one in items)
    features = np.zeros((len(items), size, FEATURES), np.int64)
    words, rules = np.zeros((len(items), size, 2), np.int64), np.zeros((len(items), size), np.int64)
    kinds = np.full((len(items), size), -1)
    for row, one in enumerate(items):
        length = len(one.rules)
        features[row, :length], words[row, :length] = one.features, one.words
        features[row, :length][drawn.random(length) < WORD_DROPPED, 0] = 0
        features[row, :length, 4] *= drawn.random() < 0.5  # of a Chinese character: the word it stands in
        words[row, :length][drawn.random(length) < 0.1] = 0
        if drawn.random() > RULES_DROPPED:
            rules[row, :length] = one.rules * (drawn.random(length) > 0.08)
        kinds[row, :length] = one.kinds
    return tuple(map(torch.from_numpy, (features, words, rules, kinds)))


def words_in_place() -> tuple[list[str], torch.Tensor]:
    """The package's words and their vectors, as they were stored."""
    stored = load_file(DATA / "tagger.safetensors")
    vectors = torch.from_numpy(stored["vectors"].astype(np.float32) * stored["vectors.scale"])
    words = (DATA / "tagger_words.txt").read_text(encoding="utf-8").split("\n")
    return words, torch.cat([torch.zeros(1, vectors.shape[1]), vectors])


def weights_in_place(network: TaggerNetwork) -> None:
    """Fill a network with the weights that the package has."""
    stored = load_file(DATA / "tagger.safetensors")
    with torch.no_grad():
        for name, value in views(network).items():
            scale = stored.get(f"{name}.scale", np.float32(1))
            value.copy_(torch.from_numpy(stored[name].astype(np.float32) * scale))


def fit(items: list[Item], network: TaggerNetwork, *, epochs: int, rate: float, seed: int = 0) -> TaggerNetwork:
    """Train with AdamW, the rate falling to nothing."""
    drawn = np.random.default_rng(seed)
    optimizer = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=0.01, fused=True)
    steps, step = epochs * -(-len(items) // BATCH), 0
    for epoch in range(epochs):
        order = sorted(range(len(items)), key=lambda i: len(items[i].rules) + 20 * drawn.random())
        groups = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
        drawn.shuffle(groups)
        total = 0.0
        for group in groups:
            features, words, rules, kinds = batch([items[i] for i in group], drawn)
            loss = F.cross_entropy(network(features, words, rules).view(-1, KINDS), kinds.view(-1), ignore_index=-1)
            for part in optimizer.param_groups:
                part["lr"] = rate * min(1.0, (step + 1) / 100) * (1 - step / steps)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            step, total = step + 1, total + loss.item()
        print(f"epoch {epoch + 1}/{epochs}  loss {total / len(groups):.4f}", flush=True)
    return network.eval()


def write(network: TaggerNetwork, words: list[str], folder: Path) -> None:
    """The large tables in 8 bits with one scale each, the rest in 16."""
    stored = {}
    for name, value in exported(network).items():
        array = value.numpy()
        if name in ("table", "vectors"):
            scale = np.abs(array).max(1 if name == "vectors" else None, keepdims=True).astype(np.float32) / 127 + 1e-12
            stored[name], stored[f"{name}.scale"] = np.round(array / scale).astype(np.int8), scale
        else:
            stored[name] = array.astype(np.float16)
    save_file(stored, folder / "tagger.safetensors")
    (folder / "tagger_words.txt").write_text("\n".join(words), encoding="utf-8")


def main() -> None:
    """Read, vary, fit, write."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--copies", type=int, default=2, help="variations of each note")
    ask.add_argument("--epochs", type=int, default=8)
    ask.add_argument("--published", type=int, default=900, help="passages without identity, a language")
    ask.add_argument("--rate", type=float, default=RATE)
    ask.add_argument("--fresh", nargs="*", default=[], help="files of notes/ to go on with from the weights in place")
    ask.add_argument("--older", type=int, default=None, help="how many of the other notes are repeated, a language")
    ask.add_argument("--held-back", nargs="*", default=[], help="files of notes/ to leave out, for measuring")
    ask.add_argument("--out", type=Path, default=DATA)
    said = ask.parse_args()
    torch.manual_seed(0)
    words, vectors = words_in_place() if said.fresh else word_vectors()
    rows = {word: number for number, word in enumerate(words, 1)}
    learnt: list[Note] = []
    for language in ("en", "zh"):
        notes = learning_notes(language, but=said.held_back)
        fresh = learning_notes(language, only=said.fresh)
        vary = Variations(notes, seed=0)
        if said.older is not None:
            notes = fresh + random.Random(0).sample([note for note in notes if note not in fresh], said.older)
        plain = list(published_passages(language, said.published))
        learnt += notes + [vary.of(note) for _ in range(said.copies) for note in notes + FRESH * fresh] + 2 * plain
        print(f"{language}: {len(notes)} notes ({len(fresh)} fresh), {said.copies} variations each, "
              f"{len(plain)} passages", flush=True)  # fmt: skip
    network = TaggerNetwork(vectors)
    if said.fresh:
        weights_in_place(network)
    network = fit([item(note, rows) for note in learnt], network, epochs=said.epochs, rate=said.rate)
    said.out.mkdir(parents=True, exist_ok=True)
    write(network, words, said.out)


if __name__ == "__main__":
    main()
