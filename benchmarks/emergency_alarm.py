"""Fits the ear for emergencies told in other words: prints `src/bedside/emergency/data/alarm.json`, and its trade-off.

    python benchmarks/emergency_alarm.py [-o src/bedside/emergency/data/alarm.json]

Fitted on sentences of our own: those of the red flags, those put by in the tests, `data/emergencies/first_*`,
`second_*` and `fitted_*`; and, as harmless ones of little weight, on train questions of MedQuAD and toyhom and on
sentences of their answers. The threshold is where, in five folds, 3 % of our harmless sentences raise it, those that
ask or tell of the past passed over as `heard` does. `signs` are the words and pairs of characters in which
emergencies are told and harmless sentences seldom: a sentence of advice with one of them is listened to (advice.py).
`data/emergencies/third_*` is kept for `emergencies.py`. Needs `../shared/data` and the encoder e5.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from bedside.emergency._flags import flags
from bedside.emergency.advice import parts
from bedside.emergency.alarm import ENCODER
from bedside.emergency.asking import is_told_now, readable, sentences_in
from bedside.model.embedder import open_encoder
from emergencies import COLUMNS, DATA, HERE, ROOT, questions

STRANGERS = 1500
"""Questions of each public set, and as many sentences of answers; the weight of one against a sentence of ours."""
WEIGHT = 0.3
WRONGLY = 0.03
INVERSE_RIDGE = 30.0
_TIME = re.compile(r"^(?:minutes?|hours?|now)$|[二两三四五六十]")
"""Times and counts stand in emergencies and in orders alike."""
OFTEN, OFTENER = 3, 8
"""A sign stands in so many emergencies at least, and in so many times the share of the harmless sentences."""


def main() -> None:
    """Fit, tell, write."""
    words = argparse.ArgumentParser()
    words.add_argument("-o", "--out", type=Path, default=None)
    out = words.parse_args().out
    encoder = open_encoder(ENCODER)
    own = [(text, False) for _, text in sentences(urgent=False)] + [(text, True) for _, text in sentences(urgent=True)]
    strange = [text for name in COLUMNS for text in (*questions(name, "train")[:STRANGERS], *answered(name))]
    vectors = encoder.questions([text for text, _ in own])
    others = encoder.questions(strange)
    urgent = np.array([yes for _, yes in own])
    told = np.array([is_told_now(text) for text, _ in own])
    scores = np.where(told, held_out(vectors, urgent, others), -np.inf)
    threshold = float(np.quantile(scores[~urgent], 1 - WRONGLY))
    model = fitted(vectors, urgent, others)
    print(f"{urgent.sum()} emergencies, {(~urgent).sum()} harmless, {len(strange)} questions and answers of others")
    print(f"five folds at {threshold:.2f}: {(scores[urgent] > threshold).mean():.3f} of emergencies raise it, ", end="")
    print(f"{(scores[~urgent] > threshold).mean():.3f} of the harmless")
    print(f"of those of others: {(model.decision_function(others) > threshold).mean():.4f}")
    weights = [round(float(one), 4) for one in model.coef_[0]]
    ear = {"threshold": round(threshold - float(model.intercept_[0]), 4), "weights": weights, "signs": signs()}
    if out:
        out.write_text(json.dumps(ear, ensure_ascii=False) + "\n", encoding="utf-8")


def signs() -> list[str]:
    """The words and pairs of characters that tell of an emergency."""
    told = [text for _, text in sentences(urgent=True)]
    harmless = [text for _, text in sentences(urgent=False)] + [text for name in COLUMNS for text in answered(name)]
    with_it, without = _sentences_with(told), _sentences_with(harmless)
    share = OFTENER * len(told) / len(harmless)
    found = (part for part, n in with_it.items() if n >= OFTEN and n > share * without[part])
    return sorted(part for part in found if not _TIME.search(part))


def _sentences_with(texts: Sequence[str]) -> Counter[str]:
    return Counter(part for text in texts for part in parts(readable(text)))


def sentences(*, urgent: bool) -> list[tuple[str, str]]:
    """Our own sentences of one kind, each with its language."""
    found = [(lang, text) for flag in flags() for lang in ("en", "zh") for text in _of(flag, lang, urgent)]
    for lang in ("en", "zh"):
        put_by = ROOT / "tests" / "emergency" / "data" / f"heldout_{lang}.txt"
        for path in (put_by, *(HERE / f"{name}_{lang}.tsv" for name in ("first", "second", "fitted"))):
            lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
            found += [(lang, text) for sign, text in lines if (sign != "-") == urgent]
    return found


def answered(name: str) -> list[str]:
    """Sentences of the answers of a public set, the first that may tell of somebody now of each."""
    lines = (DATA / name / "train.jsonl").read_text(encoding="utf-8").splitlines()[-STRANGERS:]
    texts = [str(json.loads(line)["answer"]) for line in lines]
    sentences = ([text[slice(*span)].strip() for span in sentences_in(text)] for text in texts)
    return [told[0] for some in sentences if (told := [one for one in some if is_told_now(one)])]


def _of(flag: Any, lang: str, urgent: bool) -> list[str]:
    return list(flag.fires[lang] if urgent else flag.silent[lang])


def held_out(vectors: Any, urgent: Any, others: Any) -> Any:
    """The score of each sentence of ours by a model that did not see it."""
    scores = np.zeros(len(urgent))
    for train, test in StratifiedKFold(5, shuffle=True, random_state=0).split(vectors, urgent):
        scores[test] = fitted(vectors[train], urgent[train], others).decision_function(vectors[test])
    return scores


def fitted(vectors: Any, urgent: Any, others: Any) -> LogisticRegression:
    """Logistic regression on the vectors as they are."""
    weights = np.concatenate([np.ones(len(urgent)), np.full(len(others), WEIGHT)])
    targets = np.concatenate([urgent, np.zeros(len(others), bool)])
    return LogisticRegression(C=INVERSE_RIDGE, max_iter=3000).fit(np.vstack([vectors, others]), targets, weights)


if __name__ == "__main__":
    main()
