"""Fits the ear for emergencies told in other words: its trade-off, and with -o its two files.

    python benchmarks/emergency_alarm.py [-o src/bedside/emergency/data]

Fitted on sentences of our own: those of the red flags, those put by in the tests and `data/emergencies/` (`FITTED`);
and, as harmless ones of little weight, on train questions of MedQuAD and toyhom and on sentences of their answers, all
as `heard` would be asked of them. `alone`: logistic regression on the parts of a sentence. `beside`: on parts and
meaning together, by a kernel (likeness of vectors plus shared parts) against our own sentences (Nystroem), of which
only vectors in bytes are kept; vectors are taken from their middle, without which all sentences are alike. The
threshold of each is the higher of two: where in five folds `WRONGLY` of our harmless sentences raise it, and where
`STRANGELY` of the sentences of strangers' train questions do, of those at which no wording alarms. `whole`: where a
message is as likely an emergency as not. `signs` are the parts in which emergencies are told and harmless sentences
seldom (advice.py). `fifth_*` and `eleventh_*` are kept for `emergencies.py`. Same machine, same files: no draw is left
to chance. Needs `../shared/data` and the encoder e5.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from safetensors.numpy import save_file
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from bedside.emergency import emergencies
from bedside.emergency._flags import flags
from bedside.emergency._parts import parts
from bedside.emergency.alarm import ENCODER, centred
from bedside.emergency.asking import is_told_now, readable, sentences_in
from bedside.model.embedder import open_encoder
from emergencies import COLUMNS, DATA, HERE, ROOT, questions

FITTED = (
    *("first", "second", "third", "fourth", "sixth", "seventh", "eighth", "near", "ninth", "tenth"),
    *("fitted", "told", "advice", "treated", "pairs", "voices"),
)
STRANGERS = 1500
"""Questions of each public set, and as many sentences of answers; the weight of one against a sentence of ours."""
WEIGHT = 0.5
WRONGLY, STRANGELY = 0.05, 0.005
SEEN = 2
"""A part stands in so many of our sentences, or it has no weight."""
SHARPNESS, SHARED = 0.75, 0.5
"""Of the likeness of vectors; what shared parts weigh against it."""
LANDMARKS = 2600
INVERSE_RIDGE = {"alone": 3.0, "beside": 20.0}
HOPELESS = 0.01
"""The share of emergencies that the words alone may keep from the encoder, in five folds."""
BYTE = 127
_TIME = re.compile(r"(?:^|\s)(?:minute|minutes|hour|hours|now)(?:\s|$)|[二两三四五六十#]")
"""Times and counts stand in emergencies and in orders alike."""
OFTEN, OFTENER = 3, 8
"""A sign stands in so many emergencies at least, and in so many times the share of the harmless sentences."""


class Texts(NamedTuple):
    """Sentences with their vectors and the parts they share with ours, each row of length 1."""

    said: list[str]
    vectors: Any
    shared: Any


def main() -> None:
    """Fit, tell, write."""
    words = argparse.ArgumentParser()
    words.add_argument("-o", "--out", type=Path, default=None)
    out = words.parse_args().out
    urgent_texts, harmless_texts = sentences(urgent=True), sentences(urgent=False)
    own_said = [*urgent_texts, *harmless_texts]
    urgent = np.array([True] * len(urgent_texts) + [False] * len(harmless_texts))
    known = _known(own_said)
    asked = [one for name in COLUMNS for one in _unalarmed(questions(name, "train")[:STRANGERS])]
    strange_said = [*asked, *(one for name in COLUMNS for one in answered(name))]
    encode = open_encoder(ENCODER).questions
    vectors = encode(own_said)
    middle = vectors.mean(0)
    own = Texts(own_said, centred(vectors, middle), _shared(own_said, known))
    strange = Texts(strange_said, centred(encode(strange_said), middle), _shared(strange_said, known))
    print(f"{urgent.sum()} emergencies, {(~urgent).sum()} harmless, {len(strange_said)} sentences of others")
    told: dict[str, Any] = {"signs": signs(urgent_texts, harmless_texts), "sharpness": SHARPNESS}
    arrays: dict[str, Any] = {}
    now = np.array([is_told_now(text) for text in own_said])
    for way, fit in (("alone", _alone), ("beside", _beside)):
        scores = np.where(now, _held_out(fit, own, urgent, strange), -np.inf)
        model = fit(own, urgent, strange)
        others = model(strange)[: len(asked)]
        threshold = max(float(np.quantile(scores[~urgent], 1 - WRONGLY)), float(np.quantile(others, 1 - STRANGELY)))
        print(
            f"{way}: five folds at {threshold:.2f}: {(scores[urgent] > threshold).mean():.3f} of emergencies, ", end=""
        )
        print(
            f"{(scores[~urgent] > threshold).mean():.3f} of the harmless; {(others > threshold).mean():.4f} of others'"
        )
        told[way] = {"threshold": round(threshold - model.intercept, 4), "parts": model.parts(known)}
        if way == "alone":
            low = float(np.quantile(scores[urgent & now], HOPELESS))
            told["hopeless"] = round(low - model.intercept, 4)
        else:
            arrays = {"ours": np.round(model.landmarks * BYTE / np.abs(model.landmarks).max()).astype(np.int8)}
            arrays |= {"likeness": model.likeness.astype(np.float32), "middle": middle.astype(np.float32)}
            told["whole"] = round(-model.intercept, 4)
    if out:
        (out / "alarm.json").write_text(json.dumps(told, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
        save_file(arrays, out / "alarm.safetensors")


class Alone:
    """Logistic regression on parts."""

    def __init__(self, own: Texts, urgent: Any, strange: Texts) -> None:
        fitted = _regression("alone", vstack([own.shared, strange.shared]), urgent, len(strange.said))
        self.weights, self.intercept = fitted.coef_[0], float(fitted.intercept_[0])

    def __call__(self, texts: Texts) -> Any:
        return texts.shared @ self.weights + self.intercept

    def parts(self, known: dict[str, int]) -> dict[str, float]:
        """What each part weighs, without those that weigh nothing to speak of."""
        return {part: round(float(self.weights[at]), 3) for part, at in known.items() if abs(self.weights[at]) >= 0.005}


class Beside(Alone):
    """Logistic regression on likeness and shared parts, by every so-manieth sentence of ours."""

    def __init__(self, own: Texts, urgent: Any, strange: Texts) -> None:
        chosen = np.unique(np.linspace(0, len(own.said) - 1, LANDMARKS).astype(int))
        self.landmarks, self.beside = own.vectors[chosen], own.shared[chosen]
        values, axes = np.linalg.eigh(self._kernel(Texts([], self.landmarks, self.beside)))
        whitened = axes / np.sqrt(np.maximum(values, 1e-4))
        rows = np.vstack([self._kernel(own), self._kernel(strange)]) @ whitened
        fitted = _regression("beside", rows, urgent, len(strange.said))
        self.likeness, self.intercept = whitened @ fitted.coef_[0], float(fitted.intercept_[0])
        self.weights = SHARED * (self.beside.T @ self.likeness)

    def __call__(self, texts: Texts) -> Any:
        return self._kernel(texts) @ self.likeness + self.intercept

    def _kernel(self, texts: Texts) -> Any:
        near = np.exp(-2 * SHARPNESS * (1 - texts.vectors @ self.landmarks.T))
        return near + SHARED * (texts.shared @ self.beside.T).toarray()


def _alone(own: Texts, urgent: Any, strange: Texts) -> Alone:
    return Alone(own, urgent, strange)


def _beside(own: Texts, urgent: Any, strange: Texts) -> Alone:
    return Beside(own, urgent, strange)


def _regression(way: str, rows: Any, urgent: Any, strangers: int) -> LogisticRegression:
    weights = np.concatenate([np.ones(len(urgent)), np.full(strangers, WEIGHT)])
    targets = np.concatenate([urgent, np.zeros(strangers, bool)])
    return LogisticRegression(C=INVERSE_RIDGE[way], max_iter=1000).fit(rows, targets, weights)


def _held_out(fit: Any, own: Texts, urgent: Any, strange: Texts) -> Any:
    """The score of each sentence of ours by a model that did not see it."""
    scores = np.zeros(len(urgent))
    for train, test in StratifiedKFold(5, shuffle=True, random_state=0).split(own.vectors, urgent):
        scores[test] = fit(_some(own, train), urgent[train], strange)(_some(own, test))
    return scores


def _some(texts: Texts, rows: Any) -> Texts:
    return Texts([texts.said[row] for row in rows], texts.vectors[rows], texts.shared[rows])


def _known(said: Sequence[str]) -> dict[str, int]:
    """The parts that weigh something, in order."""
    seen = Counter(part for text in said for part in parts(text))
    return {part: at for at, part in enumerate(sorted(part for part, n in seen.items() if n >= SEEN))}


def _shared(said: Sequence[str], known: dict[str, int]) -> Any:
    rows = [sorted(known[part] for part in parts(text) if part in known) for text in said]
    values = [1 / len(row) ** 0.5 for row in rows for _ in row]
    ends = np.cumsum([0, *map(len, rows)])
    return csr_matrix((values, [at for row in rows for at in row], ends), shape=(len(said), len(known)))


def sentences(*, urgent: bool) -> list[str]:
    """Our own sentences of one kind, each once."""
    found = [
        text for flag in flags() for lang in ("en", "zh") for text in (flag.fires if urgent else flag.silent)[lang]
    ]
    for lang in ("en", "zh"):
        put_by = ROOT / "tests" / "emergency" / "data" / f"heldout_{lang}.txt"
        for path in (put_by, *(HERE / f"{name}_{lang}.tsv" for name in FITTED)):
            lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
            found += [text for sign, text in lines if (sign != "-") == urgent]
    return list(dict.fromkeys(map(readable, found)))


def _unalarmed(texts: Sequence[str]) -> list[str]:
    """The sentences that tell of somebody now of questions at which no wording alarms."""
    plain = [readable(text) for text in texts if not emergencies(text)]
    found = [text[slice(*span)].strip() for text in plain for span in sentences_in(text)]
    return [one for one in found if is_told_now(one)]


def answered(name: str) -> list[str]:
    """Sentences of the answers of a public set, the first that may tell of somebody now of each."""
    lines = (DATA / name / "train.jsonl").read_text(encoding="utf-8").splitlines()[-STRANGERS:]
    texts = [readable(str(json.loads(line)["answer"])) for line in lines]
    sentences = ([text[slice(*span)].strip() for span in sentences_in(text)] for text in texts)
    return [told[0] for some in sentences if (told := [one for one in some if is_told_now(one)])]


def signs(urgent: Sequence[str], harmless: Sequence[str]) -> list[str]:
    """The parts that tell of an emergency."""
    others = [*harmless, *(text for name in COLUMNS for text in answered(name))]
    with_it, without = (Counter(part for text in texts for part in parts(text)) for texts in (urgent, others))
    share = OFTENER * len(urgent) / len(others)
    found = (part for part, n in with_it.items() if n >= OFTEN and n > share * without[part])
    return sorted(part for part in found if not _TIME.search(part))


if __name__ == "__main__":
    main()
