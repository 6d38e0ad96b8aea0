"""`bedside graph build`: HPO and the library's passages into the graph."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._graph.writing import near, writing
from bedside.commands._io import JsonFlag, emit_json, progress, say
from bedside.commands._knowledge.open import LibraryFolder, folder_of
from bedside.errors import UsageError
from bedside.lang import counted, tr

if TYPE_CHECKING:
    from bedside.graph._reader import How
    from bedside.graph._writer import Writer
    from bedside.knowledge.hpo import Hpo


def build(
    library: LibraryFolder = None,
    hpo: Annotated[bool, typer.Option("--hpo/--no-hpo", help=tr("Take in HPO's annotations", "纳入 HPO 注释"))] = True,
    hpo_folder: Annotated[
        Path | None, typer.Option("--hpo-folder", help=tr("Folder of a newer release", "较新版本的目录"))
    ] = None,
    passages: Annotated[
        bool, typer.Option("--passages/--no-passages", help=tr("Read the library's passages", "读取知识库段落"))
    ] = True,
    source: Annotated[list[str] | None, typer.Option(help=tr("Passages of this source only", "仅读取该来源"))] = None,
    tagger: Annotated[
        Path | None, typer.Option(help=tr("Fitted tag model that finds entities too", "另用 tag 模型识别实体"))
    ] = None,
    relater: Annotated[
        Path | None,
        typer.Option(help=tr("Fitted relate model, with --tagger", "relate 模型（与 --tagger 同用）")),
    ] = None,
    link: Annotated[
        bool,
        typer.Option("--link", help=tr("Link unknown names by vectors, with a margin", "用向量链接未知名称（带间隔）")),
    ] = False,
    again: Annotated[bool, typer.Option("--again", help=tr("Read all passages anew", "重新读取全部段落"))] = False,
    json: JsonFlag = False,
) -> None:
    """Build the graph, or bring it up to date: only new passages are read, and withdrawn ones are counted no more.

    It is one file, `graph.sqlite`, in the folder of the library. A stopped run goes on where it was.

    `bedside graph build --library DIR`

    `bedside graph build --library DIR --tagger TAG_MODEL --relater RELATE_MODEL`
    """
    from bedside.graph.from_library import there

    folder = folder_of(library)
    if library is not None and passages and not folder.exists():
        raise UsageError(
            tr("no such folder", "目录不存在"),
            value=folder,
            next=tr(
                "bedside knowledge list --library DIR; --no-passages makes a graph of HPO in a new folder",
                "bedside knowledge list --library DIR；--no-passages 在新目录中仅用 HPO 建图",
            ),
        )
    if passages and not there(folder):
        if not hpo:
            raise UsageError(
                tr(
                    "no library there, and no HPO wanted: nothing to build from",
                    "该处没有知识库，也不使用 HPO：无可构建",
                ),
                value=folder,
                next="bedside knowledge add FILE --library DIR",
            )
        say(tr(f"no library in {folder}: HPO only", f"{folder} 没有知识库：仅使用 HPO"), quiet=True)
        passages = False
    opened = _hpo(hpo_folder) if hpo else None
    report: dict[str, Any] = {"library": folder}
    with writing(folder) as writer:
        if opened is not None:
            report["hpo"] = {"release": opened.release, "changed": _add_hpo(writer, opened, hpo_folder)}
        if passages:
            how = _how(writer, opened, tagger, relater, link, tuple(source or ()))
            report["passages"] = _add_library(writer, folder, how, again=again)
    _tell(folder, report, as_json=json)


def _hpo(folder: Path | None) -> Hpo:
    from bedside.knowledge.hpo import open_hpo

    return open_hpo(folder)


def _add_hpo(writer: Writer, hpo: Hpo, folder: Path | None) -> bool:
    from bedside.graph.from_hpo import add_hpo, steps

    with progress(tr("HPO into the graph", "HPO 写入图谱"), steps(hpo)) as advance:
        return add_hpo(writer, hpo, folder, advance)


def _add_library(writer: Writer, folder: Path, how: How, *, again: bool) -> dict[str, int]:
    from bedside.graph.from_library import add_library, left

    total = left(folder, writer, how, again=again)
    with progress(tr("reading passages", "读取段落"), total) as advance:
        return asdict(add_library(writer, folder, how, advance, again=again))


def _how(
    writer: Writer, hpo: Hpo | None, tagger: Path | None, relater: Path | None, link: bool, sources: tuple[str, ...]
) -> How:
    from bedside.graph._reader import How

    if relater and not tagger:
        raise UsageError(
            tr("relations are between entities, which a tag model must find", "关系需要由 tag 模型找出的实体"),
            where="--relater",
            next="--tagger TAG_MODEL",
        )
    models = tuple(str(one.resolve()) for one in (tagger, relater) if one) + (("link",) if link else ())
    return How(
        hpo=hpo,
        tags=_tags(tagger) if tagger else None,
        relates=_relates(relater, tagger) if relater and tagger else None,
        near=near(writer) if link else None,
        models=models,
        sources=sources,
    )


def _tags(folder: Path) -> Callable[[Sequence[str]], list[Any]]:
    from bedside.model.folder import open_model
    from bedside.types import Tagging

    model = open_model(folder)
    if model.head not in ("tag", "nested"):
        raise UsageError(
            tr("not a model that finds entities", "不是实体识别模型"),
            where="--tagger",
            value=model.head,
            allowed="tag, nested",
        )
    return lambda texts: [one.entities if isinstance(one, Tagging) else () for one in model.predict(texts)]


def _relates(folder: Path, tagger: Path) -> Callable[[Sequence[str]], list[Any]]:
    from bedside.model.folder import open_model
    from bedside.model.supply import with_tagger
    from bedside.types import Relating

    model = with_tagger(open_model(folder), tagger, afresh=True)
    return lambda texts: [one.relations if isinstance(one, Relating) else () for one in model.predict(texts)]


def _tell(folder: Path, report: dict[str, Any], *, as_json: bool) -> None:
    from bedside.graph import Graph

    with Graph(folder) as graph:
        sizes = graph.sizes()
    if as_json:
        emit_json({**report, **sizes})
        return
    if read := report.get("passages"):
        say(
            tr(
                f"{counted(read['passages'], 'passage')} read, {read['evidence']} pieces of evidence; "
                f"{read['flagged']} withdrawn and no longer counted, {read['restored']} found again",
                f"读取 {read['passages']} 个段落，得证据 {read['evidence']} 条；"
                f"已撤回不再计数 {read['flagged']}，恢复 {read['restored']}",
            )
        )
    concepts = sum(sizes["concepts"].values())
    edges = sum(one["affirmed"] for one in sizes["relations"])
    say(
        tr(
            f"the graph has {counted(concepts, 'concept')} and {counted(edges, 'affirmed edge')}, "
            f"{sizes['evidence']} pieces of evidence",
            f"图谱含概念 {concepts} 个、肯定的边 {edges} 条、证据 {sizes['evidence']} 条",
        )
    )
