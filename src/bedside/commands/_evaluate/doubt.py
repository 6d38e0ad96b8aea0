"""What a model's doubt came to on labelled rows: for `evaluate`, its JSON and its page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bedside.commands._evaluate.measuring import Table
    from bedside.evaluate.answers import Answers
    from bedside.evaluate.conformal import Doubting
    from bedside.evaluate.metrics import Evaluation
    from bedside.model.doubt import Doubted
    from bedside.model.folder import Model


def doubting(
    model: Model, table_: Table, answers: Answers, done: Evaluation, doubted: Sequence[Doubted], seed: int
) -> Doubting | None:
    """What the model's doubt came to; None where its answers are no labels, or it has none."""
    import numpy as np

    from bedside.evaluate.answers.labels import LabelAnswers
    from bedside.evaluate.conformal import Judged, measure_doubt
    from bedside.model.judged import care_of

    care = care_of(model)
    if model.doubt is None or not care.on or not isinstance(answers, LabelAnswers):
        return None
    sets = [one.possible for one in doubted if one.possible is not None]
    rows = Judged(
        truths=table_.targets,
        held=sets if len(sets) == len(doubted) else None,
        right=done.right,
        sure=answers.sureness(),
        doubted=np.array([bool(one.reasons) for one in doubted]),
        patients=table_.patients,
    )
    return measure_doubt(rows, promised=care.coverage, seed=seed)
