"""Fits the thorough reader of de-identification: python tools/tagger/fit_thorough.py [--epochs 3] [--out FILE]

    python tools/tagger/fit_thorough.py --held-back en_32 en_33 zh_25 zh_26 --out /tmp/thorough.safetensors --measure
    python tools/tagger/fit_thorough.py --fresh en_32 en_33 zh_25 zh_26 --older 1500 --epochs 2    # goes on
    python tools/tagger/fit_thorough.py --mean-of one.safetensors other.safetensors               # of fits that went on

Tunes layers of the embedded multilingual encoder on the notes that `fit.py` learns from, varied anew in each epoch and
some of them made rougher (`roughen.py`); what is written is the mean of the weights over the last steps.
With `--measure` it prints how the notes held back are read by rules and tagger, and by the encoder as well.
`--fresh` goes on from the weights in place (or from `--start`), with those notes and some older ones. Weights that went
on from one another can be averaged by `--mean-of` (Wortsman et al. 2022, "Model soups"). An epoch takes some ten
minutes of one core that has bfloat16.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from notes import ROOT, Note, Variations, learning_notes, published_passages
from roughen import rough
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from bedside.backbones._load import load_backbone
from bedside.deid._evaluate import ALL, evaluate_spans
from bedside.deid._find import locate, recognisers_for
from bedside.deid.encoder.network import FIRST, LAST, WEIGHTS, Encoder, reader, stored, tuned
from bedside.deid.encoder.thorough import BACKBONE, review_by
from bedside.deid.encoder.windows import Pieces, windows
from bedside.deid.tagger.review import Reviewer
from bedside.train.averaging import Average
from bedside.types import IDENTITY_TYPES

DATA = ROOT / "src" / "bedside" / "deid" / "data" / WEIGHTS
KINDS = len(IDENTITY_TYPES) + 1
RATE, HEAD_RATE = 1.5e-4, 1e-3
BATCH_PIECES = 3072
DROPOUT = 0.1
HIDDEN, HIDDEN_ELSEWHERE = 0.08, 0.03
"""Share of pieces shown as unknown, in identity and elsewhere, so that what stands around them is learnt."""
FRESH = 3
"""How often fresh notes come in an epoch, each time varied anew."""
MEAN = 0.25
"""Share of the steps that the mean of the weights reaches back over."""
NAMED = ("NAME", "STAFF", "ID")


@dataclass
class Item:
    """A window as numbers: ids and kinds, 0 for no identity."""

    ids: list[int]
    kinds: list[int]


def kinds_of(read: Pieces, note: Note) -> list[int]:
    """Of each piece the kind of the first span that it touches."""
    of = [0] * (len(note.text) + 1)
    for span in note.spans:
        of[span.start : span.end] = [1 + IDENTITY_TYPES.index(span.type)] * (span.end - span.start)
    return [next(filter(None, of[start:end]), 0) for start, end in zip(read.starts, read.ends, strict=True)]


def items(encoder: Encoder, notes: Sequence[Note]) -> list[Item]:
    """The windows of notes."""
    found = []
    for note, read in zip(notes, encoder.pieces([note.text for note in notes]), strict=True):
        kinds = kinds_of(read, note)
        found += [Item(read.ids[window], kinds[window]) for window in windows(len(read))]
    return found


def batches(found: Sequence[Item], drawn: random.Random) -> list[list[Item]]:
    """Windows of like length together, as many as make `BATCH_PIECES`; in random order."""
    ordered = sorted(found, key=lambda item: len(item.ids) + 15 * drawn.random())
    groups: list[list[Item]] = [[]]
    for item in ordered:
        if (len(groups[-1]) + 1) * len(item.ids) > BATCH_PIECES:
            groups.append([])
        groups[-1].append(item)
    drawn.shuffle(groups)
    return groups


def padded(group: Sequence[Item], encoder: Encoder, pad: int) -> tuple[Tensor, Tensor, Tensor]:
    """Ids, mask and kinds [b, t] of a batch; some pieces are hidden, and no kind is asked of padding (-1)."""
    size = max(len(item.ids) for item in group)
    gaps = [size - len(item.ids) for item in group]
    ids = torch.tensor([[encoder.begin, *i.ids, encoder.end] + [pad] * gap for i, gap in zip(group, gaps, strict=True)])
    kinds = torch.tensor([[-1, *i.kinds, -1] + [-1] * gap for i, gap in zip(group, gaps, strict=True)])
    share = torch.where(kinds > 0, HIDDEN, HIDDEN_ELSEWHERE)
    hidden = (torch.rand(ids.shape) < share) & (kinds >= 0) & (ids != encoder.end)
    unknown = encoder.tokenizer.token_to_id("<unk>")
    return torch.where(hidden, torch.tensor(unknown), ids), (ids != pad).float(), kinds


def logits(encoder: Encoder, ids: Tensor, mask: Tensor) -> Tensor:
    """What the head says [b, t, kinds], with gradients in the tuned layers alone."""
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=encoder.narrow):
        with torch.no_grad():
            low = encoder.network.run(encoder.network.embed(ids), mask, 0, FIRST)
        high = encoder.network.run(low, mask, FIRST, LAST)
        said: Tensor = encoder.head(F.dropout(high, DROPOUT))
    return said.float()


def fit(
    encoder: Encoder, epochs: Iterator[list[Note]], count: int, pad: int, rate: float, drawn: random.Random
) -> None:
    """Train with AdamW, the rate rising for a while and then falling to nothing; the mean of the weights stays."""
    encoder.network.requires_grad_(False)
    layers = encoder.network.layers[FIRST:LAST].requires_grad_(True)
    encoder.head.requires_grad_(True)
    learnt = dict(nn.ModuleDict({"layers": layers, "head": encoder.head}).named_parameters())
    average = Average(learnt, MEAN)
    optimizer = torch.optim.AdamW(
        [{"params": layers.parameters(), "top": rate}, {"params": encoder.head.parameters(), "top": HEAD_RATE}],
        weight_decay=0.01, fused=True,
    )  # fmt: skip
    step, begun = 0, time.monotonic()
    for epoch, notes in enumerate(epochs, 1):
        groups = batches(items(encoder, notes), drawn)
        steps = round(count * len(groups) * 1.01)
        layers.train()
        total = 0.0
        for group in groups:
            ids, mask, kinds = padded(group, encoder, pad)
            loss = F.cross_entropy(logits(encoder, ids, mask).view(-1, KINDS), kinds.view(-1), ignore_index=-1)
            for part in optimizer.param_groups:
                part["lr"] = part["top"] * min(1.0, (step + 1) / (0.06 * steps)) * max(0.0, 1 - step / steps)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(layers.parameters(), 1.0)
            optimizer.step()
            step, total = step + 1, total + loss.item()
            average.follow(step)
        layers.eval()
        print(f"epoch {epoch}/{count}  loss {total / len(groups):.4f}  {time.monotonic() - begun:.0f} s", flush=True)
    with torch.no_grad():
        for name, mean in average.means.items():
            learnt[name].copy_(mean)


def mean_of(paths: Sequence[Path]) -> Encoder:
    """The encoder whose every weight is the mean of those in the files."""
    encoders = [tuned(load_backbone(BACKBONE), load_file(path)) for path in paths]
    parts = [nn.ModuleDict({"network": one.network, "head": one.head}) for one in encoders]
    others = [dict(part.named_parameters()) for part in parts[1:]]
    with torch.no_grad():
        for name, weight in parts[0].named_parameters():
            weight.copy_(torch.stack([weight, *(other[name] for other in others)]).mean(0))
    return encoders[0]


def measure(encoder: Encoder, names: Sequence[str]) -> None:
    """Print how notes held back are read, a language: by rules and tagger, and by the encoder as well."""
    for language in ("en", "zh"):
        notes = learning_notes(language, only=names)
        for name, again in (("rules and tagger", None), ("and encoder", partial(review_by, encoder))):
            if notes:
                print(f"{language} {name}: {figures(notes, again)}", flush=True)


def figures(notes: Sequence[Note], again: Reviewer | None) -> str:
    """Recall of all, of names and identifiers, precision, and notes without identity that were left alone."""
    texts = [note.text for note in notes]
    found = locate(texts, [recognisers_for(text, None) for text in texts], known=[()] * len(texts), again=again)
    rows = list(zip(notes, found, strict=True))
    told = evaluate_spans([(note.text, note.spans, spans) for note, spans in rows])
    named = evaluate_spans([(n.text, [s for s in n.spans if s.type in NAMED], spans) for n, spans in rows])
    return (
        f"recall {told.types[ALL]['recall']}, names and identifiers {named.types[ALL]['recall']}, "
        f"precision {told.types[ALL]['precision']}, left alone {told.untouched}"
    )


def main() -> None:
    """Read, vary, tune, write."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--epochs", type=int, default=3)
    ask.add_argument("--published", type=int, default=500, help="passages without identity, a language")
    ask.add_argument("--rate", type=float, default=RATE)
    ask.add_argument("--fresh", nargs="*", default=[], help="files of notes/ to go on with from the weights in place")
    ask.add_argument("--start", type=Path, default=DATA, help="weights that `--fresh` goes on from")
    ask.add_argument("--mean-of", nargs="+", type=Path, default=[], help="weights to average; nothing is fitted")
    ask.add_argument("--older", type=int, default=None, help="how many of the other notes are repeated, a language")
    ask.add_argument("--held-back", nargs="*", default=[], help="files of notes/ to leave out")
    ask.add_argument("--measure", action="store_true", help="measure on the notes held back")
    ask.add_argument("--out", type=Path, default=DATA)
    said = ask.parse_args()
    encoder = mean_of(said.mean_of) if said.mean_of else _fitted(said)
    save_file(stored(encoder.network, encoder.head), said.out)
    print(f"{said.out}: {said.out.stat().st_size / 1e6:.1f} MB")
    if said.measure:
        measure(reader(load_backbone(BACKBONE), load_file(said.out)), said.held_back)


