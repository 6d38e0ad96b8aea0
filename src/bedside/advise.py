"""The one road a decision comes from: identity removed, the model asked, its answer guarded, doubt and failure apart.

The server, `bedside predict` and the quickstart all walk it, so what is measured is what is served.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bedside.config import Abstain
from bedside.errors import IdentityError, log_fault
from bedside.guards import guarded
from bedside.lang import tr
from bedside.model.doubt import Doubted, in_words
from bedside.model.given import NOTHING, Given, without_identity
from bedside.model.inputs import cannot_read, was_cut
from bedside.model.judged import care_of, judged
from bedside.model.moved import Moved
from bedside.types import Abstained, Advice, Answer, Decision, Failed, Span, Written

if TYPE_CHECKING:
    from bedside.model.folder import Model

log = logging.getLogger("bedside.advise")


@dataclass(frozen=True)
class _Clean:
    """A text without identity, what came beside it, and what was removed from it and from its second text."""

    text: str
    given: Given
    removed: tuple[Moved, Moved]


@dataclass(frozen=True)
class _Asking:
    """The model that answers, what makes its answer doubtful, and the models asked beside it."""

    model: Model
    care: Abstain
    beside: Sequence[Model]


def advise(
    model: Model,
    texts: Sequence[str],
    *,
    given: Sequence[Given] = (),
    removed: Sequence[Counter[str]] = (),
    care: Abstain | None = None,
    beside: Sequence[Model] = (),
) -> list[Decision]:
    """One decision a text, in order, in the language in force; entities stand where they are in the text as given.

    `given` is what each row gives beside its text. `removed` may hold a counter for each text; the spans of identity
    removed from it are added there, by type. `care` says when an answer is doubted, and whether it is then held back;
    unless given, as the model was fitted to. `beside` are models that are asked the same: where one answers otherwise,
    the answer is doubted.

    A text whose identity cannot be removed never reaches the model: it is Failed. A text the model breaks on fails by
    itself, not with its neighbours. No exception leaves here; the log holds its kind and an id, never text.

    >>> advise(open_model("MODEL"), ["solid nodule, 21 mm, spiculated"])  # doctest: +SKIP
    [Advice(prediction=Prediction(label='malignant', ...), ...)]
    """
    decisions: dict[int, Decision] = {}
    clean: dict[int, _Clean] = {}
    came = given or [NOTHING] * len(texts)
    seconds = _without_identity([one.second for one in came]) if given else [("", [])] * len(texts)
    for number, (first, second) in enumerate(zip(_without_identity(texts), seconds, strict=True)):
        if isinstance(first, Failed):
            decisions[number] = first
            continue
        if isinstance(second, Failed):
            decisions[number] = second
            continue
        if removed:
            removed[number].update(span.type for span in first[1] + second[1])
        if not _says_something(*first):
            decisions[number] = Abstained(tr("nothing to read in this text", "文本中没有可读内容"))
        else:
            moved = Moved(first[1]), Moved(second[1])
            documents = _documents(came[number], removed[number] if removed else None)
            if isinstance(documents, Failed):
                decisions[number] = documents
                continue
            clean[number] = _Clean(first[0], without_identity(came[number], second[0], moved[0], documents), moved)
    asking = _Asking(model, care or care_of(model), beside)
    decisions |= zip(clean, _answers(asking, list(clean.values())), strict=True)
    read = {number: (one.text, one.given.second, *one.given.documents) for number, one in clean.items()}
    return [guarded(decisions[number], *filter(None, read.get(number, ()))) for number in range(len(texts))]


def _without_identity(texts: Sequence[str]) -> list[tuple[str, list[Span]] | Failed]:
    try:
        from bedside.deid import Note, Policy, scrub_texts

        done = scrub_texts([Note(text) for text in texts], policy=Policy(action="tag"))
    except Exception as fault:  # fail closed, whatever it was
        return [_failed(fault) for _ in texts]
    return [_failed(one) if isinstance(one, IdentityError) else one for one in done]


def _documents(given: Given, removed: Counter[str] | None) -> tuple[str, ...] | Failed:
    """A row's own documents without identity, or the failure of the first from which it could not be removed."""
    found = []
    for one in _without_identity(given.documents) if given.documents else []:
        if isinstance(one, Failed):
            return one
        found.append(one[0])
        if removed is not None:
            removed.update(span.type for span in one[1])
    return tuple(found)


def _says_something(scrubbed: str, spans: Sequence[Span]) -> bool:
    """Whether a letter or digit is left beside the tags that stand for removed identity."""
    for kind in {span.type for span in spans}:
        scrubbed = scrubbed.replace(f"[{kind}]", " ")
    return any(character.isalnum() for character in scrubbed)


def _answers(asking: _Asking, clean: list[_Clean]) -> list[Decision]:
    if not clean:
        return []
    form = asking.model.form
    try:
        texts, given = [one.text for one in clean], [one.given for one in clean]
        encoded = asking.model.encode(texts, given)
        others = [other.predict(texts, given) for other in asking.beside]
        answers, doubted = judged(asking.model, encoded, asking.care, others)
        sane = [np.isfinite(form.surest(answer)).all() for answer in answers]
    except Exception as fault:
        if len(clean) == 1:
            return [_failed(fault)]
        return [answer for one in clean for answer in _answers(asking, [one])]
    decisions = [
        _decision(form.back(answer, *one.removed), doubt, number in encoded.cut, hold_back=asking.care.hold_back)
        if fine
        else _failed(ArithmeticError("not a number"))
        for number, (answer, doubt, one, fine) in enumerate(zip(answers, doubted, clean, sane, strict=True))
    ]
    for number in encoded.unread:
        decisions[number] = Abstained(cannot_read())
    return decisions


def _decision(answer: Answer, doubt: Doubted, cut_short: bool, *, hold_back: bool) -> Decision:
    limits: tuple[str, ...] = (was_cut(),) if cut_short else ()
    if isinstance(answer, Written) and answer.refused:
        return Abstained(answer.refused)
    if hold_back and doubt.reasons:
        return Abstained(in_words(doubt.reasons), doubted=True)
    if isinstance(answer, Written) and not answer.whole:
        limits += (tr("the draft was broken off at its longest length", "草稿达到最大长度而中断"),)
    return Advice(prediction=answer, limits=limits, possible=doubt.possible, doubts=doubt.reasons)


def _failed(fault: Exception) -> Failed:
    return Failed(log_fault(log, fault))
