"""The engine without a network: a question and what may answer it, by their words and cues, through one linear layer.

FOLDER/
  tokenizer.json      that of the backbone whose pieces are the words
  cues.json           the pieces and pairs of pieces that it knows, of findings and of questions
  cues.safetensors    how rare each is; mean and spread of the cues; weights and bias
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bedside.errors import ModelError
from bedside.lang import tr
from bedside.model.asked import marks_of
from bedside.model.cues import WIDTH, cues
from bedside.model.engine import Ids
from bedside.model.engines._grams import Grams

if TYPE_CHECKING:
    from bedside.model.apart import Shelf

LATER_SHARE = 0.45
"""Of the second text, from its end: where an abstract without its conclusion has its results."""
QUESTION_WEIGHT = 0.5
CLIP = 3.0
"""Standard deviations beyond which a cue counts no more."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Reader:
    """What is seen of a pair of texts: both as grams, and the cues, brought to one scale."""

    tokenizer: Any
    findings: Grams
    questions: Grams
    mean: Floats
    spread: Floats

    @classmethod
    def of(cls, tokenizer: Any, ids: Sequence[Ids], patients: Sequence[str], least: int) -> Reader:
        """Of training pairs; a gram is known once texts of `least` patients hold it."""
        first, later = _halves(tokenizer, ids)
        seen = _cues(tokenizer, first, later)
        spread = np.where(seen.std(0) > 0, seen.std(0), 1).astype(np.float32)
        findings, questions = (Grams.of(texts, patients, least) for texts in (later, first))
        return cls(tokenizer, findings, questions, seen.mean(0), spread)

    def features(self, ids: Sequence[Ids]) -> Any:
        """Sparse [pairs, findings + cues + questions]."""
        from scipy.sparse import csr_array, hstack

        first, later = _halves(self.tokenizer, ids)
        seen = np.clip((_cues(self.tokenizer, first, later) - self.mean) / self.spread, -CLIP, CLIP) / WIDTH**0.5
        words = self.findings.vectors(later), QUESTION_WEIGHT * self.questions.vectors(first)
        return hstack([words[0], csr_array(seen), words[1]], format="csr")


class CuesEngine:
    """`weight` [labels, features] and `bias` [labels] of a logistic regression."""

    def __init__(self, reader: Reader, weight: Floats, bias: Floats) -> None:
        self.reader, self.weight, self.bias = reader, weight, bias

    @property
    def tokenizer(self) -> Any:
        """That of the backbone; the network itself is not needed."""
        return self.reader.tokenizer

    def logits(self, ids: Sequence[Ids]) -> Floats:
        """Log odds of each label [n, labels], but for a constant."""
        if not ids:
            return np.zeros((0, len(self.bias)), np.float32)
        return np.asarray(self.reader.features(ids) @ self.weight.T + self.bias, np.float32)

    def save(self, folder: Path) -> None:
        """Write tokenizer, grams and numbers."""
        from safetensors.numpy import save_file

        reader = self.reader
        self.tokenizer.save(str(folder / "tokenizer.json"))
        known = {"findings": reader.findings.known, "questions": reader.questions.known}
        (folder / "cues.json").write_text(json.dumps(known) + "\n", encoding="utf-8")
        numbers = {"findings": reader.findings.rarity, "questions": reader.questions.rarity, "mean": reader.mean}
        numbers |= {"spread": reader.spread, "weight": self.weight, "bias": self.bias}
        save_file({name: np.ascontiguousarray(one) for name, one in numbers.items()}, folder / "cues.safetensors")


def open_folder(folder: Path, settings: dict[str, Any], shelf: Shelf) -> CuesEngine:
    """Open what `save` wrote; ModelError where its parts do not fit each other."""
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        known = json.loads((folder / "cues.json").read_text(encoding="utf-8"))
        numbers = load_file(folder / "cues.safetensors")
        findings, questions = (
            Grams(tuple(tuple(map(int, gram)) for gram in known[part]), numbers[part])
            for part in ("findings", "questions")
        )
        reader = Reader(tokenizer, findings, questions, numbers["mean"], numbers["spread"])
        engine = CuesEngine(reader, numbers["weight"], numbers["bias"])
    except Exception as fault:  # the tokenizer's own errors are plain ones
        raise _broken(folder) from fault
    if not _whole(engine, len(settings["labels"])):
        raise _broken(folder)
    return engine


def _whole(engine: CuesEngine, labels: int) -> bool:
    """Whether its parts fit each other, and every number is one."""
    reader, parts = engine.reader, (engine.reader.findings, engine.reader.questions)
    width = WIDTH + sum(len(one.known) for one in parts)
    shapes = [one.rarity.shape == (len(one.known),) for one in parts]
    shapes += [reader.mean.shape == reader.spread.shape == (WIDTH,)]
    shapes += [engine.weight.shape == (labels, width), engine.bias.shape == (labels,)]
    numbers = (*(one.rarity for one in parts), reader.mean, reader.spread, engine.weight, engine.bias)
    return all(shapes) and all(np.isfinite(one).all() for one in numbers)


def _halves(tokenizer: Any, ids: Sequence[Ids]) -> tuple[list[list[int]], list[list[int]]]:
    """Of each pair the first text, and the later part of the second, without marks."""
    opening, closing = marks_of(tokenizer)
    marks, end = {*opening, *closing}, closing[-1]
    first, later = [], []
    for row in ids:
        at = list(row).index(end) if end in row else len(row)
        second = [id for id in row[at + 1 :] if id not in marks]
        first.append([id for id in row[:at] if id not in marks])
        later.append(second[len(second) - max(1, round(len(second) * LATER_SHARE)) :])
    return first, later


def _cues(tokenizer: Any, first: Sequence[Ids], later: Sequence[Ids]) -> Floats:
    pairs = zip(tokenizer.decode_batch(first), tokenizer.decode_batch(later), strict=True)
    return np.array([cues(question, findings) for question, findings in pairs], np.float32).reshape(-1, WIDTH)


def _broken(folder: Path) -> ModelError:
    return ModelError(
        tr("the words and cues of the model cannot be used", "模型的词与线索不可用"),
        where=str(folder / "cues.json"),
        next=tr("copy the folder again from where it was made", "请从生成处重新复制该目录"),
    )
