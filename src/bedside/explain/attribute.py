"""Which words an answer rests on: integrated gradients over the embeddings, or occlusion where there are no gradients.

What is explained is the log-odds of one label. Integrated gradients starts from the same text with every piece masked,
and the words' shares add up to the change in log-odds; how nearly they do (completeness) is printed, and steps are
added until it is within 5 %. Shapes: s steps, t tokens, h hidden size.

Source: Sundararajan, Taly & Yan 2017 (integrated gradients); Zeiler & Fergus 2014 (occlusion).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bedside.errors import UsageError
from bedside.lang import tr
from bedside.model.inputs import TAIL_SHARE

Array = NDArray[np.float64]
Method = Literal["integrated_gradients", "occlusion"]

STEPS = (16, 32, 64, 128, 256, 512)
WITHIN = 0.05
"""Completeness error at which no further steps are taken."""

_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"[^\W\u3400-\u9fff]+(?:[.'’-][^\W\u3400-\u9fff]+)*|[\u3400-\u9fff]+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word's place in the text (code points, end exclusive) and its share of the label's log-odds."""

    start: int
    end: int
    score: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """An answer and the words it rests on; `completeness_error` is a share, None for occlusion.

    `cut` says that the text was too long and the model did not see its middle.
    """

    text: str = field(repr=False)
    label: str
    probability: float
    words: tuple[Word, ...]
    method: Method
    steps: int
    completeness_error: float | None
    cut: bool


def explain(model: Any, text: str, *, label: str | None = None, method: Method | None = None) -> Explanation:
    """Explain `label` (the model's answer unless said) of one text that is already without identity.

    Without `method`, integrated gradients; for an engine without gradients, occlusion.
    """
    if not model.form.words or model.form.two:
        raise UsageError(tr("only labels of one text can be explained yet", "目前仅支持解释单段文本的标签"))
    words = words_of(text)
    if not words:
        raise UsageError(tr("no words to explain", "没有可解释的词"))
    probabilities = model.probabilities([text])[0]
    wanted = _label_number(model, label, probabilities)
    chosen: Method = method or ("integrated_gradients" if _has_gradients(model) else "occlusion")
    if chosen == "integrated_gradients":
        scores, steps, error = integrated_gradients(model, text, words, wanted)
    else:
        scores, steps, error = occlusion(model, text, words, wanted), len(words), None
    return Explanation(
        text=text,
        label=model.labels[wanted],
        probability=float(probabilities[wanted]),
        words=tuple(Word(w.start, w.end, float(s)) for w, s in zip(words, scores, strict=True)),
        method=chosen,
        steps=steps,
        completeness_error=error,
        cut=bool(model.encode([text]).cut),
    )


def words_of(text: str) -> list[Word]:
    """Words and marks with their places; Chinese is segmented.

    >>> [(w.start, w.end) for w in words_of("no chest-pain.")]
    [(0, 2), (3, 13), (13, 14)]
    """
    found = []
    for match in _WORD.finditer(text):
        if _CHINESE.fullmatch(match[0]):
            import rjieba

            at = match.start()
            found += [Word(at + start, at + end) for _, start, end in rjieba.tokenize(match[0])]
        else:
            found.append(Word(match.start(), match.end()))
    return found


def integrated_gradients(model: Any, text: str, words: Sequence[Word], label: int) -> tuple[Array, int, float]:
    """The words' shares, the steps taken, and the completeness error."""
    import torch

    ids, spans, free = tokens_of(model, text)
    masked = [_blank(model) if is_free else number for number, is_free in zip(ids, free, strict=True)]
    network, head = model.network, model.head_module
    device = next(head.parameters()).device
    with torch.no_grad():
        full = network.embed(torch.tensor([ids], device=device))[0]
        base = network.embed(torch.tensor([masked], device=device))[0]
        ends = _log_odds(network, head, torch.stack([base, full]), label, model.head)
    change = float(ends[1] - ends[0])
    shares, error, steps = np.zeros(len(ids)), np.inf, STEPS[0]
    for steps in STEPS:
        shares = _path(network, head, base, full, label=label, steps=steps, kind=model.head)
        error = abs(float(shares.sum()) - change) / max(abs(change), 0.05)
        if error < WITHIN:
            break
    return to_words(shares, spans, words), steps, float(error)


