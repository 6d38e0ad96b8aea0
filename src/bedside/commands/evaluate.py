"""Measure a model on labelled rows, beside baselines, with intervals | 在标注数据上评估模型，并与基线对照"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._io import (
    PARTLY,
    BackboneFolder,
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
    from bedside.commands._evaluate.measuring import Table
    from bedside.config import DataRecipe
    from bedside.evaluate.leaks import LeakReport
    from bedside.evaluate.metrics import Evaluation
    from bedside.evaluate.result import Report
    from bedside.model.folder import Model
    from bedside.types import Undefined

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
    against: Annotated[
        Path | None, typer.Option(help=tr("Another model, compared on the same rows", "在同样数据上对照的另一模型"))
    ] = None,
    subgroup: Annotated[
        list[str] | None, typer.Option(help=tr("Column of a subgroup; can be repeated", "亚组列，可重复"))
    ] = None,
    report: Annotated[Path | None, typer.Option(help=tr("HTML report to write", "要写出的 HTML 报告"))] = None,
    no_texts: Annotated[bool, typer.Option("--no-texts", help=NO_TEXTS)] = False,
    set_: SetData = None,
    reranker: Reranker = None,
    seed: Seed = 0,
    backbone_folder: BackboneFolder = None,
    json: JsonFlag = False,
) -> None:
    """Measure a model: every figure with a 95 % interval over patients, beside chance, majority and TF-IDF.

    Rows whose label the model does not know count as wrong; they, and rows left out, make the exit code 3. Rows whose
    text the model cannot read are left out and told, as `predict` answers none of them.

    `bedside evaluate MODEL test.csv --patient mrn --subgroup sex --report report.html`
    """
    from bedside.commands._evaluate.measuring import as_json, read_table, readable, refused_notes, show
    from bedside.commands._evaluate.training_part import leak_notes, leaked, training_part
    from bedside.commands._predict.bound import bound_to_measure, notes
    from bedside.commands._predict.searching import data_settings
    from bedside.evaluate.pages.report import save
    from bedside.files import check_out
    from bedside.model.folder import open_model

    if report:
        check_out(report, inputs=[data, train], whole=[model, against])
    opened = open_model(model, backbone=backbone_folder)
    columns = {"text": text, "text_b": text_b, "entities": entities, "label": label, "patient": patient}
    recipe = _data_recipe(opened, data, columns | data_settings(set_ or []))
    extra = [name.strip() for name in baseline_columns.split(",") if name.strip()]
    groups = list(subgroup or [])
    found = readable(opened, read_table(data, recipe, head=opened.head, columns=[*dict.fromkeys([*extra, *groups])]))
    learnt, note = training_part(opened, recipe, train, extra)
    opened = bound_to_measure(opened, model, recipe, found.rows, reranker, entities_from)
    rivals = _rivals(opened, model, recipe, found, learnt, extra, seed)
    if against:
        rivals["against"] = _other(opened, against, recipe, found, seed)
    page = _measure(opened, found, rivals, groups=groups, seed=seed, with_texts=not no_texts)
    seen = leaked(found, learnt)
    page = _with_notes(
        page, [*note, *notes(entities_from), *leak_notes(seen), *refused_notes(found.rows.refused)], data
    )
    if report:
        save(page, report)
    if json:
        emit_json(
            {**as_json(page, found.rows.refused), "report": report, "measured": _hashes(model, against, data, seen)}
        )
    else:
        show(page)
        if report:
            say(tr(f"report: {report}", f"报告：{report}"))
    if found.rows.refused or page.evaluation.unknown_labels:
        raise typer.Exit(PARTLY)


def _data_recipe(model: Model, data: Path, asked: dict[str, Any]) -> DataRecipe:
    """The model's own columns, but for those named on the command line; identity is removed as it is in serving."""
    from bedside.commands._evaluate.training_part import own_columns
    from bedside.config import DataRecipe

    kept = own_columns(model)
    named = {key: value for key, value in asked.items() if value is not None}
    values = {key: value for key, value in (kept | named).items() if value not in (None, "")}
    return DataRecipe.model_validate({"train": data, **values})


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

    from bedside.commands._evaluate.measuring import rows_of
    from bedside.commands._predict.searching import corpus_texts, untuned_rival
    from bedside.evaluate.baselines import baselines

    part = rows_of(learnt, extra) if learnt else None
    rows = rows_of(found, extra)
    more = corpus_texts(model, folder, recipe)
    with progress(tr("fitting the baselines", "拟合基线")):
        rivals = baselines(part, replace(rows, corpus=more), labels=model.labels, head=model.head, seed=seed)
    return rivals | untuned_rival(model, recipe, found.rows, more, seed)


def _other(model: Model, folder: Path, recipe: DataRecipe, found: Table, seed: int) -> Evaluation:
    """Another model's answers to the same rows, for the paired test."""
    from bedside.commands._predict.bound import answers_on
    from bedside.errors import UsageError
    from bedside.model.folder import open_model

    other = open_model(folder)
    if other.head != model.head:
        what = tr("the two models answer with different heads", "两个模型的输出层不同")
        raise UsageError(what, where="--against", value=other.head, allowed=model.head)
    return answers_on(other, folder, recipe, found.rows).measure(found.targets, found.patients, seed=seed)


def _hashes(model: Path, against: Path | None, data: Path, seen: LeakReport | None) -> dict[str, Any]:
    """What exactly was measured, and what of its rows the model had learnt from."""
    from bedside.model.manifest import NAME
    from bedside.receipt import file_sha256

    leak = None if seen is None else {"patients": seen.shared_patients, "texts": seen.same_texts}
    other = file_sha256(against / NAME) if against else None
    return {"model": file_sha256(model / NAME), "against": other, "rows": file_sha256(data), "leak": leak}


def _measure(
    model: Model,
    found: Table,
    rivals: dict[str, Evaluation | Undefined],
    *,
    groups: list[str],
    seed: int,
    with_texts: bool,
) -> Report:
    from bedside.commands._evaluate.doubt import doubting
    from bedside.commands._evaluate.measuring import answers_of, comparisons, misreadings
    from bedside.evaluate.result import Report

    answers, doubted = answers_of(model, found.rows)
    subgroups = {name: found.columns[name] for name in groups}
    done = answers.measure(found.targets, found.patients, seed=seed, subgroups=subgroups)
    return Report(
        title=tr("How well the model does", "模型评估报告"),
        evaluation=done,
        baselines=rivals,
        comparison=comparisons(done, rivals),
        receipt=model.receipt,
        errors=misreadings(found, answers, with_texts=with_texts),
        doubt=doubting(model, found, answers, done, doubted, seed),
    )


def _with_notes(page: Report, notes: list[str], data: Path) -> Report:
    from dataclasses import replace

    from bedside.receipt import file_sha256

    measured_on = {"file": data.name, "sha256": file_sha256(data)}
    return replace(page, notes=notes, receipt={"measured_on": measured_on, **page.receipt})


COMMAND = run
