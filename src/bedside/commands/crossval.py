"""Fit and measure by k folds of patients, every row answered by a model that never saw it | 按患者做 k 折交叉验证"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._fit.recipe import recipe_of
from bedside.commands._io import (
    HEADS,
    PARTLY,
    AdaptOption,
    Entities,
    IdentityOption,
    JsonFlag,
    OwnSeed,
    TextB,
    emit_json,
    say,
)
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.config import Recipe
    from bedside.evaluate.result import Report

NO_TEXTS = tr("Keep patient texts out of the report, scrubbed ones too", "报告中不含任何（包括脱敏后的）患者文本")


def run(
    data: Annotated[
        Path, typer.Argument(help=tr("Table of labelled rows, or a recipe (.toml)", "标注数据表格，或配方（.toml）"))
    ],
    text: Annotated[str | None, typer.Option(help=tr("Text column (default: text)", "文本列（默认 text）"))] = None,
    text_b: TextB = None,
    entities: Entities = None,
    label: Annotated[str | None, typer.Option(help=tr("Label column (default: label)", "标签列（默认 label）"))] = None,
    patient: Annotated[str | None, typer.Option(help=tr("Patient column", "患者列"))] = None,
    identity: IdentityOption = None,
    folds: Annotated[int, typer.Option(help=tr("Number of folds", "折数"))] = 5,
    head: Annotated[str | None, typer.Option(help=HEADS)] = None,
    backbone: Annotated[str | None, typer.Option(help=tr("Name, folder or hub name", "名称、目录或 hub 名称"))] = None,
    adapt: AdaptOption = None,
    epochs: Annotated[int | None, typer.Option(help=tr("Passes over the data", "训练轮数"))] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help=tr("Any other setting of the recipe", "配方中的其他设置")),
    ] = None,
    subgroup: Annotated[
        list[str] | None, typer.Option(help=tr("Column of a subgroup; can be repeated", "亚组列，可重复"))
    ] = None,
    report: Annotated[Path | None, typer.Option(help=tr("HTML report to write", "要写出的 HTML 报告"))] = None,
    no_texts: Annotated[bool, typer.Option("--no-texts", help=NO_TEXTS)] = False,
    seed: OwnSeed = None,
    json: JsonFlag = False,
) -> None:
    """Cross-validate: k models, each measured on patients it never saw; figures are over all rows together.

    The models are not kept. Baselines are fitted fold by fold as well.

    `bedside crossval notes.csv --text note --label diagnosis --patient mrn --folds 5 --report report.html`
    """
    from bedside.commands._evaluate.folds import cross_validate
    from bedside.commands._evaluate.measuring import as_json, show
    from bedside.evaluate.pages.report import save
    from bedside.files import check_out
    from bedside.runs import started

    begun = started()
    if report:
        check_out(report, inputs=[data])
    columns: dict[str, Any] = {"text": text, "text_b": text_b, "entities": entities, "label": label, "patient": patient}
    if identity:
        columns |= {"identity": identity[0], "identity_reason": identity[1]}
    chosen = {"head": head, "backbone": backbone, "adapt": adapt, "epochs": epochs, "seed": seed}
    recipe = recipe_of(data, columns, chosen, set_ or [])
    page, refused = cross_validate(recipe, folds, subgroups=subgroup or [], with_texts=not no_texts)
    _remember(page, recipe, report, begun)
    if report:
        save(page, report)
    if json:
        emit_json({**as_json(page, refused), "report": report})
    else:
        show(page)
        if report:
            say(tr(f"report: {report}", f"报告：{report}"))
    if refused or page.evaluation.unknown_labels:
        raise typer.Exit(PARTLY)


def _remember(page: Report, recipe: Recipe, report: Path | None, begun: float) -> None:
    """Write the cross-validation down among the runs."""
    from bedside.commands._io import plain
    from bedside.evaluate.answers import kind_of
    from bedside.runs import hashes, remember

    done = page.evaluation
    remember(
        "crossval",
        begun,
        head=done.head,
        metric=kind_of(done.head).headline(done.head, len(done.labels))[0],
        recipe=recipe.model_dump(mode="json"),
        recipe_sha256=recipe.digest(),
        data=hashes([recipe.data.train]),
        figures={name: plain(figure) for name, figure in done.metrics.items()},
        out=str(report.resolve()) if report else "",
    )


COMMAND = run
