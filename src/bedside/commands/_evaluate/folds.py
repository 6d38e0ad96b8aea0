"""The work of `bedside crossval`: a fit a fold, answers pooled, baselines likewise."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.commands._io import progress
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.commands._evaluate.measuring import Table
    from bedside.config import Recipe
    from bedside.evaluate.answers import Answers
    from bedside.evaluate.metrics import Evaluation
    from bedside.evaluate.result import Report
    from bedside.model.folder import Model


def cross_validate(
    recipe: Recipe, k: int, *, subgroups: Sequence[str], with_texts: bool
) -> tuple[Report, Sequence[Any]]:
    """The report over all rows, each answered by the fold that did not learn from it; and the rows left out."""
    import numpy as np

    from bedside.commands._evaluate.measuring import comparisons, misreadings, refused_notes
    from bedside.evaluate.result import Report
    from bedside.evaluate.split import folds
    from bedside.model.forms import form_of, names_for

    recipe, table = _table(recipe, subgroups)
    labels = names_for(table.rows.head, table.rows.labels, recipe.fit)
    fold_of = folds(
        table.patients or list(range(len(table.texts))),
        form_of(table.rows.head).named(table.rows.labels),
        k,
        seed=recipe.fit.seed,
    )
    pools = _answers(recipe, table, labels, fold_of)

    def measured(answers: Answers, groups: Any = None) -> Evaluation:
        return answers.measure(table.targets, table.patients, seed=recipe.fit.seed, subgroups=groups)

    def measured_in(fold: int) -> Evaluation:
        rows = np.flatnonzero(fold_of == fold)
        patients = [table.patients[i] for i in rows] if table.patients else None
        return pools["model"].take(rows).measure([table.targets[i] for i in rows], patients, seed=recipe.fit.seed)

    done = measured(pools["model"], {name: table.columns[name] for name in subgroups})
    rivals = {name: measured(answers) for name, answers in pools.items() if name != "model"}
    return Report(
        title=tr(f"{k}-fold cross-validation", f"{k} 折交叉验证"),
        evaluation=done,
        baselines=dict(rivals),
        comparison=comparisons(done, dict(rivals)),
        receipt={"recipe": recipe.model_dump(mode="json"), "recipe_sha256": recipe.digest()},
        errors=misreadings(table, pools["model"], with_texts=with_texts),
        folds=[measured_in(fold).metrics for fold in range(k)],
        notes=refused_notes(table.rows.refused),
    ), table.rows.refused


def _table(recipe: Recipe, subgroups: Sequence[str]) -> tuple[Recipe, Table]:
    """All rows, and the recipe with the head that their labels call for."""
    from bedside.commands._evaluate.measuring import read_table

    table = read_table(recipe.data.train, recipe.data, head=recipe.fit.head, columns=subgroups)
    return recipe.model_copy(update={"fit": recipe.fit.model_copy(update={"head": table.rows.head})}), table


def _answers(recipe: Recipe, table: Table, labels: Sequence[str], fold_of: Any) -> dict[str, Answers]:
    """Fit once a fold, and gather what the model and each baseline answer to the rows held back."""
    import numpy as np

    from bedside.evaluate.answers import gathered, pooled
    from bedside.home import place

    parts: dict[str, list[tuple[Any, Answers]]] = {}
    k = int(fold_of.max()) + 1
    # scrubbed texts are written for each fit; inside the home folder, and gone when it ends
    with progress(tr("folds", "折"), total=k) as advance, tempfile.TemporaryDirectory(dir=place("work")) as folder:
        for fold in range(k):
            out, rest = np.flatnonzero(fold_of == fold), np.flatnonzero(fold_of != fold)
            model = _fit(recipe, table, rest.tolist(), Path(folder) / str(fold))
            held = table.rows.take(out.tolist())
            given = gathered(model.head, model.labels, model.predict(held.texts, held.given))
            for name, answers in {"model": given, **_baselines(recipe, table, labels, out, rest)}.items():
                parts.setdefault(name, []).append((out, answers))
            advance(1)
    return {name: pooled(several, labels) for name, several in parts.items() if len(several) == k}


def _fit(recipe: Recipe, table: Table, rows: list[int], folder: Path) -> Model:
    """A model of these rows, in a folder of its own."""
    from bedside.config import Recipe
    from bedside.model.forms import form_of
    from bedside.train.fit import fit

    folder.mkdir()
    form = form_of(table.rows.head)
    stem, fold = recipe.data.train.stem, int(folder.name) + 1
    part = folder / tr(f"{stem} without fold {fold}.jsonl", f"{stem}（除第 {fold} 折）.jsonl")  # errors name it
    with part.open("w", encoding="utf-8") as out:
        for i in rows:
            cells = form.cells(table.rows.texts[i], table.rows.given[i], table.rows.labels[i])
            row = {**cells, "patient": table.rows.patients[i], "id": str(i)}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    said = recipe.data.identity_reason or "identity was removed before the folds were made"
    identity = {"identity": "removed" if recipe.data.identity == "scrub" else recipe.data.identity}
    beside = {"text_b": "text_b"} if form.two else {"entities": "entities"} if form.marked else {}
    data = {"train": part, "text": "text", **beside, "label": "label", "patient": "patient", "id": "id", **identity}
    own = Recipe.from_dict({"data": {**data, "identity_reason": said}, "fit": recipe.fit.model_dump()})
    return fit(own, out=folder / "model")


def _baselines(recipe: Recipe, table: Table, labels: Sequence[str], out: Any, rest: Any) -> dict[str, Answers]:
    from bedside.evaluate.baselines import answers
    from bedside.evaluate.baselines.rivals import Rows
    from bedside.types import Undefined

    def part(rows: Any) -> Rows:
        held = table.rows.take(list(rows))
        return Rows(held.texts, held.labels, given=held.given)

    found = answers(part(rest), part(out), labels=labels, head=recipe.fit.head, seed=recipe.fit.seed)
    return {} if isinstance(found, Undefined) else found
