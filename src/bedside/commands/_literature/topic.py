"""`bedside literature topic` and `update`: a page on a question, and the same page after the library has grown."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._io import PARTLY, JsonFlag, emit_json, progress, say
from bedside.commands._knowledge.open import LibraryFolder, folder_of, open_library
from bedside.commands._literature.options import Watch
from bedside.errors import BedsideError, UsageError
from bedside.lang import current, disclaimer, tr

if TYPE_CHECKING:
    from bedside.literature.topic.state import Topic


def topic(
    question: Annotated[str, typer.Argument(help=tr("A question or terms", "问题或检索词"))],
    out: Annotated[Path, typer.Option("-o", "--out", metavar="PAGE", help=tr("HTML to write", "输出 HTML"))],
    library: LibraryFolder = None,
    top: Annotated[int, typer.Option(min=1, help=tr("Papers at a look", "每次检索的文献数"))] = 20,
    source: Annotated[list[str] | None, typer.Option(help=tr("In this source only", "仅检索该来源"))] = None,
    mode: Annotated[str | None, typer.Option(help="hybrid | lexical | dense")] = None,
    retractions: Watch = None,
    force: Annotated[bool, typer.Option("--force", help=tr("Write over PAGE", "覆盖输出文件"))] = False,
    json: JsonFlag = False,
) -> None:
    """A living page on a question: sentences of the library's papers with citations, the papers with their figures.

    The page is one file, with all that `update` needs. Retracted papers are crossed out.

    `bedside literature topic "colchicine for prevention of gout flares" --library DIR -o gout.html`

    `bedside literature update gout.html`
    """
    from bedside.files import check_out
    from bedside.literature.topic.state import Topic

    if not question.strip():
        raise UsageError(tr("the question is empty", "问题为空"))
    check_out(out, [retractions])
    if out.exists() and not force:
        again = f"bedside literature update {out}"
        raise UsageError(tr("the file is there already", "文件已存在"), value=out, next=f"{again} | --force")
    folder = folder_of(library)
    asked = Topic(
        question=question.strip(),
        lang=current(),
        library=_from_page(folder, out),
        top=top,
        mode=mode or "",
        sources=tuple(source or ()),
        retractions=_from_page(retractions, out) if retractions else "",
    )
    made = _look(asked, folder, retractions)
    _write(made, out)
    if json:
        emit_json({"out": out, **_counts(made), "note": disclaimer()})
    else:
        papers, sentences = len(made.papers), len(made.sentences)
        en = f"{out}: {papers} papers, {sentences} sentences"
        say(tr(en, f"{out}：{papers} 篇文献，{sentences} 个句子"))


def update(
    pages: Annotated[list[Path], typer.Argument(metavar="PAGE...", help=tr("Topic pages", "专题页"))],
    library: LibraryFolder = None,
    retractions: Watch = None,
    json: JsonFlag = False,
) -> None:
    """Look at the library again for each page; a page is written anew only where something changed.

    `bedside literature update topics/*.html`
    """
    from bedside.literature.topic.state import read_topic

    reports: list[dict[str, Any]] = []
    with progress(tr("updating", "更新"), len(pages)) as advance:
        for page in pages:
            try:
                known = read_topic(page)
                folder = library or page.parent / known.library
                watch = retractions or (page.parent / known.retractions if known.retractions else None)
                fresh = _look(known, folder, watch)
                if fresh is not known:
                    _write(fresh, page)
                reports.append({"page": page, "written": fresh is not known, **_counts(fresh, fresh is not known)})
            except BedsideError as fault:
                if len(pages) == 1:
                    raise
                reports.append({"page": page, "error": str(fault)})
            advance()
    if json:
        emit_json({"pages": reports, "note": disclaimer()})
    else:
        for one in reports:
            say(_said(one))
    if any("error" in one for one in reports):
        raise typer.Exit(PARTLY)


def _look(topic: Topic, folder: Path, retractions: Path | None) -> Topic:
    from bedside.literature.notices import read_watch
    from bedside.literature.screening.labels import now
    from bedside.literature.topic.look import look

    watch = read_watch(retractions) if retractions else None
    with open_library(folder, topic.mode or None, None, None) as opened:
        return look(opened, topic, now(), watch)


def _write(topic: Topic, out: Path) -> None:
    from bedside.files import whole_file
    from bedside.literature.topic.page import page

    with whole_file(out) as file:
        file.write(page(topic))


def _from_page(path: Path, out: Path) -> str:
    """A path as it is found from the page, so that both can be moved together."""
    return os.path.relpath(path.resolve(), out.resolve().parent)


def _counts(topic: Topic, changed: bool = True) -> dict[str, int]:
    last = topic.log[-1]
    new, gone, other = (len(one) if changed else 0 for one in (last.new, last.gone, last.changed))
    return {"papers": len(topic.papers), "sentences": len(topic.sentences), "new": new, "gone": gone, "changed": other}


def _said(one: dict[str, Any]) -> str:
    if "error" in one:
        return f"{one['page']}: {one['error']}"
    if not one["written"]:
        return tr(f"{one['page']}: nothing has changed", f"{one['page']}：没有变化")
    en = f"{one['page']}: {one['new']} new, {one['gone']} withdrawn or retracted, {one['changed']} changed"
    return tr(en, f"{one['page']}：新增 {one['new']}，撤回或撤稿 {one['gone']}，有变化 {one['changed']}")
