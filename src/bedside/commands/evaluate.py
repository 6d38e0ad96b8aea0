"""Measure a model on labelled rows, beside baselines, with intervals | 在标注数据上评估模型，并与基线对照"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._io import (
    PARTLY,
    Entities,
    EntitiesFrom,
    JsonFlag,
    Reranker,
    Seed,
    SetData,
    TextB,
    emit_json,
    progress,
    say,
)
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.commands._measuring import Table
    from bedside.config import DataRecipe
    from bedside.evaluate.metrics import Evaluation
    from bedside.evaluate.report import Report
    from bedside.model.folder import Model
    from bedside.types import Undefined

COLUMNS = ("text", "text_b", "entities", "label", "patient")
NO_TEXTS = tr("Keep patient texts out of the report, scrubbed ones too", "报告中不含任何（包括脱敏后的）患者文本")


def run(
    model: Annotated[Path, typer.Argument(help=tr("Model folder", "模型目录"))],
    data: Annotated[Path, typer.Argument(help=tr("Table of labelled rows", "标注数据表格"))],
    text: Annotated[
        str | None, typer.Option(help=tr("Text column (default: the model's)", "文本列（默认同模型）"))
    ] = None,
    text_b: TextB = None,
    entities: Entities = None,
    entities_from: EntitiesFrom = None,
    label: Annotated[
        str | None, typer.Option(help=tr("Label column (default: the model's)", "标签列（默认同模型）"))
    ] = None,
    patient: Annotated[
        str | None,
        typer.Option(help=tr("Patient column (default: the model's; '' for none)", "患者列（默认同模型；'' 表示无）")),
    ] = None,
    train: Annotated[
        Path | None,
        typer.Option(help=tr("Training part, for the baselines", "训练数据，用于拟合基线")),
    ] = None,
    baseline_columns: Annotated[
        str, typer.Option(help=tr("Columns for a baseline of their own: a,b,c", "用作结构化基线的列：a,b,c"))
    ] = "",
    subgroup: Annotated[
        list[str] | None, typer.Option(help=tr("Column of a subgroup; can be repeated", "亚组列，可重复"))
    ] = None,
    report: Annotated[Path | None, typer.Option(help=tr("HTML report to write", "要写出的 HTML 报告"))] = None,
    no_texts: Annotated[bool, typer.Option("--no-texts", help=NO_TEXTS)] = False,
    set_: SetData = None,
    reranker: Reranker = None,
    seed: Seed = 0,
    json: JsonFlag = False,
) -> None:
    """Measure a model: every figure with a 95 % interval over patients, beside chance, majority and TF-IDF.

    Rows whose label the model does not know count as wrong; they, and rows left out, make the exit code 3.

    `bedside evaluate MODEL test.csv --patient mrn --subgroup sex --report report.html`
    """
    from bedside.commands._measuring import as_json, read_table, show, unread_notes
    from bedside.commands._searching import data_settings, measured
    from bedside.evaluate.report import save
    from bedside.files import check_out
    from bedside.model.folder import open_model
    from bedside.model.supply import open_tagger

    if report:
        check_out(report, inputs=[data, train])
    opened = open_model(model)
    tagger = open_tagger(entities_from, opened)
    columns = {"text": text, "text_b": text_b, "entities": entities, "label": label, "patient": patient}
    recipe = _data_recipe(opened, data, columns | data_settings(set_ or []))
    extra = [name.strip() for name in baseline_columns.split(",") if name.strip()]
    groups = list(subgroup or [])
    found = read_table(data, recipe, head=opened.head, columns=[*dict.fromkeys([*extra, *groups])])
    learnt, note = _training(opened, recipe, train, extra)
    opened = measured(opened, model, recipe, found.rows, reranker)
    rivals = _rivals(opened, model, recipe, found, learnt, extra, seed)
    page = _measure(opened, found, rivals, groups=groups, seed=seed, with_texts=not no_texts, tagger=tagger)
    told = [*note, *_tagger_notes(tagger), *_leak_notes(found, learnt), *_refused(found)]
    page = _with_notes(page, told + unread_notes(opened, found.rows), data)
    if report:
        save(page, report)
    if json:
        emit_json({**as_json(page, found.rows.refused), "report": report})
    else:
        show(page)
        if report:
            say(tr(f"report: {report}", f"报告：{report}"))
    if found.rows.refused or page.evaluation.unknown_labels:
        raise typer.Exit(PARTLY)


def _data_recipe(model: Model, data: Path, asked: dict[str, Any]) -> DataRecipe:
    """The model's own columns, but for those named on the command line; identity is removed as it is in serving."""
    from bedside.config import DataRecipe

    kept = {key: model.recipe["data"].get(key) for key in COLUMNS}
    named = {key: value for key, value in asked.items() if value is not None}
    values = {key: value for key, value in (kept | named).items() if value not in (None, "")}
    return DataRecipe.model_validate({"train": data, **values})


