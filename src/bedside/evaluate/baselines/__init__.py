"""What a model must beat: chance, the majority class, and logistic regression on TF-IDF or on given columns.

All are fitted on the model's own training part and measured on the same rows as the model.

- `chance`: answers drawn at random in the proportions of the training labels (seeded); probabilities are those shares.
- `majority`: always the most frequent training label; probabilities are the same shares.
- `tfidf`: TF-IDF and logistic regression, classes balanced. Chinese: characters, 1 to 3 at a time. Otherwise: words, 1
  to 2 at a time.
- `columns`: logistic regression on columns of the table, numbers standardised, words one-hot.
- `cooccurrence`, of relations: every pair whose types are related in training, as such pairs mostly are.
- `pair_words`, of relations: TF-IDF of the words between and around a pair, its types, and logistic regression.
- `bm25`, of rankings: the documents that share most words with the question; `untuned`: the encoder before the fit.
- `dictionary`, of entities: those marked in training, looked up (`dictionary.py`).
- `lead`, `longest` and `whole`, of texts written: a sentence of the source, or all of it, copied.

Each is made where the answers are gathered that it rivals (`evaluate/answers/`).
"""

from __future__ import annotations

from collections.abc import Sequence

from bedside.evaluate.answers import Answers, kind_of
from bedside.evaluate.baselines.rivals import Rows
from bedside.evaluate.metrics import Evaluation
from bedside.lang import tr
from bedside.types import Undefined


def baselines(
    train: Rows | None, test: Rows, *, labels: Sequence[str], head: str = "classify", seed: int = 0
) -> dict[str, Evaluation | Undefined]:
    """Each baseline fitted on `train` and measured on `test`; Undefined with the reason where that cannot be done.

    `columns` is there only if `test.columns` are. Raises nothing for lack of data: a report must still be written.
    """
    given = answers(train, test, labels=labels, head=head, seed=seed)
    if isinstance(given, Undefined):
        return dict.fromkeys([*kind_of(head).RIVALS, *(["columns"] if test.columns else [])], given)
    return {name: answer.measure(test.targets, test.patients, seed=seed) for name, answer in given.items()}


def answers(
    train: Rows | None, test: Rows, *, labels: Sequence[str], head: str = "classify", seed: int = 0
) -> dict[str, Answers] | Undefined:
    """What each baseline, fitted on `train`, answers to `test`; or why none can be fitted."""
    kind = kind_of(head)
    if getattr(kind, "LEARNT", True) and (train is None or not len(train.targets)):
        return Undefined(reason=tr("the training part is not at hand", "无法取得训练数据"), n=len(test.targets))
    found: dict[str, Answers] | Undefined = kind.rivals(train, test, labels=tuple(labels), head=head, seed=seed)
    return found
