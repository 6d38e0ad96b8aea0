"""Answers that are excerpts: the stretch of a second text that answers the first, a question; or none (answer)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.config import DataRecipe
from bedside.errors import UsageError
from bedside.formats._tables import cell, column_text
from bedside.heads._tags import NOT_JUDGED
from bedside.lang import tr
from bedside.model.calibration import Calibration, Floats, best_temperature
from bedside.model.engine import Outputs
from bedside.model.excerpts import likeness, read_excerpts, units_within
from bedside.model.forms.span_scores import best_threshold, excerpt_at, said_by, surprise, unit_scores
from bedside.model.given import Given
from bedside.model.inputs import Encoded, Identity, prepare_marked, prepare_texts, shortened
from bedside.model.moved import Moved
from bedside.model.rows import Labelled, Remark
from bedside.model.units import encode_units
from bedside.types import Excerpt

START, END = 1, 2
"""The bits of a token's target (`heads/answer.py`)."""

ANSWER = "answer"


@dataclass(frozen=True)
class ExcerptForm:
    """See `forms/__init__.py`."""

    head: str = "answer"
    scores = ("answer_f1", "answer_em")
    least = 1
    two = True
    marked = weighted = pooled = words = False
    tells = ("answer", "start", "end", "probability")

    def read(self, row: Mapping[str, Any], data: DataRecipe) -> tuple[str, Given, Any]:
        """A question, a text, and the answers that stand in it."""
        text, given = self.read_text(row, data)
        return text, given, read_excerpts(cell(row, data.label), given.second)

    def read_text(self, row: Mapping[str, Any], data: DataRecipe) -> tuple[str, Given]:
        """A question and a text."""
        if not data.text_b:
            raise UsageError(
                tr("an answer is looked for in a second text", "答案须在第二段文本中寻找"), next="--text-b COLUMN"
            )
        text, second = column_text(row, data.text), column_text(row, data.text_b)
        if not text.strip():
            raise ValueError(tr("no question", "没有问题"))
        if not second.strip():
            raise ValueError(tr("no text to look for the answer in", "没有可供寻找答案的文本"))
        return text, Given(second=second)

    def labels(self, cells: Sequence[Any]) -> list[tuple[Excerpt, ...]]:
        """True answers; none where the text gives none."""
        return list(cells)

    def cells(self, text: str, given: Given, label: tuple[Excerpt, ...]) -> dict[str, Any]:
        """Answers as SQuAD has them."""
        answers = [{"text": one.text, "answer_start": one.start} for one in label]
        return {"text": text, "text_b": given.second, "label": answers}

    def names(self, labels: Sequence[tuple[Excerpt, ...]]) -> tuple[str, ...]:
        """One, where any row has an answer."""
        return (ANSWER,) if any(labels) else ()

    def named(self, labels: Sequence[tuple[Excerpt, ...]]) -> list[tuple[str, ...]]:
        """Whether a row has an answer."""
        return [(ANSWER,) if one else () for one in labels]

    def scrub(self, rows: Labelled, identity: Identity, on_text: Callable[[int], None] | None = None) -> Labelled:
        """Texts without identity, answers at their new places; one that cuts into what was removed takes in its tag."""
        texts = prepare_texts(rows.texts, identity=identity, on_text=on_text)
        labels, given = [], []
        seconds = prepare_marked([one.second for one in rows.given], identity=identity)
        for (second, removed), answers in zip(seconds, rows.labels, strict=True):
            moved = Moved(removed)
            places = [moved.there_across(one.start, one.end) for one in answers]
            labels.append(tuple(Excerpt(start, end, second[start:end]) for start, end in places))
            given.append(Given(second=second))
        return replace(rows, texts=texts, labels=labels, given=given)

    def learn(self, rows: Labelled) -> tuple[dict[str, Any], list[Remark]]:
        """Nothing."""
        return {}, []

    def encode(self, tokenizer: Any, texts: Sequence[str], given: Sequence[Given] = (), **limits: Any) -> Encoded:
        """Token ids of each piece of each second text, after the question; a long question loses its middle."""
        most = limits["max_tokens"] // 2
        questions = [piece.ids for piece in tokenizer.encode_batch([limits["prefix"] + text for text in texts])]
        seconds = [one.second for one in given] or [""] * len(texts)
        before = [shortened(ids, most) for ids in questions]
        found = encode_units(tokenizer, seconds, [()] * len(texts), before=before, **(limits | {"prefix": ""}))
        return replace(found, cut=tuple(n for n, ids in enumerate(questions) if len(ids) > most), texts=seconds)

    def thin(self, encoded: Encoded, rows: Labelled, seed: int) -> tuple[Encoded, list[Remark]]:
        """Everything."""
        return encoded, []

    def targets(
        self, labels: Sequence[tuple[Excerpt, ...]], encoded: Encoded, names: Sequence[str]
    ) -> list[NDArray[np.int64]]:
        """For each piece where the first true answer begins and ends in it; without one both are the opening mark.

        Of an answer that goes on in the next piece only the start is learnt here, and the end there.
        """
        assert encoded.units is not None
        units = encoded.units
        spans = [
            units_within(one[0], places) if one else None for one, places in zip(labels, units.places, strict=True)
        ]
        done = [0] * len(spans)
        found = []
        for ids, text, tokens in zip(encoded.ids, units.piece_of, units.tokens, strict=True):
            first, size = done[text], len(tokens)
            done[text] += size
            target = np.full(len(ids), NOT_JUDGED, np.int64)
            target[[0, *tokens]] = 0
            span = spans[text]
            if span and span[0] < first + size and span[1] >= first:
                for unit, bit in zip(span, (START, END), strict=True):
                    if first <= unit < first + size:
                        target[tokens[unit - first]] += bit
            else:
                target[0] = START + END
            found.append(target)
        return found

    def calibrate(
        self, outputs: Outputs, labels: Sequence[tuple[Excerpt, ...]], encoded: Encoded, names: Sequence[str]
    ) -> Calibration:
        """One temperature for starts and ends, and the threshold for an answer of highest F1."""
        assert encoded.units is not None
        if not len(outputs):
            return Calibration()
        scores = unit_scores(outputs, encoded)
        ends = [
            units_within(one[0], places) if one else (len(places), len(places))
            for one, places in zip(labels, encoded.units.places, strict=True)
        ]
        temperature = best_temperature(lambda by: surprise(scores, ends, by))
        said = [said_by(one, temperature) for one in scores]
        worth = [
            likeness(excerpt_at(places, text, span, 1.0), truth)[1]
            for places, text, (span, _, _), truth in zip(encoded.units.places, encoded.texts, said, labels, strict=True)
        ]
        silent = np.array([not truth for truth in labels], float)
        return Calibration(
            temperature, (best_threshold(np.array([sure for _, sure, _ in said]), np.array(worth), silent),)
        )

    def answers(
        self, outputs: Outputs, encoded: Encoded, names: Sequence[str], calibration: Calibration
    ) -> list[Excerpt]:
        """The best excerpt of each text, or none where that is likelier."""
        assert encoded.units is not None
        (least,) = calibration.thresholds or (0.5,)
        found = []
        for scores, places, text in zip(
            unit_scores(outputs, encoded), encoded.units.places, encoded.texts, strict=True
        ):
            span, sure, (chance, none) = said_by(scores, calibration.temperature)
            found.append(excerpt_at(places, text, span, chance) if sure >= least else Excerpt(probability=none))
        return found

    def score(
        self, metric: str, labels: Sequence[tuple[Excerpt, ...]], answers: Sequence[Excerpt], names: Sequence[str]
    ) -> float:
        """Mean exact match, or F1 of words."""
        pairs = [likeness(answer, truth) for answer, truth in zip(answers, labels, strict=True)]
        return float(np.mean([pair[metric == "answer_f1"] for pair in pairs])) if pairs else 0.0

    def told(self, text: str, given: Given, answer: Excerpt) -> dict[str, Any]:
        """The answer without identity, and its place in the second text as it was given; null where there is none."""
        if not answer:
            return {"answer": None, "start": None, "end": None, "probability": answer.probability}
        return {
            "answer": answer.text,
            "start": answer.start,
            "end": answer.end,
            "probability": answer.probability,
        }

    def spoken(self, told: Mapping[str, Any]) -> list[str]:
        """The answer."""
        said = told["answer"] if told["answer"] is not None else tr("the text gives no answer", "文本中没有答案")
        return [f"{said}  ({told['probability']:.3f})"]

    def back(self, answer: Excerpt, first: Moved, second: Moved) -> Excerpt:
        """The excerpt at its place in the second text as given; what it says stays without identity."""
        if not answer:
            return answer
        start, end = second.back_across(answer.start, answer.end)
        return replace(answer, start=start, end=end)

    def surest(self, answer: Excerpt) -> Floats:
        """Its probability."""
        return np.array([answer.probability])

    def agree(self, one: Excerpt, other: Excerpt) -> bool:
        """Whether both are the same stretch, or none."""
        return (one.start, one.end) == (other.start, other.end)

    def change(self, one: Excerpt, other: Excerpt) -> float:
        """The difference of the probabilities; all of it where the answers differ."""
        chances = one.probability, other.probability
        return abs(chances[0] - chances[1]) if self.agree(one, other) else max(chances)


FORM = ExcerptForm
