"""The part a model was fitted on, found by its receipt: what baselines learn from, and what must not be measured on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.commands._evaluate.measuring import Table
    from bedside.config import DataRecipe
    from bedside.evaluate.leaks import LeakReport
    from bedside.model.folder import Model

COLUMNS = ("text", "text_b", "entities", "label", "patient")


def training_part(
    model: Model, recipe: DataRecipe, named: Path | None, columns: list[str]
) -> tuple[Table | None, list[str]]:
    """The part the model was fitted on, found by its receipt or named; and a note where it is missing or changed."""
    from bedside.commands._evaluate.measuring import read_table
    from bedside.receipt import file_sha256

    path = named or Path(str(model.recipe["data"].get("train", "")))
    if not path.exists() or path == Path():
        if named:
            from bedside.errors import UsageError

            raise UsageError(tr("no such file", "文件不存在"), value=str(named))
        return None, [
            tr("The training file is not where it was; give --train.", "训练文件不在原处；请用 --train 指定。")
        ]
    noted = model.receipt.get("data_sha256", {}).values()
    if file_sha256(path) not in noted:
        if not named:
            said = tr(
                "The training file has changed since the fit; give --train.", "训练文件已更改；请用 --train 指定。"
            )
            return None, [said]
        note = [tr("--train is not the file the model was fitted on.", "--train 并非模型训练时所用文件。")]
    else:
        note = []
    columns_of_fit = recipe if named else recipe.model_copy(update=own_columns(model))
    return read_table(path, columns_of_fit, head=model.head, columns=columns), note


def own_columns(model: Model) -> dict[str, Any]:
    """The columns of the table it was fitted on."""
    data = model.recipe["data"]
    return {key: data.get(key) for key in COLUMNS}


def leaked(found: Table, learnt: Table | None) -> LeakReport | None:
    """Patients and texts that the model has seen while it learnt; None where nobody knows what it learnt from."""
    from bedside.evaluate.leaks import leaks

    if learnt is None:
        return None
    parts = ["train"] * len(learnt.texts) + ["test"] * len(found.texts)
    known = learnt.patients is not None and found.patients is not None
    patients = [*(learnt.patients or []), *(found.patients or [])] if known else None
    return leaks(parts, patients, [*_words(learnt), *_words(found)])


def leak_notes(seen: LeakReport | None) -> list[str]:
    """What to know of figures of rows that were learnt from."""
    if seen is None or seen.clean:
        return []
    return [
        tr(
            f"LEAK: {seen.shared_patients} patients and {seen.same_texts} texts are also in the training part; "
            "the figures are too good.",
            f"泄漏：{seen.shared_patients} 名患者、{seen.same_texts} 段文本也在训练数据中；指标偏高。",
        )
    ]


def _words(table: Table) -> list[str]:
    """Each row's text, with its second one where there are two."""
    return [f"{text}\n{given.second}" for text, given in zip(table.texts, table.rows.given, strict=True)]
