"""Goes on with a fit from the model's own weights, on its training rows mixed with corrected ones.

Learning corrections alone would undo what was learnt before (McCloskey & Cohen 1989); the old rows are read again
beside them (replay: Robins 1995). Half of the old tuning patients choose the epoch, the other half judge, and a fifth
of the corrected patients is kept apart to judge too; nothing is learnt of the texts that judge.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bedside.config import UNTRAINED, DataRecipe, FitRecipe, Recipe
from bedside.errors import ModelError, UsageError
from bedside.lang import speaking, tr
from bedside.model.apart import is_apart
from bedside.model.engine import COMPRESSED
from bedside.model.folder import Model
from bedside.model.forms import form_of
from bedside.model.reading import read_labelled
from bedside.model.rows import Labelled
from bedside.receipt import file_sha256
from bedside.train.data import hold_back, read_parts, words_of
from bedside.train.fit import fit
from bedside.train.loop import OnEvent
from bedside.train.tune.parts import HALF, Nested, trial_recipe, write_parts

NEW_SHARE = 0.2
"""Share of the corrected patients that judge and are not learnt from."""

EPOCHS = 3
"""Passes of an update unless said: the weights have learnt most of these rows already."""


@dataclass(frozen=True)
class Mixed:
    """Rows without identity: those learnt from and selected by, and the two parts that judge.

    Nobody learns a text that judges.
    """

    nested: Nested
    new: Labelled
    replayed: int
    corrected: int


def mix(model: Model, train: Path, corrections: Sequence[Path]) -> Mixed:
    """The model's training rows, split as its fit split them, mixed with corrected rows.

    Old rows are divided by the fit's own seed and corrected ones by their patients' pseudonyms, always alike, so that
    what judges an update was learnt by none before it. Of a text that was corrected twice the last label counts.
    Raises UsageError where the model cannot be fitted further, DataError where a table cannot be used.
    """
    _refuse_unfit(model)
    recipe = Recipe.from_dict({"data": {**model.recipe["data"], "train": train}, "fit": settings_of(model)})
    parts, form = read_parts(recipe), form_of(model.head)
    seed, how = recipe.fit.seed, recipe.data.identity
    kept, back = hold_back(parts.dev.patients, form.named(parts.dev.labels), seed=seed, share=HALF)
    if not kept or not back:
        raise UsageError(tr("too few tuning rows to choose by and to judge by", "调优行过少，无法同时用于选择与评判"))
    old, select, honest = (form.scrub(part, how) for part in (parts.train, parts.dev.take(kept), parts.dev.take(back)))
    rows = _together([_corrected(path, model) for path in corrections])
    sides = [judges(patient) for patient in rows.patients]
    learn, judge = (rows.take([row for row, said in enumerate(sides) if said is side]) for side in (False, True))
    fresh = _last_of_each(_without(learn, words_of(honest)))
    nested = Nested(_together([old, fresh]), select, honest, parts.labels, parts.refused)
    known = words_of(learn) + words_of(old) + words_of(select)
    return Mixed(nested, _last_of_each(_without(judge, known)), len(old), len(fresh))


def judges(patient: str) -> bool:
    """Whether a corrected patient judges: one in five, the same ones always.

    >>> sum(judges(f"p{number}") for number in range(1000))
    201
    """
    digest = hashlib.sha256(patient.encode()).digest()
    return int.from_bytes(digest[:8], "big") < NEW_SHARE * 2**64


def settings_of(model: Model) -> dict[str, Any]:
    """What its recipe says of a fit and every fit does not."""
    usual = FitRecipe().model_dump(mode="json")
    return {name: value for name, value in model.recipe["fit"].items() if value != usual.get(name)}


def begins_at(model: Model, folder: Path) -> str:
    """Where the fit begins: the model's own network, or where its folder holds none the backbone it was learnt on."""
    if not is_apart(model.settings):
        return str(folder.resolve())
    return str(model.recipe["fit"]["backbone"])


