"""Make a model smaller and faster, and refuse if it got worse | 压缩模型（更小更快），若效果变差则拒绝"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bedside.commands._io import BackboneFolder, JsonFlag, emit_json, progress, say
from bedside.errors import DataError, ModelError, UsageError
from bedside.lang import counted, tr

if TYPE_CHECKING:
    from bedside.model.folder import Model
    from bedside.model.rows import Labelled
    from bedside.train.compress import Cost


def run(
    model: Annotated[Path, typer.Argument(help=tr("Model folder", "模型目录"))],
    out: Annotated[Path, typer.Option("-o", "--out", help=tr("Folder for the small model", "压缩后模型目录"))],
    data: Annotated[
        Path | None,
        typer.Option(help=tr("Labelled table to check on (default: the model's own)", "用于检查的标注数据")),
    ] = None,
    text: Annotated[str | None, typer.Option(help=tr("Text column (default: the model's)", "文本列"))] = None,
    label: Annotated[str | None, typer.Option(help=tr("Label column (default: the same)", "标签列"))] = None,
    tolerance: Annotated[float, typer.Option(min=0, max=1, help=tr("Largest drop allowed", "允许的最大降幅"))] = 0.01,
    metric: Annotated[
        str | None,
        typer.Option(help=tr("Figure that must not drop (default: the head's own)", "不得下降的指标（默认主要指标）")),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=tr("Replace a model at OUT", "覆盖已有模型"))] = False,
    backbone_folder: BackboneFolder = None,
    json: JsonFlag = False,
) -> None:
    """Make a model smaller and faster (8-bit), and refuse if its metric drops by more than the tolerance."""
    from bedside.files import check_out
    from bedside.model.folder import check_place, open_model
    from bedside.train.compress import compress, measure

    check_out(out, inputs=[model], folder=True)
    check_place(out, replace=force)
    whole = open_model(model, backbone=backbone_folder)
    metric = metric or whole.form.scores[0]
    if metric not in whole.form.scores:
        raise UsageError(
            tr("this model has no such figure", "该模型没有此指标"), value=metric, allowed=whole.form.scores
        )
    rows = _labelled(whole, data, text, label)
    with progress(tr("compressing", "正在压缩"), total=3) as advance:
        small = compress(whole, rows.texts, rows.given)
        advance()
        cost = measure(whole, small, rows, metric)
        advance()
        _refuse_if_worse(cost, tolerance)
        saved = small.save(out, replace=force)
        advance()
    before, after = _bytes(model), _bytes(saved)
    sizes = {"megabytes_before": round(before / 1e6, 1), "megabytes_after": round(after / 1e6, 1)}
    if json:
        emit_json({"model": saved, **vars(cost), "tolerance": tolerance, **sizes, "smaller": after < before})
    else:
        _print(cost, sizes, saved, smaller=after < before)


def _labelled(model: Model, data: Path | None, text: str | None, label: str | None) -> Labelled:
    """Rows whose labels the model knows, without identity; columns as in the fit."""
    from bedside.config import DataRecipe
    from bedside.model.reading import read_labelled

    recipe = dict(model.recipe.get("data", {}))
    path = data or recipe.get("dev")
    if path is None:
        raise UsageError(tr("labelled data to check on are needed", "需要用于检查的标注数据"), next="--data DEV.csv")
    own = {"text": "text", "label": "label"} | {
        key: recipe[key] for key in ("text", "text_b", "entities", "label") if key in recipe
    }
    asked = {"text": text, "label": label}
    wanted = {"train": path, **own, **{key: column for key, column in asked.items() if column}}
    rows = read_labelled(Path(path), DataRecipe.model_validate(wanted), head=model.head)
    known = [number for number, names in enumerate(model.form.named(rows.labels)) if set(names) <= set(model.labels)]
    if len(known) < len(rows):
        lost = len(rows) - len(known)
        say(
            tr(f"{counted(lost, 'row')} with a label unknown to the model left out", f"{lost} 行标签未知，未使用"),
            quiet=True,
        )
    if not known:
        raise DataError(tr("no row has a label of this model", "没有一行的标签属于该模型"), where=str(path))
    return model.form.scrub(rows.take(known), "scrub")


def _refuse_if_worse(cost: Cost, tolerance: float) -> None:
    if cost.drop() > tolerance:
        raise ModelError(
            tr("compression costs more than the tolerance; nothing was saved", "压缩造成的损失超过容许值，未保存"),
            value=f"{cost.metric} {cost.before:.4f} -> {cost.after:.4f} (n={cost.n})",
            allowed=tr(f"a drop of at most {tolerance}", f"降幅不超过 {tolerance}"),
            next=tr("serve the model as it is, or raise --tolerance", "直接使用原模型，或提高 --tolerance"),
        )


def _print(cost: Cost, sizes: dict[str, float], saved: Path, *, smaller: bool) -> None:
    say(f"{cost.metric}: {cost.before:.4f} -> {cost.after:.4f} (n={cost.n})")
    say(tr("labels unchanged: ", "标签一致率：") + f"{cost.agreement:.2%}")
    say(tr("largest change of a probability: ", "概率最大变化：") + f"{cost.largest_change:.4f}")
    say(f"MB: {sizes['megabytes_before']:.1f} -> {sizes['megabytes_after']:.1f}")
    if not smaller:
        say(tr("the result is NOT smaller than the model it was made from", "压缩结果并不比原模型小"))
    speeds = f"{cost.texts_per_second_before:.1f} -> {cost.texts_per_second_after:.1f}"
    say(tr("texts a second, one thread: ", "每秒文本数（单线程）：") + speeds)
    say(f"bedside serve {saved}")


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


COMMAND = run
