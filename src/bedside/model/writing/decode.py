"""Lets a decoder write: prompts of like length together, keys and values kept, scores changed as the settings say.

An output is an array of float32: how the text ended (0 by itself, 1 broken off at the longest length, 2 not in the
form asked for), the mean log probability of its pieces, and their ids (exact: a vocabulary is far below 2^24).
Drawing by chance takes the highest score after noise, so that a text depends on seed and prompt, not on its neighbours.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from bedside.config.writing import Writing
from bedside.model.writing.constrain import Constraint
from bedside.model.writing.kept import Both, Keeping, Kept, Written
from bedside.model.writing.licence import Licence, Licensing
from bedside.model.writing.prefix import Prefix

ROWS = 32
"""Texts written side by side: each step reads all weights once, whatever the number."""
PROMPT_TOKENS = 8192
"""Padded prompt tokens side by side."""
FAR = 1e6
"""What is taken from the score of a piece that is not to come: it stays behind all others."""

Output = NDArray[np.float32]


@dataclass(frozen=True)
class Writer:
    """What writes: `model` is a `transformers` decoder, `new_tokens` of the settings is there.

    An encoder-decoder has `starts`, the ids that its decoder begins every text with. Each prompt is kept to the
    `constraint` of all, and to the licence that its own text gives. `prefix` is what prompts begin with, read once.
    """

    model: Any
    writing: Writing
    ends: tuple[int, ...]
    pad_id: int
    decode: Callable[[Sequence[int]], str]
    constraint: Constraint | None = None
    starts: tuple[int, ...] = ()
    licensing: Licensing | None = None
    prefix: Prefix | None = None


def write(writer: Writer, prompts: Sequence[Sequence[int]]) -> list[Output]:
    """An output a prompt, in order; an empty prompt writes nothing."""
    found: list[Output] = [np.array([1, 0], np.float32)] * len(prompts)
    with torch.inference_mode():
        for group in _groups(prompts, ROWS // writer.writing.beams or 1):
            for number, output in zip(group, _write(writer, [prompts[n] for n in group]), strict=True):
                found[number] = output
    return found


def _groups(prompts: Sequence[Sequence[int]], rows: int) -> list[list[int]]:
    """Prompt numbers, longest first, by what fits side by side."""
    order = sorted((n for n, one in enumerate(prompts) if one), key=lambda n: -len(prompts[n]))
    groups: list[list[int]] = []
    for number in order:
        last = groups[-1] if groups else []
        if last and len(last) < rows and (len(last) + 1) * len(prompts[last[0]]) <= PROMPT_TOKENS:
            last.append(number)
        else:
            groups.append([number])
    return groups


def _write(writer: Writer, prompts: list[Sequence[int]]) -> list[Output]:
    writing, model = writer.writing, writer.model
    shared = _shared(writer, prompts)
    ids, mask = _padded(prompts, writer.pad_id, left=not writer.starts, first=len(shared.ids) if shared else 0)
    device = next(model.parameters()).device
    begun: dict[str, Any] = {"past_key_values": shared.cache(model, len(prompts))} if shared else {}
    if writer.starts:
        first = torch.tensor([writer.starts] * len(prompts), device=device)
        begun = {"decoder_start_token_id": writer.starts[0], "decoder_input_ids": first}
    width = len(writer.starts) or ids.shape[1]
    walk = Walk(width, writing.beams, writer.ends)
    licences = [writer.licensing.of_prompt(one, writer.ends) if writer.licensing else None for one in prompts]
    keeping = [both for licence in licences if (both := _both(writer.constraint, licence))]
    made = model.generate(
        ids.to(device),
        attention_mask=mask.to(device),
        **begun,
        max_new_tokens=writing.new_tokens,
        num_beams=writing.beams,
        length_penalty=writing.length_penalty if writing.beams > 1 else None,
        do_sample=False,
        eos_token_id=list(writer.ends),
        pad_token_id=writer.pad_id,
        logits_processor=[walk, *_changes(writer, prompts, walk), *([Kept(keeping, walk)] if keeping else [])],
    )
    return [_output(writer, walk, row, one, licences[row]) for row, one in enumerate(made[:, width:].tolist())]


def _shared(writer: Writer, prompts: list[Sequence[int]]) -> Prefix | None:
    """The beginning that need not be read again; beams would each need a copy of their own."""
    prefix = writer.prefix
    plain = not writer.starts and writer.writing.beams == 1
    return prefix if plain and prefix and prefix.suits(writer.model) and prefix.begins(prompts) else None


def _padded(prompts: Sequence[Sequence[int]], pad_id: int, *, left: bool, first: int = 0) -> tuple[Tensor, Tensor]:
    """Ids and mask [b, t]: a decoder goes on behind the last piece, an encoder counts places from the first.

    The `first` pieces, the same in all, stay in front of what pads them.
    """
    width = max(map(len, prompts))
    ids, mask = [], []
    for one in prompts:
        blank, text = width - len(one), list(one)
        at = first if left else len(text)
        ids.append(text[:at] + [pad_id] * blank + text[at:])
        mask.append([1] * at + [0] * blank + [1] * (len(text) - at))
    return torch.tensor(ids), torch.tensor(mask)


def _both(constraint: Constraint | None, licence: Licence | None) -> Keeping | None:
    """What a text is kept to, by whichever of the two there is."""
    return Both(constraint, licence) if constraint and licence else constraint or licence


def _output(writer: Writer, walk: Walk, row: int, ids: list[int], licence: Licence | None) -> Output:
    end = next((at for at, id in enumerate(ids) if id in writer.ends), None)
    written = ids if end is None else ids[:end]
    ended = 1.0 if end is None else 0.0
    if licence and end is None:
        written = licence.settled(written)
    keeping = _both(writer.constraint, licence)
    if keeping and not keeping.accepts(writer.decode(written)):
        ended = 2.0
    pieces = tuple(ids if end is None else ids[: end + 1])
    return np.array([ended, walk.total(row, pieces) / max(1, len(pieces)), *written], np.float32)


class Walk:
    """Hears each step's scores first, and adds up the log probability of every text held open.

    Totals are kept by the hash of what was written: whole texts would take room that grows with their length squared.
    """

    def __init__(self, width: int, beams: int, ends: Sequence[int]) -> None:
        self.width, self.beams, self.ends = width, beams, list(ends)
        self.totals: dict[tuple[int, int], float] = {}
        self.last: dict[tuple[int, int], Tensor] = {}

    def rows(self, ids: Tensor) -> list[Written]:
        """What each line of a step has written so far."""
        return [(line // self.beams, tuple(one)) for line, one in enumerate(ids[:, self.width :].tolist())]

    def __call__(self, ids: Tensor, scores: Tensor) -> Tensor:
        """Takes note; the scores stay as they are."""
        here = self.rows(ids)
        self.totals |= {_key(*one): self.total(*one) for one in here}
        self.last = {
            _key(*one): chances for one, chances in zip(here, torch.log_softmax(scores.float(), -1), strict=True)
        }
        for row, written in here:
            total, chances = self.totals[_key(row, written)], self.last[_key(row, written)]
            self.totals |= {_key(row, (*written, end)): total + float(chances[end]) for end in self.ends}
        return scores

    def total(self, row: int, written: tuple[int, ...]) -> float:
        """The log probability of a text, from that of the text one piece shorter."""
        key, before = _key(row, written), _key(row, written[:-1])
        if key in self.totals or before not in self.last or not written:
            return self.totals.get(key, 0.0)
        return self.totals[before] + float(self.last[before][written[-1]])


def _key(row: int, written: tuple[int, ...]) -> tuple[int, int]:
    return row, hash(written)


def _changes(writer: Writer, prompts: list[Sequence[int]], walk: Walk) -> list[Callable[[Tensor, Tensor], Tensor]]:
    """What is done to the scores of a step, in order."""
    writing = writer.writing
    found: list[Callable[[Tensor, Tensor], Tensor]] = []
    if writing.repetition != 1 or writing.no_repeat:
        found.append(lambda ids, scores: _less_repetition(writing, ids[:, walk.width :], scores))
    if writing.temperature:
        dice = [np.random.default_rng([writing.seed, zlib.crc32(np.array(one).tobytes())]) for one in prompts]
        found.append(lambda ids, scores: _drawn(writing, dice, scores))
    return found


def _less_repetition(writing: Writing, written: Tensor, scores: Tensor) -> Tensor:
    """Lower scores for pieces (Keskar et al. 2019), and ends of runs, that the text holds already; not the prompt's."""
    scores = scores.clone()
    for line, one in enumerate(written.tolist()):
        there = torch.tensor(sorted(set(one)), dtype=torch.long)
        own = scores[line, there]
        scores[line, there] = torch.where(own > 0, own / writing.repetition, own * writing.repetition)
        run = writing.no_repeat
        if run and len(one) >= run:
            begun = one[len(one) - run + 1 :]
            again = [one[at + run - 1] for at in range(len(one) - run + 1) if one[at : at + run - 1] == begun]
            scores[line, again] -= FAR
    return scores


def _drawn(writing: Writing, dice: list[np.random.Generator], scores: Tensor) -> Tensor:
    """Scores whose highest is a draw from the likeliest pieces (Gumbel 1954; Holtzman et al. 2020 for top p)."""
    scores = torch.log_softmax(scores.float() / writing.temperature, -1)
    if writing.top_p < 1:
        high, order = scores.sort(descending=True)
        behind = high.exp().cumsum(-1) - high.exp() >= writing.top_p
        scores = scores - FAR * torch.zeros_like(scores).scatter(1, order, behind.float())
    noise = np.stack([one.gumbel(size=scores.shape[1]) for one in dice])
    return scores + torch.from_numpy(noise).to(scores)