def _fitted(said: Any) -> Encoder:
    """An encoder fitted as was asked, from the backbone's weights or from those in place."""
    torch.manual_seed(0)
    drawn = random.Random(0)
    backbone = load_backbone(BACKBONE)
    if said.fresh:
        encoder = tuned(backbone, load_file(said.start))
    else:
        del backbone.network.layers[LAST:]
        encoder = Encoder(backbone.tokenizer, backbone.network, nn.Linear(backbone.hidden_size, KINDS))
    fit(encoder, _epochs(said, drawn), said.epochs, backbone.pad_id, said.rate, drawn)
    return encoder


def _epochs(said: Any, drawn: random.Random) -> Iterator[list[Note]]:
    """The notes of each epoch: varied anew, with the same published passages."""
    learnt: list[tuple[Variations, list[Note]]] = []
    plain: list[Note] = []
    for language in ("en", "zh"):
        notes = learning_notes(language, but=said.held_back)
        vary = Variations(notes, seed=0)
        if said.older is not None:
            fresh = learning_notes(language, only=said.fresh)
            notes = FRESH * fresh + drawn.sample([note for note in notes if note not in fresh], said.older)
        learnt.append((vary, notes))
        plain += published_passages(language, said.published)
    for _ in range(said.epochs):
        yield [rough(vary.of(note), drawn) for vary, notes in learnt for note in notes] + plain


if __name__ == "__main__":
    main()
