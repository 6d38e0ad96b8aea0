"""List and merge models kept apart from their backbone | 列出并合并与骨干分开保存的模型"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._io import BackboneFolder, JsonFlag, emit_json, say, table
from bedside.errors import UsageError
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.backbones._base import Backbone

COMMAND = typer.Typer(
    help=tr("List and merge models kept apart from their backbone", "列出并合并与骨干分开保存的模型"),
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
Folders = Annotated[
    list[Path],
    typer.Argument(metavar="FOLDER...", help=tr("Model folders, or folders of them", "模型目录或其上级")),
]


@COMMAND.command("list")
def list_(
    folders: Folders,
    backbone: Annotated[
        str | None,
        typer.Option(help=tr("Say which fit this one: a name or folder", "检查适用于哪一骨干")),
    ] = None,
    json: JsonFlag = False,
) -> None:
    """List models: how each was adapted, on what, for what, how large it is, and how good on its tuning part.

    `bedside adapters list models/ --backbone minilm`
    """
    found = [place for folder in folders for place in _models(folder)]
    given: dict[str, Backbone] = {}
    rows = [_row(folder, backbone, given) for folder in found]
    if json:
        emit_json({"adapters": rows, "backbone": backbone})
        return
    fits = tr("fits", "适用") if backbone else tr("backbone here", "骨干可用")
    head = (
        tr("folder", "目录"),
        tr("method", "方法"),
        tr("for", "用途"),
        tr("trained", "训练参数"),
        "MB",
        tr("dev (95 %)", "调优集（95 %）"),
        fits,
    )
    table(tr("Adapters", "适配器"), head, [_shown(row) for row in rows])


def _models(folder: Path) -> list[Path]:
    """The folder, if it is a model's, else the models in it."""
    if (folder / "model.json").is_file():
        return [folder]
    found = sorted(path.parent for path in folder.glob("*/model.json")) if folder.is_dir() else []
    if not found:
        raise UsageError(
            tr("no model folder", "没有模型目录"), value=str(folder), next="bedside fit --set merge=false -o MODEL"
        )
    return found


def _row(folder: Path, asked: str | None, given: dict[str, Backbone]) -> dict[str, Any]:
    from bedside.model.apart import is_apart
    from bedside.model.engine import COMPRESSED
    from bedside.model.layout import read_json, read_settings

    settings, fitting = read_settings(folder), read_json(folder, "fitting")
    fit = read_json(folder, "recipe").get("fit", {})
    base = settings.get("backbone") or {}
    apart = is_apart(settings)
    metric = fit.get("metric")
    return {
        "folder": folder,
        "method": fit.get("adapt"),
        "kept": "apart" if apart else "compressed" if settings.get("engine") in COMPRESSED else "merged",
        "backbone": base.get("name"),
        "where": base.get("where") if apart else None,
        "sha256": base.get("sha256") if apart else None,
        "head": settings.get("head"),
        "labels": settings.get("labels"),
        "trained_parameters": fitting.get("trained_parameters"),
        "bytes": sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
        "metric": metric,
        "dev": (fitting.get("dev") or {}).get(metric),
        "best": fitting.get("best"),
        "fits": (_fits(settings, asked, given) if asked else _is_here(folder, str(base.get("where"))))
        if apart
        else None,
    }


def _fits(settings: dict[str, Any], asked: str, given: dict[str, Backbone]) -> bool:
    """Whether the backbone asked about, loaded once, is the one a model was fitted on."""
    from bedside.backbones._load import load_backbone
    from bedside.backbones._writer import load_writer
    from bedside.model.apart import is_base

    engine = settings["engine"]
    if engine not in given:
        try:
            given[engine] = load_writer(asked) if engine == "causal" else load_backbone(asked)
        except UsageError:
            if engine == "causal":  # an encoder fits no model that writes
                return False
            raise
    return is_base(settings["backbone"], given[engine])


def _is_here(folder: Path, where: str) -> bool:
    """Whether the backbone is where it was, as far as can be told without loading it; null (hub) is not looked for."""
    from bedside import registry
    from bedside.model.apart import place_of

    if where in registry.names("backbones"):
        return bool(registry.load("backbones", where).installed())
    return Path(place_of(folder, where)).is_dir()


def _shown(row: dict[str, Any]) -> tuple[Any, ...]:
    from bedside.evaluate.pages.runs import told

    figure = told(row["dev"]) if row["dev"] else f"{row['best']:.4f}" if isinstance(row["best"], float) else ""
    kept = {"apart": tr("apart", "分开"), "merged": tr("merged", "合并"), "compressed": tr("compressed", "压缩")}
    fits = {True: tr("yes", "是"), False: tr("no", "否"), None: ""}
    trained = row["trained_parameters"]
    return (
        row["folder"],
        tr(
            f"{row['method']} on {row['backbone']}, {kept[row['kept']]}",
            f"{row['method']} {row['backbone']} {kept[row['kept']]}",
        ),
        f"{row['head']} ({len(row['labels'] or ())})",
        "" if trained is None else f"{trained / 1e6:.2f} M",
        f"{row['bytes'] / 1e6:.1f}",
        f"{row['metric']} {figure}",
        fits[row["fits"]],
    )


@COMMAND.command("merge")
def merge(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=tr("Model kept apart", "分开保存的模型"))],
    out: Annotated[Path, typer.Option("-o", "--out", help=tr("Model folder to write", "要写出的模型目录"))],
    backbone_folder: BackboneFolder = None,
    force: Annotated[bool, typer.Option("--force", help=tr("Replace a model at OUT", "覆盖已有模型"))] = False,
    json: JsonFlag = False,
) -> None:
    """Put what was learnt into the weights of its backbone: a plain model folder that answers the same.

    `bedside adapters merge MODEL -o WHOLE`
    """
    from bedside.files import check_out
    from bedside.model.folder import open_model
    from bedside.model.layout import check_place
    from bedside.model.merged import merged

    check_out(out, inputs=[folder], folder=True)
    check_place(out, replace=force)
    whole = merged(open_model(folder, backbone=backbone_folder), where=str(folder))
    whole.save(out, replace=force)
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    if json:
        emit_json({"out": out, "bytes": size})
        return
    say(
        tr(
            f"saved to {out} ({size / 1e6:.1f} MB); it needs no backbone beside it",
            f"已保存到 {out}（{size / 1e6:.1f} MB），不再需要另附骨干",
        )
    )
