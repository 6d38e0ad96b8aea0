"""Fits the ear for emergencies told in other words: its trade-off, and with -o its two files.

    python benchmarks/emergency_alarm.py [-o src/bedside/emergency/data]

Fitted on texts of our own: those of the red flags, those put by in the tests and `data/emergencies/` (`FITTED`); and,
as harmless ones of little weight, on train questions of MedQuAD and toyhom and on sentences of their answers. `alone`:
logistic regression on the parts of a text and its circumstances. `beside`: on parts, circumstances and meaning
together, by a kernel (likeness of vectors plus shared parts) against our own texts (Nystroem), of which only vectors in
bytes are kept; vectors are taken from their middle, without which all texts are alike. `threshold`, for a sentence of a
clinician's text, is the higher of two: where in five folds `WRONGLY` of our harmless sentences raise it, and where
`STRANGELY` of the sentences of strangers' train questions do, of those at which no wording alarms. `brief`,
`whole` and `perhaps`, for a message, are where `MISTAKEN` and `REMINDED` of the look-alike messages raise them, each
set of messages by an ear that saw none of it. `signs` are the parts in which emergencies are told and harmless ones not
(advice.py). Sets that are not in `FITTED` are kept for `emergencies.py`. Same machine, same
files: no draw is left to chance. Needs `../shared/data` and the encoder e5.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from safetensors.numpy import save_file
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.linear_model import LogisticRegression

from _emergency_rows import MESSAGES, STRANGERS, Own, answered, ours, signs, unalarmed
from bedside.emergency._circumstances import circumstances, names
from bedside.emergency._parts import parts
from bedside.emergency.alarm import ENCODER, centred, is_brief
from bedside.emergency.asking import is_told_now
from bedside.model.embedder import open_encoder
from emergencies import COLUMNS, questions

HEAVY = 3.0
"""What a row of them weighs against one of the other sets."""
AROUND = 0.5
"""What a circumstance said once counts for beside a shared part."""
WEIGHT = 0.5
"""What a sentence of strangers weighs against one of ours."""
WRONGLY, STRANGELY = 0.05, 0.005
MISTAKEN, REMINDED = {"brief": 0.08, "whole": 0.07}, 0.2
"""The shares of look-alike messages of unseen sets that may alarm, and that may be told when to call."""
SEEN = 2
"""A part stands in so many of our sentences, or it has no weight."""
SHARPNESS, SHARED = 0.75, 0.5
"""Of the likeness of vectors; what shared parts weigh against it."""
LANDMARKS = 2000
INVERSE_RIDGE = {"alone": 3.0, "beside": 20.0}
HOPELESS = 0.01
"""The share of emergencies that the words alone may keep from the encoder, in five folds."""
BYTE = 127


class Texts(NamedTuple):
    """Texts with their vectors and the parts they share with ours, each row of length 1, and what is said around."""

    said: list[str]
    vectors: Any
    shared: Any
    around: Any


def main() -> None:
    """Fit, tell, write."""
    words = argparse.ArgumentParser()
    words.add_argument("-o", "--out", type=Path, default=None)
    out = words.parse_args().out
    rows = ours()
    own_said, urgent = [one.said for one in rows], np.array([one.urgent for one in rows])
    known = _known(own_said)
    asked = [one for name in COLUMNS for one in unalarmed(questions(name, "train")[:STRANGERS])]
    strange_said = [*asked, *(one for name in COLUMNS for one in answered(name))]
    encode = open_encoder(ENCODER).questions
    vectors = encode(own_said)
    middle = vectors.mean(0)
    own = Texts(own_said, centred(vectors, middle), _shared(own_said, known), _around(own_said))
    others = Texts(
        strange_said, centred(encode(strange_said), middle), _shared(strange_said, known), _around(strange_said)
    )
    print(f"{urgent.sum()} emergencies, {(~urgent).sum()} harmless, {len(strange_said)} sentences of others")
    harmless_said = [one.said for one in rows if not one.urgent]
    told: dict[str, Any] = {
        "signs": signs([one.said for one in rows if one.urgent], harmless_said),
        "sharpness": SHARPNESS,
    }
    weights = np.array([HEAVY if one.set in MESSAGES else 1.0 for one in rows])
    now = np.array([is_told_now(text) for text in own_said])
    for way, kind in (("alone", Alone), ("beside", Beside)):
        scores = _held_out(kind, own, urgent, weights, others, _folds(rows))
        model = kind(own, urgent, weights, others)
        told[way] = model.told(known) | _thresholds(rows, np.where(now, scores, -np.inf), scores, model, asked, others)
        if way == "alone":
            low = float(np.quantile(scores[urgent & now], HOPELESS))
            told["hopeless"] = round(low - model.intercept, 4)
        else:
            arrays = {"ours": np.round(model.landmarks * BYTE / np.abs(model.landmarks).max()).astype(np.int8)}
            arrays |= {"likeness": model.likeness.astype(np.float32), "middle": middle.astype(np.float32)}
    if out:
        (out / "alarm.json").write_text(json.dumps(told, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
        save_file(arrays, out / "alarm.safetensors")


def _thresholds(rows: list[Own], single: Any, scores: Any, model: Any, asked: list[str], others: Texts) -> Any:
    """`threshold` of a sentence, the others of messages, told with what they find and raise."""
    urgent = np.array([one.urgent for one in rows])
    message = np.array([one.set in MESSAGES for one in rows])
    strange = model(others)[: len(asked)]
    threshold = max(float(np.quantile(single[~urgent], 1 - WRONGLY)), float(np.quantile(strange, 1 - STRANGELY)))
    brief = np.array([is_brief(one.said) for one in rows])
    some = {"threshold": ~message, "brief": message & brief, "whole": message & ~brief, "perhaps": message}
    shares = MISTAKEN | {"perhaps": REMINDED}
    named = {name: float(np.quantile(scores[some[name] & ~urgent], 1 - share)) for name, share in shares.items()}
    named["threshold"] = threshold
    for what, least in named.items():
        heard, wrong = scores[some[what] & urgent] > least, scores[some[what] & ~urgent] > least
        print(f"{type(model).__name__} {what} at {least:.2f}: {heard.mean():.3f} of emergencies, ", end="")
        print(f"{wrong.mean():.3f} of the harmless; {(strange > least).mean():.4f} of others'")
    return {name: round(least - model.intercept, 4) for name, least in named.items()}


class Alone:
    """Logistic regression on parts and circumstances."""

    def __init__(self, own: Texts, urgent: Any, weights: Any, strange: Texts) -> None:
        rows = vstack([hstack([some.shared, some.around]) for some in (own, strange)]).tocsr()
        fitted = _regression("alone", rows, urgent, weights, len(strange.said))
        size = own.shared.shape[1]
        self.weights, self.around = fitted.coef_[0][:size], fitted.coef_[0][size:]
        self.intercept = float(fitted.intercept_[0])

    def __call__(self, texts: Texts) -> Any:
        return texts.shared @ self.weights + texts.around @ self.around + self.intercept

    def told(self, known: dict[str, int]) -> dict[str, Any]:
        """What each part and circumstance weighs, without parts that weigh nothing to speak of."""
        of = {part: round(float(self.weights[at]), 3) for part, at in known.items() if abs(self.weights[at]) >= 0.005}
        around = {one: round(float(AROUND * weight), 3) for one, weight in zip(names(), self.around, strict=True)}
        return {"of": of, "around": around}


class Beside(Alone):
    """Logistic regression on likeness, shared parts and circumstances, by every so-manieth sentence of ours."""

    def __init__(self, own: Texts, urgent: Any, weights: Any, strange: Texts) -> None:
        chosen = np.unique(np.linspace(0, len(own.said) - 1, LANDMARKS).astype(int))
        self.landmarks, self.beside = own.vectors[chosen], own.shared[chosen]
        values, axes = np.linalg.eigh(self._kernel(own)[chosen])
        whitened = axes / np.sqrt(np.maximum(values, 1e-4))
        rows = np.vstack([np.hstack([self._kernel(some) @ whitened, some.around]) for some in (own, strange)])
        fitted = _regression("beside", rows.astype(np.float32), urgent, weights, len(strange.said))
        self.likeness = whitened @ fitted.coef_[0][: len(chosen)]
        self.around, self.intercept = fitted.coef_[0][len(chosen) :], float(fitted.intercept_[0])
        self.weights = SHARED * (self.beside.T @ self.likeness)

    def __call__(self, texts: Texts) -> Any:
        return self._kernel(texts) @ self.likeness + texts.around @ self.around + self.intercept

    def _kernel(self, texts: Texts) -> Any:
        near = np.exp(-2 * SHARPNESS * (1 - texts.vectors @ self.landmarks.T))
        return near + SHARED * (texts.shared @ self.beside.T).toarray()


def _regression(way: str, rows: Any, urgent: Any, weights: Any, strangers: int) -> LogisticRegression:
    weights = np.concatenate([weights, np.full(strangers, WEIGHT)])
    targets = np.concatenate([urgent, np.zeros(strangers, bool)])
    return LogisticRegression(C=INVERSE_RIDGE[way], max_iter=200).fit(rows, targets, weights)


def _folds(rows: list[Own]) -> Any:
    """The fold of each row: a set of messages is unseen as a whole, other rows one in five."""
    return np.array([MESSAGES.index(one.set) if one.set in MESSAGES else at % 5 for at, one in enumerate(rows)])


def _held_out(kind: Any, own: Texts, urgent: Any, weights: Any, strange: Texts, folds: Any) -> Any:
    """The score of each row of ours by a model that did not see its fold."""
    scores = np.zeros(len(urgent))
    for fold in np.unique(folds):
        train, test = np.where(folds != fold)[0], np.where(folds == fold)[0]
        scores[test] = kind(_some(own, train), urgent[train], weights[train], strange)(_some(own, test))
    return scores


def _some(texts: Texts, rows: Any) -> Texts:
    return Texts([texts.said[row] for row in rows], texts.vectors[rows], texts.shared[rows], texts.around[rows])


def _known(said: Sequence[str]) -> dict[str, int]:
    """The parts that weigh something, in order."""
    seen = Counter(part for text in said for part in parts(text))
    return {part: at for at, part in enumerate(sorted(part for part, n in seen.items() if n >= SEEN))}


def _shared(said: Sequence[str], known: dict[str, int]) -> Any:
    rows = [sorted(known[part] for part in parts(text) if part in known) for text in said]
    values = [1 / len(row) ** 0.5 for row in rows for _ in row]
    ends = np.cumsum([0, *map(len, rows)])
    return csr_matrix((values, [at for row in rows for at in row], ends), shape=(len(said), len(known)))


def _around(said: Sequence[str]) -> Any:
    """How often each circumstance is said [n, names], scaled."""
    rows = [circumstances(text) for text in said]
    return AROUND * np.array([[row.get(name, 0) for name in names()] for row in rows], float)


if __name__ == "__main__":
    main()