def _training(
    model: Model, recipe: DataRecipe, named: Path | None, columns: list[str]
) -> tuple[Table | None, list[str]]:
    """The part the model was fitted on, found by its receipt or named; and a note where it is missing or changed."""
    from bedside.commands._measuring import read_table
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
    columns_of_fit = recipe if named else recipe.model_copy(update=_own_columns(model))
    return read_table(path, columns_of_fit, head=model.head, columns=columns), note


def _own_columns(model: Model) -> dict[str, Any]:
    data = model.recipe["data"]
    return {key: data.get(key) for key in COLUMNS}


def _rivals(
    model: Model,
    folder: Path,
    recipe: DataRecipe,
    found: Table,
    learnt: Table | None,
    extra: list[str],
    seed: int,
) -> dict[str, Evaluation | Undefined]:
    """What the model is to beat, measured on the same rows."""
    from dataclasses import replace

    from bedside.commands._measuring import rows_of
    from bedside.commands._searching import corpus_texts, ranks, untuned
    from bedside.evaluate.baselines import baselines

    part = rows_of(learnt, extra) if learnt else None
    rows = rows_of(found, extra)
    more = corpus_texts(folder, recipe) if ranks(model) else []
    with progress(tr("fitting the baselines", "拟合基线")):
        rivals = baselines(part, replace(rows, corpus=more), labels=model.labels, head=model.head, seed=seed)
    if ranks(model):
        rivals["untuned"] = untuned(model, recipe, found.rows, more, seed)
    return rivals


def _measure(
    model: Model,
    found: Table,
    rivals: dict[str, Evaluation | Undefined],
    *,
    groups: list[str],
    seed: int,
    with_texts: bool,
    tagger: Model | None,
) -> Report:
    from bedside.commands._measuring import answers_of, comparisons, misreadings
    from bedside.evaluate.report import Report

    answers = answers_of(model, found.rows, tagger)
    subgroups = {name: found.columns[name] for name in groups}
    done = answers.measure(found.targets, found.patients, seed=seed, subgroups=subgroups)
    return Report(
        title=tr("How well the model does", "模型评估报告"),
        evaluation=done,
        baselines=rivals,
        comparison=comparisons(done, rivals),
        receipt=model.receipt,
        errors=misreadings(found, answers, with_texts=with_texts),
    )


def _with_notes(page: Report, notes: list[str], data: Path) -> Report:
    from dataclasses import replace

    from bedside.receipt import file_sha256

    measured_on = {"file": data.name, "sha256": file_sha256(data)}
    return replace(page, notes=notes, receipt={"measured_on": measured_on, **page.receipt})


def _tagger_notes(tagger: Model | None) -> list[str]:
    if tagger is None:
        return []
    return [
        tr(
            "The model read the entities that the tagging model finds; the baselines read those that are marked.",
            "本模型使用实体识别模型找出的实体；基线使用已标注的实体。",
        )
    ]


def _leak_notes(found: Table, learnt: Table | None) -> list[str]:
    """Patients and texts that the model has seen while it learnt."""
    from bedside.evaluate.split import leaks

    if learnt is None:
        return []
    parts = ["train"] * len(learnt.texts) + ["test"] * len(found.texts)
    known = learnt.patients is not None and found.patients is not None
    patients = [*(learnt.patients or []), *(found.patients or [])] if known else None
    seen = leaks(parts, patients, [*_words(learnt), *_words(found)])
    if seen.clean:
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


def _refused(found: Table) -> list[str]:
    number = len(found.rows.refused)
    if not number:
        return []
    first = found.rows.refused[0]
    return [
        tr(
            f"{number} rows could not be used; the first: {first.place}: {first.what}",
            f"{number} 行无法使用；第一处：{first.place}：{first.what}",
        )
    ]


COMMAND = run
