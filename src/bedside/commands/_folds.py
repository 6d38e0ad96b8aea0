"""The work of `bedside crossval`: a fit a fold, answers pooled, baselines likewise."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.commands._io import progress
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.commands._measuring import Table
    from bedside.config import Recipe
    from bedside.evaluate.report import Report
    from bedside.model.folder import Model


@dataclass
class Pool:
    """Out-of-fold answers of one model or baseline: probabilities [n, labels], answers by row."""

    probabilities: Any
    predicted: list[Any]


def cross_validate(
    recipe: Recipe, k: int, *, subgroups: Sequence[str], with_texts: bool
) -> tuple[Report, Sequence[Any]]:
    """The report over all rows, each answered by the fold that did not learn from it; and the rows left out."""
    import numpy as np

    from bedside.commands._measuring import comparisons, misreadings
    from bedside.evaluate.metrics import Evaluation, evaluate
    from bedside.evaluate.report import Report
    from bedside.evaluate.split import folds
    from bedside.train.data import label_order

    recipe, table = _table(recipe, subgroups)
    head, seed, n = str(recipe.fit.head), recipe.fit.seed, len(table.texts)
    labels = list(label_order(label for given in table.rows.labels for label in given))
    fold_of = folds(table.patients or list(range(n)), table.rows.labels, k, seed=seed)
    pools = _answers(recipe, table, labels, fold_of)

    def measured(pool: Pool, rows: Any, groups: Any = None) -> Evaluation:
        patients = [table.patients[i] for i in rows] if table.patients else None
        targets, predicted = [table.targets[i] for i in rows], [pool.predicted[i] for i in rows]
        return evaluate(
            labels,
            targets,
            pool.probabilities[rows],
            patients,
            head=head,
            seed=seed,
            subgroups=groups,
            predicted=predicted,
        )

    everyone = np.arange(n)
    done = measured(pools["model"], everyone, {name: table.columns[name] for name in subgroups})
    rivals = {name: measured(pool, everyone) for name, pool in pools.items() if name != "model"}
    return Report(
        title=tr(f"{k}-fold cross-validation", f"{k} 折交叉验证"),
        evaluation=done,
        baselines=dict(rivals),
        comparison=comparisons(done, dict(rivals)),
        receipt={"recipe": recipe.model_dump(mode="json"), "recipe_sha256": recipe.digest()},
        errors=misreadings(table, pools["model"].probabilities, pools["model"].predicted, with_texts=with_texts),
        folds=[measured(pools["model"], np.flatnonzero(fold_of == fold)).metrics for fold in range(k)],
    ), table.rows.refused


def _table(recipe: Recipe, subgroups: Sequence[str]) -> tuple[Recipe, Table]:
    """All rows, and the recipe with the head that their labels call for."""
    from bedside.commands._measuring import read_table

    table = read_table(recipe.data.train, recipe.data, head=str(recipe.fit.head), columns=subgroups)
    if recipe.fit.head == "auto":
        head = "multilabel" if table.rows.several else "classify"
        recipe = recipe.model_copy(update={"fit": recipe.fit.model_copy(update={"head": head})})
        table = read_table(recipe.data.train, recipe.data, head=head, columns=subgroups)
    return recipe, table


def _answers(recipe: Recipe, table: Table, labels: list[str], fold_of: Any) -> dict[str, Pool]:
    """Fit once a fold, and gather what the model and each baseline answer to the rows held back."""
    import numpy as np

    from bedside.home import place

    pools: dict[str, Pool] = {}
    k = int(fold_of.max()) + 1
    # scrubbed texts are written for each fit; inside the home folder, and gone when it ends
    with progress(tr("folds", "折"), total=k) as advance, tempfile.TemporaryDirectory(dir=place("work")) as folder:
        for fold in range(k):
            out, rest = np.flatnonzero(fold_of == fold), np.flatnonzero(fold_of != fold)
            model = _fit(recipe, table, rest.tolist(), Path(folder) / str(fold))
            chances = model.probabilities([table.texts[i] for i in out])
            predicted = [given.label for given in model.decide(chances)]
            _put(pools, "model", out, _spread(chances, model.labels, labels), predicted, n=len(fold_of))
            for name, (shares, given) in _baselines(recipe, table, labels, out, rest).items():
                _put(pools, name, out, shares, given, n=len(fold_of))
            advance(1)
    return pools


def _fit(recipe: Recipe, table: Table, rows: list[int], folder: Path) -> Model:
    """A model of these rows, in a folder of its own."""
    from bedside.config import Recipe
    from bedside.train.fit import fit

    folder.mkdir()
    part = folder / "train.jsonl"
    with part.open("w", encoding="utf-8") as out:
        for i in rows:
            row = {"text": table.texts[i], "label": table.targets[i], "patient": table.rows.patients[i], "id": str(i)}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    said = recipe.data.identity_reason or "identity was removed before the folds were made"
    identity = {"identity": "removed" if recipe.data.identity == "scrub" else recipe.data.identity}
    data = {"train": part, "text": "text", "label": "label", "patient": "patient", "id": "id", **identity}
    own = Recipe.from_dict({"data": {**data, "identity_reason": said}, "fit": recipe.fit.model_dump()})
    return fit(own, out=folder / "model")


def _baselines(
    recipe: Recipe, table: Table, labels: list[str], out: Any, rest: Any
) -> dict[str, tuple[Any, list[Any]]]:
    from bedside.evaluate.baselines import Rows, answers
    from bedside.types import Undefined

    def part(rows: Any) -> Rows:
        return Rows([table.texts[i] for i in rows], [table.targets[i] for i in rows])

    head = str(recipe.fit.head)
    found = answers(part(rest), part(out), labels=labels, head=head, seed=recipe.fit.seed)
    if isinstance(found, Undefined):
        return {}
    return {name: (answer.probabilities, answer.given(labels, head)) for name, answer in found.items()}


def _spread(probabilities: Any, known: Sequence[str], labels: list[str]) -> Any:
    """A fold's probabilities under all labels; one that its training part lacked gets 0."""
    import numpy as np

    wide = np.zeros((len(probabilities), len(labels)))
    wide[:, [labels.index(label) for label in known]] = probabilities
    return wide


def _put(pools: dict[str, Pool], name: str, rows: Any, probabilities: Any, predicted: list[Any], *, n: int) -> None:
    import numpy as np

    pool = pools.setdefault(name, Pool(np.zeros((n, probabilities.shape[1])), [None] * n))
    pool.probabilities[rows] = probabilities
    for row, answer in zip(rows, predicted, strict=True):
        pool.predicted[row] = answer