def go_on(
    model: Model, folder: Path, mixed: Mixed, work: Path, *, epochs: int = EPOCHS, tell: OnEvent | None = None
) -> Model:
    """Fit on; killed and started again on the same rows, it resumes. `work` keeps the rows, and the new model.

    The head goes on from its weights too, where its labels are the same.
    """
    write_parts(mixed.nested, work)
    data = {**model.recipe["data"], "train": work / "learn.jsonl"}
    recipe = Recipe.from_dict({"data": data, "fit": settings_of(model)})
    drawn = {"backbone": begins_at(model, folder), "epochs": epochs}
    start = None if is_apart(model.settings) else model.head_module
    made = trial_recipe(recipe, model.head, work, drawn)
    return fit(made, out=work / "new", on_event=tell, start=start, replace=True)


def with_origin(new: Model, old: Model, origin: dict[str, Any], said: tuple[str, str]) -> Model:
    """The new model as the one that takes the old one's place: its data as before, and where it came from.

    `said` is a paragraph for its card, in both languages.
    """
    data_sha256 = {**old.receipt.get("data_sha256", {}), **origin["corrections_sha256"]}
    cards = {}
    for (lang, card), words in zip(sorted(new.cards.items()), said, strict=True):
        with speaking("zh" if lang == "zh" else "en"):
            cards[lang] = card + f"\n## {tr('Updated', '更新')}\n\n{words}\n"
    return dataclasses.replace(
        new,
        recipe={**new.recipe, "data": old.recipe["data"]},
        receipt={**new.receipt, "data_sha256": data_sha256, "updated_from": origin},
        cards=cards,
    )


def earlier(model: Model) -> list[Path]:
    """The corrections that earlier updates learnt, oldest first. Raises UsageError where one is gone or was changed."""
    origin = model.receipt.get("updated_from", {})
    found = [Path(path) for path in origin.get("corrections", [])]
    known = set(origin.get("corrections_sha256", {}).values())
    for path in found:
        if not path.is_file() or file_sha256(path) not in known:
            raise UsageError(
                tr("corrections that the model has learnt are gone or changed", "模型已学习的更正数据缺失或被改动"),
                value=str(path),
            )
    return found


def _refuse_unfit(model: Model) -> None:
    if model.settings.get("engine") in COMPRESSED:
        raise ModelError(
            tr("a compressed model cannot be fitted further", "压缩后的模型无法继续训练"),
            next=tr("update the folder it was compressed from, then compress that", "请更新压缩前的模型，再压缩"),
        )
    if model.settings.get("engine") == "cues":
        raise UsageError(
            tr("no network is trained in this model", "该模型没有经过训练的网络"),
            next=tr("bedside fit, on the old rows and the new", "bedside fit（旧数据与新数据合并）"),
        )
    if model.recipe["fit"].get("adapt") in UNTRAINED:
        raise UsageError(tr("nothing is trained in this model", "该模型没有经过训练的参数"), next="bedside fit")


def _corrected(path: Path, model: Model) -> Labelled:
    """Corrected rows without identity; their patients are pseudonyms of a queue, never those of the old table."""
    form = form_of(model.head)
    columns = DataRecipe(train=path, text_b="text_b" if form.two else None, patient="patient")
    rows = form.scrub(read_labelled(path, columns, head=model.head), "scrub")
    return dataclasses.replace(rows, patients=[f"review {patient}" for patient in rows.patients])


def _last_of_each(rows: Labelled) -> Labelled:
    last = {words: row for row, words in enumerate(words_of(rows))}
    return rows.take(sorted(last.values()))


def _together(tables: Sequence[Labelled]) -> Labelled:
    """The rows of several tables as one."""
    fields = ("texts", "given", "labels", "patients", "ids", "places", "refused")
    joined: dict[str, Any] = {name: [one for table in tables for one in getattr(table, name)] for name in fields}
    return dataclasses.replace(tables[0], **joined)


def _without(rows: Labelled, texts: list[tuple[str, str]]) -> Labelled:
    known = set(texts)
    return rows.take([row for row, words in enumerate(words_of(rows)) if words not in known])
