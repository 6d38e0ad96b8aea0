"""Teach a model corrected answers, and refuse if it forgets | 用更正结果更新模型，若旧任务变差则拒绝"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._io import JsonFlag, Seed, emit_json, plain, say
from bedside.errors import ModelError, UsageError
from bedside.lang import counted, disclaimer, speaking, tr
from bedside.types import Undefined

if TYPE_CHECKING:
    from bedside.model.folder import Model
    from bedside.model.rows import Labelled
    from bedside.train.update import Mixed


def run(
    model: Annotated[Path, typer.Argument(help=tr("Model folder", "模型目录"))],
    labelled: Annotated[
        Path, typer.Argument(help=tr("What bedside review export wrote", "bedside review export 写出的文件"))
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help=tr("Folder of the new model", "新模型目录"))],
    train: Annotated[
        Path | None,
        typer.Option(help=tr("Its training table (default: where it was)", "其训练表格（默认原位置）")),
    ] = None,
    epochs: Annotated[int, typer.Option(min=1, help=tr("Passes over the rows", "训练轮数"))] = 3,
    tolerance: Annotated[
        float, typer.Option(min=0, max=1, help=tr("Largest drop allowed on old rows", "旧数据上允许的最大降幅"))
    ] = 0.01,
    seed: Seed = 0,
    force: Annotated[bool, typer.Option("--force", help=tr("Replace a model at OUT", "覆盖已有模型"))] = False,
    json: JsonFlag = False,
) -> None:
    """Go on with a model's fit on its training rows mixed with corrected ones; nothing is written if it got worse.

    Both models answer the same rows: old ones that neither learnt from, and corrected ones kept apart.

    `bedside update MODEL corrected.jsonl -o NEW`
    """
    from bedside.commands._fit.view import FitView
    from bedside.files import check_out
    from bedside.model.folder import open_model
    from bedside.model.layout import check_place
    from bedside.train.update import begins_at, earlier, go_on, mix, with_origin

    check_out(out, inputs=[model, labelled], folder=True)
    check_place(out, replace=force)
    old = open_model(model)
    corrections = list(dict.fromkeys([*earlier(old), labelled.resolve()]))
    mixed = mix(old, _training_table(old, train), corrections)
    work = out.parent / f".{out.name}.updating"
    with FitView(quiet=json) as view:
        new = go_on(old, model, mixed, work, epochs=epochs, tell=view.on_event)
    told = _judged(old, new, model, work / "new", mixed, seed)
    shutil.rmtree(work, ignore_errors=True)
    _refuse_if_worse(told, tolerance)
    origin = _origin(model, corrections, mixed, told) | {"begins_at": begins_at(old, model)}
    with_origin(new, old, origin, _paragraphs(origin)).save(out, replace=force)
    if json:
        emit_json({"model": out, "tolerance": tolerance, **origin})
    else:
        _show(told, mixed, out)


def _training_table(model: Model, named: Path | None) -> Path:
    """The table it was fitted on; UsageError where that, or its tuning table, is gone or not as it was."""
    from bedside.receipt import file_sha256

    noted = model.receipt.get("data_sha256", {}).values()
    train, dev = named or Path(str(model.recipe["data"].get("train", ""))), model.recipe["data"].get("dev")
    for path in (train, *([Path(dev)] if dev else [])):
        if not path.is_file() or file_sha256(path) not in noted:
            raise UsageError(
                tr("a table that the model was fitted on is gone or changed", "模型的训练或调优表格缺失或已更改"),
                value=str(path),
                allowed=tr("without it the model would forget", "缺少它模型会遗忘旧任务"),
                next="--train FILE",
            )
    return train


def _judged(old: Model, new: Model, before: Path, after: Path, mixed: Mixed, seed: int) -> dict[str, Any]:
    """The deciding figure of both models on old rows and on corrected rows, with the paired test."""
    sides = {"old": mixed.nested.honest, "corrected": mixed.new}
    judged = {name: _on(rows, old, new, before, after, seed) for name, rows in sides.items() if len(rows)}
    return {"metric": str(old.recipe["fit"]["metric"]), **judged}


def _on(rows: Labelled, old: Model, new: Model, before: Path, after: Path, seed: int) -> dict[str, Any]:
    from bedside.commands._predict.bound import answers_on
    from bedside.config import DataRecipe
    from bedside.evaluate.compare import compare

    data, metric = DataRecipe.model_validate(old.recipe["data"]), str(old.recipe["fit"]["metric"])
    was, now = (
        answers_on(model, folder, data, rows).measure(rows.labels, rows.patients, seed=seed)
        for model, folder in ((old, before), (new, after))
    )
    test = compare(now, was).get(metric)
    return {"rows": len(rows), "before": was.metrics[metric], "after": now.metrics[metric], "test": test}


def _refuse_if_worse(told: Mapping[str, Any], tolerance: float) -> None:
    """Raise ModelError where the old rows are answered worse than allowed, or are too few to say."""
    before, after = told["old"]["before"], told["old"]["after"]
    if isinstance(before, Undefined) or isinstance(after, Undefined):
        raise ModelError(
            tr("too few old rows to judge the update; nothing was saved", "旧数据过少，无法评判更新，未保存"),
            value=getattr(before, "reason", None) or getattr(after, "reason", None),
        )
    if before.value - after.value > tolerance:
        raise ModelError(
            tr("the update costs more than the tolerance; nothing was saved", "更新造成的损失超过容许值，未保存"),
            value=f"{told['metric']} {before.value:.4f} -> {after.value:.4f} (n={told['old']['rows']})",
            allowed=tr(f"a drop of at most {tolerance}", f"降幅不超过 {tolerance}"),
            next=tr("add corrections, or change --epochs, --tolerance", "增加更正数据，或调整 --epochs、--tolerance"),
        )


def _origin(model: Path, corrections: list[Path], mixed: Mixed, told: Mapping[str, Any]) -> dict[str, Any]:
    """What the receipt says of where the new model came from."""
    from bedside.model.manifest import NAME
    from bedside.receipt import file_sha256

    return {
        "updated_from": str(model.resolve()),
        "manifest_sha256": file_sha256(model / NAME),
        "corrections": [str(path) for path in corrections],
        "corrections_sha256": {str(path): file_sha256(path) for path in corrections},
        "rows": {"replayed": mixed.replayed, "corrected": mixed.corrected},
        "judged": plain(told),
    }


def _paragraphs(origin: Mapping[str, Any]) -> tuple[str, str]:
    def said() -> str:
        rows, old, metric = origin["rows"], origin["judged"]["old"], origin["judged"]["metric"]
        figures = f"{metric} {old['before']['value']:.3f} -> {old['after']['value']:.3f} (n={old['rows']})"
        return tr(
            f"Fitted further on {rows['corrected']} corrected rows beside {rows['replayed']} old ones. "
            f"On old rows kept apart: {figures}.",
            f"在 {rows['replayed']} 行旧数据与 {rows['corrected']} 行更正数据上继续训练。另留旧数据上：{figures}。",
        )

    with speaking("en"):
        english = said()
    with speaking("zh"):
        return english, said()


def _show(told: Mapping[str, Any], mixed: Mixed, out: Path) -> None:
    from bedside.evaluate._words import metric_name, p_shown, shown

    say(
        tr(
            f"{counted(mixed.corrected, 'corrected row')} learnt beside {mixed.replayed} old ones",
            f"学习更正 {mixed.corrected} 行，旧数据 {mixed.replayed} 行",
        )
    )
    names = {
        "old": tr("old rows kept apart", "另留旧数据"),
        "corrected": tr("corrected rows kept apart", "另留更正数据"),
    }
    for part in (part for part in names if part in told):
        one = told[part]
        gap = f"; {shown(one['test']['difference'])}, {p_shown(one['test']['p'])}" if one["test"] else ""
        figures = f"{shown(one['before'])} -> {shown(one['after'])} (n={one['rows']}){gap}"
        say(f"{names[part]}: {metric_name(told['metric'])} {figures}")
    say(f"bedside evaluate {out} TEST")
    say(disclaimer())


COMMAND = run
