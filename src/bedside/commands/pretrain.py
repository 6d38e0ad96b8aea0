"""Pretrain a backbone further on your own texts | 用您自己的文本继续预训练骨干网络"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._fit.recipe import given, refuse_contrary, settings
from bedside.commands._io import PARTLY, IdentityOption, JsonFlag, emit_json
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.config import PretrainRecipe
    from bedside.train.pretraining.saved import Pretrained


def run(
    corpus: Annotated[
        list[Path],
        typer.Argument(
            metavar="CORPUS",
            help=tr("Files or folders: .txt, .jsonl, tables, .gz", "文件或目录：.txt、.jsonl、表格、.gz"),
        ),
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help=tr("Folder of the backbone to make", "要生成的骨干目录"))],
    objective: Annotated[
        str | None,
        typer.Option(help=tr("mlm (encoders, the default) or clm (decoders)", "mlm（编码器，默认）或 clm（解码器）")),
    ] = None,
    text: Annotated[
        str | None,
        typer.Option(help=tr("Column(s) of the text in tables: title+abstract", "表格中的文本列，可用 + 连接")),
    ] = None,
    identity: IdentityOption = None,
    backbone: Annotated[str | None, typer.Option(help=tr("Name, folder or hub name", "名称、目录或 hub 名称"))] = None,
    add_words: Annotated[
        str | None,
        typer.Option(metavar="auto|FILE", help=tr("New words kept whole, one a line", "加入整词的新词，每行一个")),
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(help=tr("Passes over the texts (default: 1)", "训练轮数（默认 1）"))
    ] = None,
    max_minutes: Annotated[
        float | None, typer.Option(help=tr("Tune no longer than this", "微调时间上限（分钟）"))
    ] = None,
    max_tokens: Annotated[
        int | None, typer.Option(help=tr("Length of a block (default: 256)", "块长度（默认 256）"))
    ] = None,
    seed: Annotated[int | None, typer.Option(help=tr("Seed of every chance", "随机种子"))] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help=tr("Any other setting", "其他设置")),
    ] = None,
    then: Annotated[
        Path | None,
        typer.Option(
            metavar="TASK.toml",
            help=tr("Recipe of a task to fit before and after: is it worth it?", "预训练前后各训练一次的任务配方"),
        ),
    ] = None,
    then_seeds: Annotated[
        int, typer.Option(min=1, max=20, help=tr("Fits of that task on each side", "该任务每侧的训练次数"))
    ] = 3,
    force: Annotated[bool, typer.Option("--force", help=tr("Replace a backbone at OUT", "覆盖已有骨干"))] = False,
    json: JsonFlag = False,
) -> None:
    """Pretrain a backbone further on your own texts, and measure held-out perplexity before and after.

    Blank lines part the documents of a .txt file; in a folder each .txt file is one. Stopped or killed, the same
    command goes on where it was. Example:

    `bedside pretrain notes/ reports.jsonl.gz -o BACKBONE`, then `bedside fit DATA --backbone BACKBONE -o MODEL`

    With `--then TASK.toml` the task is fitted from the backbone before and after, and both figures are compared.
    """
    named: dict[str, Any] = {"corpus": corpus, "objective": objective, "text": text, "backbone": backbone, "seed": seed}
    if identity:
        named |= {"identity": identity[0], "identity_reason": identity[1]}
    named |= {"add_words": add_words, "epochs": epochs, "max_minutes": max_minutes, "max_tokens": max_tokens}
    options, said = given(named), settings(set_ or [])
    refuse_contrary({"": options}, {"": said})
    done, worth = _pretrain({**options, **said}, out, (then, then_seeds), replace=force, quiet=json)
    if json:
        emit_json({"backbone": out, **_summary(done), **({"downstream": worth} if worth else {})})
    if done.facts["refused"]:
        raise typer.Exit(PARTLY)


def _pretrain(
    values: dict[str, Any], out: Path, then: tuple[Path | None, int], *, replace: bool, quiet: bool
) -> tuple[Pretrained, dict[str, Any]]:
    """The run, and what it is worth to the task in `then`; a backbone that is there already is only measured by it."""
    from bedside.commands._pretrain.downstream import downstream_of, show
    from bedside.commands._pretrain.view import PretrainView
    from bedside.config import PretrainRecipe
    from bedside.evaluate.measures.perplexity import perplexities
    from bedside.runs import started
    from bedside.train.pretraining.pretrain import pretrain
    from bedside.train.pretraining.saved import pretrained_before

    begun, recipe = started(), PretrainRecipe.from_dict(values)
    worth: dict[str, Any] = {}
    with PretrainView(quiet=quiet) as view:
        task = downstream_of(then[0], then[1], recipe.objective, view.on_event) if then[0] else None
        done = pretrained_before(recipe, out) if task and not replace else None
        done = done or pretrain(recipe, out=out, on_event=view.on_event, compare=perplexities, replace=replace)
        if task:
            named = done.facts["backbone"] if recipe.backbone == "auto" else recipe.backbone
            worth = task.measured(named, out)
    _remember(done, worth, recipe, out, begun)
    view.finish(done)
    if worth:
        show(worth, quiet=quiet)
    return done, worth


def _remember(done: Pretrained, worth: dict[str, Any], recipe: PretrainRecipe, out: Path, begun: float) -> None:
    from bedside.commands._io import plain
    from bedside.runs import hashes, remember

    figures = {f"perplexity.{name}": told for name, told in done.facts["perplexity"].items()}
    for name, figure in worth.get("figures", {}).items():
        figures[f"{worth['metric']}.{name}"] = plain(figure)
    remember(
        "pretrain",
        begun,
        head=done.facts["objective"],
        metric="perplexity.after",
        recipe=recipe.model_dump(mode="json"),
        recipe_sha256=recipe.digest(),
        data=hashes(recipe.corpus),
        figures=figures,
        out=str(out.resolve()),
    )


def _summary(done: Pretrained) -> dict[str, Any]:
    """The facts without the list of what was left out: the receipt has it. `start` is the backbone it began from."""
    kept = {key: value for key, value in done.facts.items() if key not in ("refused", "backbone")}
    return {"start": done.facts["backbone"], **kept}


COMMAND = run
