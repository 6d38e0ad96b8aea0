"""Answers that are texts a decoder writes (generate): a summary, a note, a shorter question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bedside.config import DataRecipe
from bedside.formats._tables import cell, cell_text
from bedside.lang import tr
from bedside.model.calibration import Calibration, Floats
from bedside.model.cells import text_of
from bedside.model.engine import Outputs
from bedside.model.given import NOTHING, Given
from bedside.model.inputs import Encoded, Identity, prepare_texts, unread
from bedside.model.moved import Moved
from bedside.model.rouge import rouge
from bedside.model.rows import Labelled, Remark
from bedside.model.writing.prompts import prompt_ids, text_ids, without_middle
from bedside.types import Written

BROKEN_OFF, NOT_IN_FORM = 1, 2
"""How a text ended otherwise than by its own end: at the longest length; in a form that is not the one asked for."""


@dataclass(frozen=True)
class TextForm:
    """See `forms/__init__.py`. A label is the one text that is to be written, as a tuple."""

    head: str = "generate"
    scores = ("rougeL", "rouge1", "rouge2")
    least = 0
    two = marked = weighted = pooled = words = False
    tells = ("text", "draft")

    def read(self, row: Mapping[str, Any], data: DataRecipe) -> tuple[str, Given, Any]:
        """The text, and the text to be written."""
        text, given = self.read_text(row, data)
        wanted = cell_text(cell(row, data.label)).strip()
        if not wanted:
            raise ValueError(tr("no text to be written", "没有目标文本"))
        return text, given, wanted

    def read_text(self, row: Mapping[str, Any], data: DataRecipe) -> tuple[str, Given]:
        """A text."""
        return text_of(row, data.text), NOTHING

    def labels(self, cells: Sequence[Any]) -> list[tuple[str, ...]]:
        """The texts to be written."""
        return [(one,) for one in cells]

    def cells(self, text: str, given: Given, label: tuple[str, ...]) -> dict[str, Any]:
        """Both texts."""
        return {"text": text, "label": label[0]}

    def named(self, labels: Sequence[Any]) -> list[tuple[str, ...]]:
        """No row bears a name."""
        return [()] * len(labels)

    def names(self, labels: Sequence[Any]) -> tuple[str, ...]:
        """There are none."""
        return ()

    def scrub(self, rows: Labelled, identity: Identity, on_text: Callable[[int], None] | None = None) -> Labelled:
        """Both texts without identity."""
        texts = prepare_texts(rows.texts, identity=identity, on_text=on_text)
        wanted = prepare_texts([label[0] for label in rows.labels], identity=identity)
        return replace(rows, texts=texts, labels=[(one,) for one in wanted])

    def learn(self, rows: Labelled) -> tuple[dict[str, Any], list[Remark]]:
        """Nothing."""
        return {}, []

    def encode(self, tokenizer: Any, texts: Sequence[str], given: Sequence[Given] = (), **limits: Any) -> Encoded:
        """Each prompt; one that does not fit into `max_tokens` is empty, or where `long` is "cut" loses its middle.

        `prefix` is the template, {text} in it.
        """
        prompt, bodies = prompt_ids(tokenizer, limits["prefix"]), text_ids(tokenizer, texts)
        room = limits["max_tokens"] - len(prompt)
        long = tuple(number for number, body in enumerate(bodies) if len(body) > room)
        cut = long if limits.get("long") == "cut" else ()
        ids = [prompt.around(without_middle(body, room)) for body in bodies]
        for number in set(long) - set(cut):
            ids[number] = []
        return Encoded(ids, cut, unread(tokenizer, bodies, ""), decode=tokenizer.decode)

    def thin(self, encoded: Encoded, rows: Labelled, seed: int) -> tuple[Encoded, list[Remark]]:
        """Everything."""
        return encoded, []

    def targets(self, labels: Sequence[Any], encoded: Encoded, names: Sequence[str]) -> list[Any]:
        """Nothing is judged where the model is asked; what is learnt from is made by `train/way_writer.py`."""
        return [np.zeros(0, np.int64) for _ in labels]

    def calibrate(self, outputs: Outputs, labels: Sequence[Any], encoded: Encoded, names: Sequence[str]) -> Calibration:
        """Nothing to calibrate."""
        return Calibration()

    def answers(
        self, outputs: Outputs, encoded: Encoded, names: Sequence[str], calibration: Calibration
    ) -> list[Written]:
        """The text of each output (see `writing/decode.py`), or why there is none to show."""
        assert encoded.decode is not None
        return [
            _written(encoded.decode, output) if ids else Written(refused=_too_long())
            for ids, output in zip(encoded.ids, outputs, strict=True)
        ]

    def score(self, metric: str, labels: Sequence[Any], answers: Sequence[Written], names: Sequence[str]) -> float:
        """The mean F of a ROUGE figure."""
        pairs = zip(labels, answers, strict=True)
        return float(np.mean([rouge(label[0], answer.text)[metric] for label, answer in pairs]))

    def told(self, text: str, given: Given, answer: Written) -> dict[str, Any]:
        """The text, marked as a draft; and as `broken_off` where it reached its longest length."""
        return {"text": answer.text, "draft": draft(), **({} if answer.whole else {"broken_off": True})}

    def spoken(self, told: Mapping[str, Any]) -> list[str]:
        """The text under its mark."""
        return [told["draft"], *str(told["text"]).splitlines()]

    def back(self, answer: Written, first: Moved, second: Moved) -> Written:
        """A text that was written has no place in the one read."""
        return answer

    def surest(self, answer: Written) -> Floats:
        """Its pieces' mean probability."""
        return np.array([answer.probability])

    def agree(self, one: Written, other: Written) -> bool:
        """Whether both write the same."""
        return one.text == other.text

    def change(self, one: Written, other: Written) -> float:
        """The difference of the mean probability of a piece."""
        return abs(one.probability - other.probability)


FORM = TextForm


def draft() -> str:
    """What stands with every text that a model writes."""
    return tr(
        "DRAFT written by a language model: check every statement against the record before use.",
        "草稿，由语言模型生成：使用前须逐条与病历核对。",
    )


def _too_long() -> str:
    return tr("the text is too long for this model: nothing was written", "文本超出模型可读长度，未生成内容")


def _written(decode: Callable[[Sequence[int]], str], output: Any) -> Written:
    """An output as a text: its first number is how it ended, its second the mean log probability, the rest are ids."""
    ended, mean = int(output[0]), float(np.exp(output[1]))
    if ended == NOT_IN_FORM:
        return Written(refused=tr("no text of the form asked for was written", "未能生成符合要求格式的文本"))
    text = decode([int(one) for one in output[2:]]).strip()
    if not text:
        return Written(refused=tr("nothing was written", "未生成内容"))
    return Written(text, mean, whole=ended != BROKEN_OFF)
