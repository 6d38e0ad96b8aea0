"""The one road a decision comes from: identity removed, the model asked, and its answer, doubt or failure told apart.

The server, `bedside predict` and the quickstart all walk it, so what is measured is what is served.
"""

from __future__ import annotations

import logging
import math
import secrets
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bedside.errors import IdentityError
from bedside.lang import tr
from bedside.types import Abstained, Advice, Decision, Failed, Prediction, Span

if TYPE_CHECKING:
    from bedside.model.folder import Model

log = logging.getLogger("bedside.advise")


def advise(model: Model, texts: Sequence[str], *, removed: Sequence[Counter[str]] = ()) -> list[Decision]:
    """One decision a text, in order, in the language in force.

    `removed` may hold a counter for each text; the spans of identity removed from it are added there, by type.

    A text whose identity cannot be removed never reaches the model: it is Failed. A text the model breaks on fails by
    itself, not with its neighbours. No exception leaves here; the log holds its kind and an id, never text.

    >>> advise(open_model("MODEL"), ["solid nodule, 21 mm, spiculated"])  # doctest: +SKIP
    [Advice(prediction=Prediction(label='malignant', ...), ...)]
    """
    decisions: dict[int, Decision] = {}
    clean: dict[int, str] = {}
    for number, scrubbed in enumerate(_without_identity(texts)):
        if isinstance(scrubbed, Failed):
            decisions[number] = scrubbed
            continue
        if removed:
            removed[number].update(span.type for span in scrubbed[1])
        if not _says_something(*scrubbed):
            decisions[number] = Abstained(tr("nothing to read in this text", "文本中没有可读内容"))
        else:
            clean[number] = scrubbed[0]
    decisions |= zip(clean, _answers(model, list(clean.values())), strict=True)
    return [decisions[number] for number in range(len(texts))]


def _without_identity(texts: Sequence[str]) -> list[tuple[str, list[Span]] | Failed]:
    try:
        from bedside.deid import Note, Policy, scrub_texts

        done = scrub_texts([Note(text) for text in texts], policy=Policy(action="tag"))
    except Exception as fault:  # fail closed, whatever it was
        return [_failed(fault) for _ in texts]
    return [_failed(one) if isinstance(one, IdentityError) else one for one in done]


def _says_something(scrubbed: str, spans: Sequence[Span]) -> bool:
    """Whether a letter or digit is left beside the tags that stand for removed identity."""
    for span in spans:
        scrubbed = scrubbed.replace(f"[{span.type}]", " ", 1)
    return any(character.isalnum() for character in scrubbed)


def _answers(model: Model, texts: list[str]) -> list[Decision]:
    if not texts:
        return []
    try:
        encoded = model.encode(texts)
        logits = model.engine.logits(encoded.ids)
        predictions = model.decide(model.calibration.probabilities(logits.astype("float64"), model.head))
    except Exception as fault:
        if len(texts) == 1:
            return [_failed(fault)]
        return [answer for text in texts for answer in _answers(model, [text])]
    decisions = [_decision(prediction, number in encoded.cut) for number, prediction in enumerate(predictions)]
    for number in encoded.unread:
        decisions[number] = Abstained(
            tr("most of this text is in letters that the model cannot read", "文本大部分为模型无法识别的文字")
        )
    return decisions


def _decision(prediction: Prediction, was_cut: bool) -> Decision:
    if not all(map(math.isfinite, prediction.probabilities.values())):
        return _failed(ArithmeticError("not a number"))
    cut = tr("the text was too long: its middle was not read", "文本过长：中间部分未被读取")
    return Advice(prediction=prediction, limits=(cut,) if was_cut else ())


def _failed(fault: Exception) -> Failed:
    """Log the kind and the place under an id. The message stays out: it could quote the text."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else "advise"
    error_id = secrets.token_hex(8)
    log.error("error %s: %s at %s", error_id, type(fault).__name__, place)
    return Failed(error_id)
