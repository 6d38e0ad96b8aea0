"""Which words an answer rests on: integrated gradients over the embeddings, or occlusion where there are no gradients.

What is explained is the log-odds of one label, or the value that a score expects, or what else the head answers with
(`explain/aim.py`). Integrated gradients starts from the same text with every piece masked, and the words' shares add up
to the change; how nearly they do (completeness) is printed, and steps are added until it is within 5 %.
Shapes: s steps, t tokens, h hidden size.

Source: Sundararajan, Taly & Yan 2017 (integrated gradients); Zeiler & Fergus 2014 (occlusion).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from bedside.errors import UsageError
from bedside.explain.aim import Aim, DifferentiableAim, aim_of, given
from bedside.explain.tokens import blank, tokens_of
from bedside.explain.words import Array, Word, both_without, parts_of, to_words, words_of_both
from bedside.lang import tr
from bedside.types import Entity

Method = Literal["integrated_gradients", "occlusion"]

STEPS = (16, 32, 64, 128, 256, 512)
WITHIN = 0.05
"""Completeness error at which no further steps are taken."""
MOST_WORDS = 10_000
"""Each word is left out once, so that time and memory grow with the square of a text's length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """An answer and the words it rests on; `completeness_error` is a share, None for occlusion.

    `probability` is that of `label`; of a score it is None, and `value` the value expected. `cut` says that the text
    was too long and the model did not see its middle. `how` is what was taken from the text (`explain/words.py`), and
    `aim` what was asked of it.
    """

    text: str = field(repr=False)
    second: str = field(default="", repr=False)
    label: str
    probability: float | None
    value: float | None = None
    words: tuple[Word, ...]
    method: Method
    steps: int
    completeness_error: float | None
    cut: bool
    how: str = "word"
    aim: Aim | None = field(default=None, repr=False, compare=False)

    @property
    def texts(self) -> tuple[str, ...]:
        """The text, or both texts."""
        return (self.text, self.second) if self.second else (self.text,)

    def word(self, word: Word) -> str:
        """A word as it is written."""
        return self.texts[word.part][word.start : word.end]


def explain(
    model: Any,
    text: str,
    second: str = "",
    *,
    label: str | None = None,
    method: Method | None = None,
    entities: Sequence[Entity] = (),
) -> Explanation:
    """Explain `label` (the model's answer unless said), or the value of a score, of texts already without identity.

    `entities` are those that the text's relations may be between. Without `method`, integrated gradients; occlusion for
    an engine without gradients, and for answers that stand at a place of the text, compare texts or are texts. Raises
    UsageError where there is nothing to explain, and where a second text is missing or has no reader.
    """
    if bool(second.strip()) != model.form.two:
        en, zh = ("reads two texts", "需要两段文本") if model.form.two else ("reads one text", "只读取一段文本")
        raise UsageError(tr(f"the model {en}", f"该模型{zh}"), where="--text-b-value", value=model.head)
    texts = (text, second) if model.form.two else (text,)
    if not (every := words_of_both(texts)):
        raise UsageError(tr("no words to explain", "没有可解释的词"))
    if len(every) > MOST_WORDS:
        what = tr("too many words to explain", "词数过多，无法解释")
        raise UsageError(what, value=len(every), allowed=f"<= {MOST_WORDS}")
    aim = aim_of(model, texts, label, entities)
    words = parts_of(texts, aim.how)
    figure = float(aim.figures(model, [texts])[0])
    smooth = aim if isinstance(aim, DifferentiableAim) and _has_gradients(model) else None
    if method == "integrated_gradients" and smooth is None:
        raise UsageError(
            tr("this answer cannot be explained by gradients", "该答案不能用梯度法解释"),
            where="--method",
            value=f"head = {model.head}",
            allowed="occlusion",
        )
    chosen: Method
    if smooth is not None and method != "occlusion":
        chosen = "integrated_gradients"
        scores, steps, error = integrated_gradients(model, texts, words, smooth)
    else:
        chosen, scores, steps, error = "occlusion", occlusion(model, texts, words, aim), len(words), None
    return Explanation(
        text=text,
        second=second if model.form.two else "",
        label=aim.name,
        probability=figure if aim.chance else None,
        value=None if aim.chance else figure,
        words=tuple(replace(word, score=float(score)) for word, score in zip(words, scores, strict=True)),
        method=chosen,
        steps=steps,
        completeness_error=error,
        cut=bool(model.encode(*given([texts])).cut),
        how="word" if aim.how == "sentence" and words == every else aim.how,
        aim=aim,
    )


def integrated_gradients(
    model: Any, texts: Sequence[str], words: Sequence[Word], aim: DifferentiableAim
) -> tuple[Array, int, float]:
    """The words' shares, the steps taken, and the completeness error."""
    import torch

    tokens = tokens_of(model, texts)
    masked = [blank(model) if one.free else one.id for one in tokens]
    network, head = model.network, model.head_module
    device = next(head.parameters()).device
    with torch.no_grad():
        full = network.embed(torch.tensor([[one.id for one in tokens]], device=device))[0]
        base = network.embed(torch.tensor([masked], device=device))[0]
        ends = aim.of_outputs(_outputs(network, head, torch.stack([base, full])))
    change = float(ends[1] - ends[0])
    shares, error, steps = np.zeros(len(tokens)), np.inf, STEPS[0]
    for steps in STEPS:
        shares = _path(network, head, base, full, steps=steps, aim=aim)
        error = abs(float(shares.sum()) - change) / max(abs(change), 0.05)
        if error < WITHIN:
            break
    found = []
    for part in range(len(texts)):
        mine = [at for at, one in enumerate(tokens) if one.part == part]
        spans = [(tokens[at].start, tokens[at].end) for at in mine]
        found.append(to_words(shares[mine], spans, [word for word in words if word.part == part]))
    return np.concatenate(found), steps, float(error)


def _path(network: Any, head: Any, base: Any, full: Any, *, steps: int, aim: DifferentiableAim) -> Array:
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
        score = aim.of_outputs(_outputs(network, head, points)).sum()
        (gradient,) = torch.autograd.grad(score, points)
        total += (gradient * weight[:, None, None]).sum(0)
    shares: Array = ((full - base) * total).sum(-1).double().cpu().numpy()
    return shares


def _outputs(network: Any, head: Any, hidden: Any) -> Any:
    """[s, t, h] -> what the head says [s, k]."""
    import torch

    mask = torch.ones(hidden.shape[:2], device=hidden.device)
    return head(network.run(hidden, mask), mask)


def occlusion(model: Any, texts: Sequence[str], words: Sequence[Word], aim: Aim) -> Array:
    """How far the answer falls when a word is left out (or blanked out, or a sentence left out), one at a time."""
    asked = [texts, *(both_without(texts, [word], aim.how) for word in words)]
    found = aim.scale(aim.figures(model, asked))
    fall: Array = found[0] - found[1:]
    return fall


def _has_gradients(model: Any) -> bool:
    return bool(model.settings.get("engine") == "torch")
