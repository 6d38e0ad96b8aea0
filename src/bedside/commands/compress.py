"""Make a model smaller and faster, and refuse if it got worse | 压缩模型（更小更快），若效果变差则拒绝"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from bedside.commands._io import BackboneFolder, JsonFlag, Seed, emit_json, progress
from bedside.errors import UsageError
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.model.folder import Model

USUAL = {"torch": "int8", "causal": "ctranslate2"}
"""The ways of a model that answers with numbers, and of one that writes, unless others are named."""


def run(
    model: Annotated[Path, typer.Argument(help=tr("Model folder", "模型目录"))],
    out: Annotated[Path, typer.Option("-o", "--out", help=tr("Folder for the small model", "压缩后模型目录"))],
    ways: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WAY[=N],...",
            help=tr(
                "Ways in order (docs/engines.md); several times: each is tried", "压缩方法，按顺序；可多次给出以比较"
            ),
        ),
    ] = None,
    pick: Annotated[
        Literal["fastest", "smallest"],
        typer.Option(help=tr("Which to save of several within the tolerance", "多个方案均合格时保存哪个")),
    ] = "fastest",
    data: Annotated[
        Path | None,
        typer.Option(help=tr("Labelled table to check on (default: the model's own)", "用于检查的标注数据")),
    ] = None,
    train: Annotated[
        Path | None,
        typer.Option(
            help=tr("Texts to calibrate and learn on (default: those it was fitted to)", "校准与学习所用文本")
        ),
    ] = None,
    text: Annotated[str | None, typer.Option(help=tr("Text column (default: the model's)", "文本列"))] = None,
    label: Annotated[str | None, typer.Option(help=tr("Label column (default: the same)", "标签列"))] = None,
    tolerance: Annotated[
        float,
        typer.Option("--most-drop", "--tolerance", min=0, max=1, help=tr("Largest drop allowed", "允许的最大降幅")),
    ] = 0.01,
    metric: Annotated[
        str | None,
        typer.Option(help=tr("Figure that must not drop (default: the head's own)", "不得下降的指标（默认主要指标）")),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help=tr("Table of what was tried (.html or .md)", "比较表（.html 或 .md）"))
    ] = None,
    seed: Seed = 0,
    force: Annotated[bool, typer.Option("--force", help=tr("Replace a model at OUT", "覆盖已有模型"))] = False,
    backbone_folder: BackboneFolder = None,
    json: JsonFlag = False,
) -> None:
    """Make a model smaller and faster, and refuse if its metric drops by more than the tolerance.

    Example: `bedside compress MODEL -o SMALL --ways vocabulary,int8 --ways layers=6,distil,openvino --pick fastest`
    """
    from bedside.commands._compress.rows import checked_rows, learnt_rows
    from bedside.commands._compress.view import check_report, shown, told, write_report
    from bedside.evaluate.bootstrap import bootstrap
    from bedside.files import check_out
    from bedside.model.folder import open_model
    from bedside.model.layout import check_place
    from bedside.train.compress import parse_ways
    from bedside.train.compress._choose import Trial, choose, refused, tried, work_of

    check_out(out, inputs=[model], folder=True)
    check_place(out, replace=force)
    check_report(report, model)
    whole = open_model(model, backbone=backbone_folder)
    wanted = _metric(whole, metric)
    asked = [parse_ways(one) for one in ways or [USUAL.get(whole.settings["engine"], "int8")]]
    rows = checked_rows(whole, data, text, label)
    texts, given = learnt_rows(whole, train, text, label, otherwise=rows)
    trial = Trial(
        whole=whole,
        folder=model,
        texts=texts,
        given=given,
        rows=rows,
        metric=wanted,
        interval=partial(bootstrap, seed=seed),
        seed=seed,
        backbone=backbone_folder,
    )
    with progress(tr("compressing", "正在压缩"), total=work_of(asked)) as advance:
        found = tried(trial, asked, advance)
    best = choose(found, most_drop=tolerance, pick=pick)
    if report is not None:
        write_report(report, found, best, most_drop=tolerance, pick=pick)
    if best is None:
        raise refused(found, tolerance)
    saved = best.kept().save(out, replace=force)
    if json:
        emit_json(told(found, best, saved, most_drop=tolerance))
    else:
        shown(found, best, saved)


def _metric(model: Model, asked: str | None) -> str:
    scores: Any = model.form.scores
    metric = asked or scores[0]
    if metric not in scores:
        raise UsageError(tr("this model has no such figure", "该模型没有此指标"), value=metric, allowed=scores)
    return str(metric)


COMMAND = run
