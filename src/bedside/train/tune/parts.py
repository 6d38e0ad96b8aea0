"""Three parts of patients: learnt from, pruned and selected by, measured on at the end only; written for trials."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bedside.config import Recipe
from bedside.config.choices import OWN_SETTINGS
from bedside.errors import DataError
from bedside.files import whole_file
from bedside.lang import tr
from bedside.model.forms import Form, form_of
from bedside.model.rows import Labelled
from bedside.train.data import hold_back, read_parts, unparted, words_of

HALF = 0.5


@dataclass(frozen=True)
class Nested:
    """Rows without identity. `select` prunes and selects; `honest` is measured on at the end. `refused` as in Parts.

    Where no patients are named, `repeated` rows have a text that other rows have too, and lie in the same part as
    these; `learnt` rows of a tuning table are in neither part, for their texts are learnt from.
    """

    learn: Labelled
    select: Labelled
    honest: Labelled
    labels: tuple[str, ...]
    refused: tuple[tuple[str, Any], ...]
    repeated: int = 0
    learnt: int = 0

    @property
    def head(self) -> str:
        """The head that the labels call for."""
        return self.learn.head

    @property
    def form(self) -> Form:
        """The form of its answers."""
        return form_of(self.head)


def read_nested(recipe: Recipe, on_text: Callable[[int], None]) -> Nested:
    """Read and divide by patient: a tuning table in two halves, or two tenths of the training table held back.

    Where no patients are named, by text. Raises DataError when there are too few patients for three parts.
    """
    parts = read_parts(recipe, together=True)
    learn, form, seed = parts.train, parts.form, recipe.fit.seed
    if parts.held_back:
        honest = parts.dev
        rest, back = hold_back(unparted(learn, recipe.data), form.named(learn.labels), seed=seed)
        learn, select = learn.take(rest), learn.take(back)
    else:
        dev = parts.dev if recipe.data.patient else _not_learnt(parts.dev, learn)
        kept, back = hold_back(unparted(dev, recipe.data), form.named(dev.labels), seed=seed, share=HALF)
        select, honest = dev.take(kept), dev.take(back)
    if not len(select) or not len(honest):
        raise DataError(
            tr("too few patients to tune on one part and measure on another", "患者过少，无法分出调优与度量两部分"),
            where=(recipe.data.dev or recipe.data.train).name,
            next="bedside fit",
        )
    three = (learn, select, honest)
    repeated = 0 if recipe.data.patient else sum(map(_repeated, three))
    left = 0 if parts.held_back else len(parts.dev) - len(select) - len(honest)
    how = recipe.data.identity
    learn, select, honest = (form.scrub(rows, how, on_text) for rows in three)
    return Nested(learn, select, honest, parts.labels, parts.refused, repeated, left)


def _repeated(rows: Labelled) -> int:
    """How many rows have a text that another of them has."""
    count = Counter(words_of(rows))
    return sum(number for number in count.values() if number > 1)


def _not_learnt(dev: Labelled, learn: Labelled) -> Labelled:
    """The tuning rows of whose text nothing is learnt."""
    known = set(words_of(learn))
    return dev.take([row for row, words in enumerate(words_of(dev)) if words not in known])


def trial_recipe(recipe: Recipe, head: str, folder: Path, drawn: dict[str, Any]) -> Recipe:
    """The recipe of one trial: its settings, over the rows written to `folder`."""
    said = recipe.data.identity_reason or "identity was removed before the trials began"
    data = {
        "train": folder / "learn.jsonl",
        "dev": folder / "select.jsonl",
        "label": "label",
        "text": "text",
        "patient": "patient" if recipe.data.patient else None,
        "id": "id",
        "identity": "removed" if recipe.data.identity == "scrub" else recipe.data.identity,
        "identity_reason": said,
        **_searched(recipe),
        **({"text_b": "text_b"} if form_of(head).two else {"entities": "entities"} if form_of(head).marked else {}),
    }
    return Recipe.from_dict({"data": data, "fit": {**settings(recipe, drawn), "head": head}})


def _searched(recipe: Recipe) -> dict[str, Any]:
    """The documents that a ranking searches, where the recipe names them, and how many it tells."""
    named = recipe.data.model_dump(exclude_unset=True)
    return {name: in_full(named[name]) for name in ("corpus", "top") if named.get(name)}


def in_full(value: Any) -> Any:
    """A path that means the same from any folder; other values as they are."""
    return value.resolve() if isinstance(value, Path) else value


def settings(recipe: Recipe, drawn: dict[str, Any]) -> dict[str, Any]:
    """What the recipe gave, with what was drawn in its place; settings of another way of adapting drop out."""
    both = {**recipe.fit.model_dump(exclude_unset=True), **drawn}
    method = both.get("adapt", recipe.fit.adapt)
    return {name: value for name, value in both.items() if method in OWN_SETTINGS.get(name, (method,))}


def write_parts(nested: Nested, folder: Path) -> None:
    """What the trials learn from and are selected by, as tables of their own; the rest stays in memory."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, rows in (("learn", nested.learn), ("select", nested.select)):
        with whole_file(folder / f"{name}.jsonl") as out:
            for i in range(len(rows)):
                cells = nested.form.cells(rows.texts[i], rows.given[i], rows.labels[i])
                row = {**cells, "patient": rows.patients[i], "id": rows.ids[i]}
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