def _path(network: Any, head: Any, base: Any, full: Any, *, label: int, steps: int, kind: str) -> Array:
    """Each token's share [t], the gradient taken at Gauss-Legendre points between `base` and `full`, both [t, h]."""
    import torch

    nodes, weights = np.polynomial.legendre.leggauss(steps)
    total = torch.zeros_like(full)
    block = max(1, 4096 // len(full))
    for start in range(0, steps, block):
        part = slice(start, start + block)
        along = torch.tensor((nodes[part] + 1) / 2, dtype=full.dtype, device=full.device)
        weight = torch.tensor(weights[part] / 2, dtype=full.dtype, device=full.device)
        points = (base + along[:, None, None] * (full - base)).requires_grad_()
        score = _log_odds(network, head, points, label, kind).sum()
        (gradient,) = torch.autograd.grad(score, points)
        total += (gradient * weight[:, None, None]).sum(0)
    shares: Array = ((full - base) * total).sum(-1).double().cpu().numpy()
    return shares


def _log_odds(network: Any, head: Any, hidden: Any, label: int, kind: str) -> Any:
    """[s, t, h] -> the label's log-odds [s]: against all other labels, or by itself for multilabel."""
    import torch

    mask = torch.ones(hidden.shape[:2], device=hidden.device)
    logits = head(network.run(hidden, mask), mask)
    if kind == "multilabel":
        return logits[:, label]
    others = [k for k in range(logits.shape[1]) if k != label]
    return logits[:, label] - torch.logsumexp(logits[:, others], dim=1)


def occlusion(model: Any, text: str, words: Sequence[Word], label: int) -> Array:
    """How far the label's log-odds fall when a word is left out, a word at a time."""
    texts = [text, *(without(text, [word]) for word in words)]
    chances = np.clip(model.probabilities(texts)[:, label], 1e-7, 1 - 1e-7)
    odds = np.log(chances / (1 - chances))
    fall: Array = odds[0] - odds[1:]
    return fall


def without(text: str, words: Sequence[Word]) -> str:
    """The text with some words left out.

    >>> without("no chest pain", [Word(0, 2)])
    'chest pain'
    """
    kept, at = [], 0
    for word in sorted(words, key=lambda word: word.start):
        kept.append(text[at : word.start])
        at = word.end
    return " ".join("".join([*kept, text[at:]]).split(" ")).strip()


def tokens_of(model: Any, text: str) -> tuple[list[int], list[tuple[int, int]], list[bool]]:
    """Ids as the model sees them, each one's place in the text, and whether it stands for a piece of the text."""
    prefix, most = model.settings["prefix"], model.settings["max_tokens"]
    found = model.tokenizer.encode(prefix + text)
    ids, offsets, marks = list(found.ids), list(found.offsets), list(found.special_tokens_mask)
    spans = [(max(start - len(prefix), 0), max(end - len(prefix), 0)) for start, end in offsets]
    free = [not mark and end > start for (start, end), mark in zip(spans, marks, strict=True)]
    if len(ids) > most:
        tail = max(1, most // TAIL_SHARE)
        keep = [*range(most - tail), *range(len(ids) - tail, len(ids))]
        ids, spans, free = [ids[i] for i in keep], [spans[i] for i in keep], [free[i] for i in keep]
    return ids, spans, free


def to_words(shares: Array, spans: Sequence[tuple[int, int]], words: Sequence[Word]) -> Array:
    """Tokens' shares handed to the words they overlap, by the code points they have in common."""
    scores = np.zeros(len(words))
    for share, (start, end) in zip(shares, spans, strict=True):
        common = np.array([max(0, min(end, word.end) - max(start, word.start)) for word in words], dtype=float)
        if common.sum() > 0:
            scores += share * common / common.sum()
    return scores


def _blank(model: Any) -> int:
    """The id that stands for nothing: the mask where the vocabulary has one, else padding."""
    for name in ("<mask>", "[MASK]"):
        if (number := model.tokenizer.token_to_id(name)) is not None:
            return int(number)
    return int(model.settings["pad_id"])


def _has_gradients(model: Any) -> bool:
    return bool(model.settings.get("engine") == "torch")


def _label_number(model: Any, label: str | None, probabilities: Array) -> int:
    if label is None:
        return int(np.argmax(probabilities))
    if label not in model.labels:
        raise UsageError(tr("the model has no such label", "模型没有该标签"), value=label, allowed=model.labels)
    return int(model.labels.index(label))
