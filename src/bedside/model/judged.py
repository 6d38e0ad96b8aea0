"""A model's answers with what is doubted of each: what `Model.answers` gives, and reasons to ask a person."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bedside.config._base import checked
from bedside.config.abstain import Abstain
from bedside.model.doubt import SETS_OF, Doubt, Doubted, disagreed, too_wide, unlike
from bedside.model.engine import Outputs, Seeing
from bedside.model.familiar import Vectors
from bedside.model.folder import Model
from bedside.model.inputs import Encoded
from bedside.types import Answer, Prediction


def care_of(model: Model) -> Abstain:
    """The settings of doubt that a model was fitted with; raises ConfigError for those of another version."""
    return checked(Abstain, model.recipe.get("abstain", {}), where="recipe.json", next="bedside fit --help")


def judged(
    model: Model, encoded: Encoded, care: Abstain, beside: Sequence[Sequence[Answer]] = ()
) -> tuple[Sequence[Answer], list[Doubted]]:
    """An answer a text and what is doubted of it; `beside` are the answers of other models to the same texts.

    >>> judged(model, model.encode(["solid nodule"]), care_of(model))  # doctest: +SKIP
    ([Prediction(label='malignant', ...)], [Doubted(possible=('malignant',), reasons=())])
    """
    doubt = model.doubt if care.on else None
    outputs, vectors = _seen(model, encoded, doubt)
    answers = model.form.answers(outputs, encoded, model.labels, model.calibration)
    held = _sets(model, answers, doubt, care)
    strange: NDArray[np.bool_] = np.zeros(len(answers), bool)
    if doubt is not None and vectors is not None:
        strange = doubt.strangers(vectors, care)
    found = []
    for row, answer in enumerate(answers):
        others = [not model.form.agree(answer, several[row]) for several in beside]
        reasons = (
            too_wide(held[row], _given(answer), care) if held else "",
            unlike() if strange[row] else "",
            disagreed(sum(others), len(others)) if care.on and any(others) else "",
        )
        found.append(Doubted(held[row] if held else None, tuple(filter(None, reasons))))
    return answers, found


def _seen(model: Model, encoded: Encoded, doubt: Doubt | None) -> tuple[Outputs, Vectors | None]:
    """Logits, and vectors where they are to be looked at and the engine gives them."""
    if doubt is None or doubt.familiar is None or not isinstance(model.engine, Seeing) or not encoded.ids:
        return model.engine.logits(encoded.ids), None
    return model.engine.logits_and_vectors(encoded.ids, model.settings["hidden_size"])


def _sets(model: Model, answers: Sequence[Answer], doubt: Doubt | None, care: Abstain) -> list[tuple[str, ...]] | None:
    """The labels that may be right, likeliest first; None where there are no sets."""
    if doubt is None or not doubt.promises(care.coverage) or model.head not in SETS_OF:
        return None
    rows = [one.probabilities for one in answers if isinstance(one, Prediction)]
    chances = np.array([[one[label] for label in model.labels] for one in rows]).reshape(-1, len(model.labels))
    held = doubt.sets(chances, care)
    ranked = np.argsort(-chances, axis=1, kind="stable")
    return [
        tuple(model.labels[label] for label in order if kept[label])
        for order, kept in zip(ranked.tolist(), held, strict=True)
    ]


def _given(answer: Answer) -> tuple[str, ...]:
    label = answer.label if isinstance(answer, Prediction) else ()
    return (label,) if isinstance(label, str) else label
