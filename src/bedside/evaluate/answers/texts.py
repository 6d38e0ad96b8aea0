"""Texts written for many rows: gathered, measured, and the sentences copied from the source that they must beat."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bedside.evaluate.baselines.rivals import Rows
from bedside.evaluate.bootstrap import Ints
from bedside.evaluate.measures.texts import evaluate_texts
from bedside.evaluate.metrics import Evaluation
from bedside.model.rouge import rouge
from bedside.types import Answer, Written

RIVALS = ("lead", "longest", "whole")
"""The first sentence of the source, its longest, and all of it."""

SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*")
FAR_OFF = 0.2
"""ROUGE-L below which a text is shown among the misread."""


@dataclass(frozen=True)
class TextAnswers:
    """The text written for each row, "" where none was, and how probable its pieces were."""

    texts: list[str] = field(repr=False)
    sure: list[float] = field(repr=False)
    labels: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.texts)

    def measure(
        self,
        truths: Sequence[tuple[str, ...]],
        patients: Sequence[Any] | None,
        *,
        seed: int,
        subgroups: Mapping[str, Sequence[str]] | None = None,
    ) -> Evaluation:
        """See `Answers`."""
        return evaluate_texts([one[0] for one in truths], self.texts, patients, seed=seed, subgroups=subgroups)

    def take(self, rows: Ints) -> TextAnswers:
        """See `Answers`."""
        return TextAnswers([self.texts[row] for row in rows], [self.sure[row] for row in rows])

    def joined(self, others: Sequence[TextAnswers], labels: Sequence[str]) -> TextAnswers:
        """See `Answers`."""
        several = (self, *others)
        return TextAnswers([one for own in several for one in own.texts], [p for own in several for p in own.sure])

    def misread(
        self, truths: Sequence[tuple[str, ...]], texts: Sequence[str] | None
    ) -> list[tuple[int, str, str, float]]:
        """See `Answers`: the texts that have little in common with the one wanted."""
        found = []
        for row, (truth, text) in enumerate(zip(truths, self.texts, strict=True)):
            if rouge(truth[0], text)["rougeL"] < FAR_OFF:
                wanted, said = (truth[0], text or "—") if texts is not None else ("…", "…")
                found.append((row, wanted, said, self.sure[row]))
        return found


def headline(head: str, labels: int) -> tuple[str, ...]:
    """The figures at the top of a report."""
    return ("rougeL", "rouge1", "rouge2", "bertscore", "answered")


def gather(head: str, labels: tuple[str, ...], answers: Iterable[Answer]) -> TextAnswers:
    """Texts as a column."""
    found = [one for one in answers if isinstance(one, Written)]
    return TextAnswers([one.text for one in found], [one.probability for one in found])


def rivals(train: Rows, test: Rows, *, labels: tuple[str, ...], head: str, seed: int) -> dict[str, TextAnswers]:
    """What is copied from the source without reading it."""
    parts = [sentences(text) for text in test.texts]
    copied = {
        "lead": [found[0] for found in parts],
        "longest": [max(found, key=len) for found in parts],
        "whole": list(test.texts),
    }
    return {name: TextAnswers(texts, [1.0] * len(texts)) for name, texts in copied.items()}


def sentences(text: str) -> list[str]:
    """The sentences of a text, by their closing marks and by lines.

    >>> sentences("Chest pain. 胸痛3天。无发热")
    ['Chest pain.', '胸痛3天。', '无发热']
    """
    return [one for part in SENTENCE.findall(text) if (one := part.strip())] or [text.strip()]
