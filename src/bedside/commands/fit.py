"""Fit a model to your own labelled texts | 用您自己的标注文本训练模型"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._fit.recipe import recipe_of
from bedside.commands._io import HEADS, PARTLY, AdaptOption, Entities, IdentityOption, JsonFlag, TextB, emit_json
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.config import Recipe
    from bedside.model.folder import Model


def run(
    data: Annotated[Path, typer.Argument(help=tr("Training table, or a recipe (.toml)", "训练表格，或配方（.toml）"))],
    out: Annotated[Path, typer.Option("-o", "--out", help=tr("Folder of the model to make", "要生成的模型目录"))],
    dev: Annotated[
        Path | None,
        typer.Option(help=tr("Tuning table (default: a tenth of the patients)", "调优表格（默认留出十分之一患者）")),
    ] = None,
    text: Annotated[
        str | None, typer.Option(help=tr("Column(s) of the text: title+question", "文本列，可用 + 连接"))
    ] = None,
    text_b: TextB = None,
    entities: Entities = None,
    label: Annotated[str | None, typer.Option(help=tr("Column of the label", "标签列"))] = None,
    patient: Annotated[str | None, typer.Option(help=tr("Column of the patient", "患者列"))] = None,
    id: Annotated[str | None, typer.Option(help=tr("Column of the row's id", "行编号列"))] = None,
    identity: IdentityOption = None,
    head: Annotated[str | None, typer.Option(help=HEADS)] = None,
    backbone: Annotated[str | None, typer.Option(help=tr("Name, folder or hub name", "名称、目录或 hub 名称"))] = None,
    adapt: AdaptOption = None,
    epochs: Annotated[int | None, typer.Option(help=tr("Passes over the data", "训练轮数"))] = None,
    seed: Annotated[int | None, typer.Option(help=tr("Seed of every chance", "随机种子"))] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help=tr("Any other setting of the recipe", "配方中的其他设置")),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=tr("Replace a model at OUT", "覆盖已有模型"))] = False,
    json: JsonFlag = False,
) -> None:
    """Fit a model to your own labelled texts. Stopped or killed, the same command goes on where it was.

    What is not given is chosen by the size of the data and told. Example:

    `bedside fit notes.csv --text note --label diagnosis --patient mrn -o MODEL`
    """
    named: dict[str, Any] = {"dev": dev, "text": text, "text_b": text_b, "entities": entities, "label": label}
    named |= {"patient": patient, "id": id}
    if identity:
        named |= {"identity": identity[0], "identity_reason": identity[1]}
    chosen = {"head": head, "backbone": backbone, "adapt": adapt, "epochs": epochs, "seed": seed}
    recipe = recipe_of(data, named, chosen, set_ or [])
    model, refused = _fit(recipe, out, replace=force, quiet=json)
    if json:
        emit_json(_summary(model, out, refused))
    if refused:
        raise typer.Exit(PARTLY)


def _fit(recipe: Recipe, out: Path, *, replace: bool, quiet: bool) -> tuple[Model, int]:
    from bedside.commands._fit.measured import measured_on_dev, rivals_on_dev
    from bedside.commands._fit.view import FitView
    from bedside.runs import started
    from bedside.train.fit import fit

    begun = started()
    with FitView(quiet=quiet) as view:
        model = fit(
            recipe, out=out, on_event=view.on_event, measure=measured_on_dev, beside=rivals_on_dev, replace=replace
        )
    remember_fit(model, out, begun)
    view.finish(model, out)
    return model, view.refused


def remember_fit(model: Model, out: Path, begun: float) -> None:
    """Write a fit down among the runs, with its figures on the tuning part."""
    from bedside.runs import remember

    remember(
        "fit",
        begun,
        head=model.head,
        metric=model.recipe["fit"]["metric"],
        recipe=model.recipe,
        recipe_sha256=model.receipt["recipe_sha256"],
        data=model.receipt["data_sha256"],
        figures=model.fitting["dev"],
        out=str(out.resolve()),
    )


def _summary(model: Model, out: Path, refused: int) -> dict[str, Any]:
    kept = ("precision", "best_epoch", "seconds", "rows", "cut", "trained_parameters", "choices", "history")
    return {
        "model": out,
        "labels": len(model.labels),
        "head": model.head,
        "dev": model.fitting["dev"],
        "refused": refused,
        **{key: model.fitting[key] for key in kept},
    }


COMMAND = run
