"""Pretrain a backbone further on your own texts | 用您自己的文本继续预训练骨干网络"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._io import PARTLY, IdentityOption, JsonFlag, emit_json
from bedside.commands._recipe import given, settings
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.train.pretrain import Pretrained


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
    force: Annotated[bool, typer.Option("--force", help=tr("Replace a backbone at OUT", "覆盖已有骨干"))] = False,
    json: JsonFlag = False,
) -> None:
    """Pretrain a backbone further on your own texts, and measure held-out perplexity before and after.

    Blank lines part the documents of a .txt file; in a folder each .txt file is one. Stopped or killed, the same
    command goes on where it was. Example:

    `bedside pretrain notes/ reports.jsonl.gz -o BACKBONE`, then `bedside fit DATA --backbone BACKBONE -o MODEL`
    """
    named: dict[str, Any] = {"corpus": corpus, "objective": objective, "text": text, "backbone": backbone, "seed": seed}
    if identity:
        named |= {"identity": identity[0], "identity_reason": identity[1]}
    named |= {"add_words": add_words, "epochs": epochs, "max_minutes": max_minutes, "max_tokens": max_tokens}
    done = _pretrain({**given(named), **settings(set_ or [])}, out, replace=force, quiet=json)
    if json:
        emit_json({"backbone": out, **_summary(done)})
    if done.facts["refused"]:
        raise typer.Exit(PARTLY)


def _pretrain(values: dict[str, Any], out: Path, *, replace: bool, quiet: bool) -> Pretrained:
    from bedside.commands._pretrain_view import PretrainView
    from bedside.config import PretrainRecipe
    from bedside.evaluate.perplexity import perplexities
    from bedside.runs import hashes, remember, started
    from bedside.train.pretrain import pretrain

    begun, recipe = started(), PretrainRecipe.from_dict(values)
    with PretrainView(quiet=quiet) as view:
        done = pretrain(recipe, out=out, on_event=view.on_event, compare=perplexities, replace=replace)
    remember(
        "pretrain",
        begun,
        head=done.facts["objective"],
        metric="perplexity.after",
        recipe=recipe.model_dump(mode="json"),
        recipe_sha256=recipe.digest(),
        data=hashes(recipe.corpus),
        figures={f"perplexity.{name}": told for name, told in done.facts["perplexity"].items()},
        out=str(out.resolve()),
    )
    view.finish(done)
    return done


def _summary(done: Pretrained) -> dict[str, Any]:
    """The facts without the list of what was left out: the receipt has it. `start` is the backbone it began from."""
    kept = {key: value for key, value in done.facts.items() if key not in ("refused", "backbone")}
    return {"start": done.facts["backbone"], **kept}


COMMAND = run
