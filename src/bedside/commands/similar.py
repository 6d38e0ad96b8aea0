"""Find a site's earlier charts most like one: what was done, how they fared | 查找相似的既往病历及其处理与转归"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bedside.commands._io import PARTLY, JsonFlag, emit_json
from bedside.lang import tr


def run(
    chart: Annotated[Path, typer.Argument(metavar="CHART", help=tr("The chart to find others like", "待比较的病历"))],
    among: Annotated[
        Path | None,
        typer.Option(metavar="CHARTS", help=tr("Charts without identity to compare with", "用于比较的已去标识病历")),
    ] = None,
    index: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help=tr("Index to search, and to bring up to date with --among", "索引目录")),
    ] = None,
    top: Annotated[int, typer.Option(min=1, max=100, help=tr("Charts to show", "显示的病历数"))] = 5,
    allow: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help=tr("List of ids that may be seen, or roles (TOML)", "可见病历列表或角色文件")
        ),
    ] = None,
    role: Annotated[str | None, typer.Option(help=tr("Role of the file of roles", "角色"))] = None,
    weights: Annotated[
        str | None,
        typer.Option(metavar="NAME=X,...", help=tr("Of problems, text, labs, course, person", "各部分权重")),
    ] = None,
    encoder: Annotated[
        str | None,
        typer.Option(help=tr("Backbone or rank model, none for words only", "骨干或 rank 模型；none 为仅按词")),
    ] = None,
    of: Annotated[
        str | None, typer.Option("--of", metavar="ID", help=tr("Which chart of a file of many", "文件中的病历编号"))
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", help=tr("Write a page here", "输出网页"))] = None,
    force: Annotated[bool, typer.Option("--force", help=tr("Write over the page", "覆盖网页"))] = False,
    json: JsonFlag = False,
) -> None:
    """Find the earlier charts most like one: what they share, where they differ, what was done, how they fared.

    Charts are compared by problems, text, laboratory values, course and person, each scored and shown. The others are
    taken at the moment of theirs that fits best, and what came later is told: it is what was done, not what should be.

    Only charts without identity are indexed (`bedside deidentify`); CHART itself may hold identity, which is removed
    first. A chart that FILE or the role does not allow is neither shown nor counted. A folder given with --index is
    kept, and a chart that comes again is indexed only when it has changed.

    `bedside similar CHART.json --among SAFE.jsonl`

    `bedside similar CHART.json --among NEW.jsonl --index INDEX --html similar.html`

    `bedside similar CHART.json --index INDEX --allow ROLES.toml --role cardiology --top 10 --json`
    """
    from bedside.commands._similar.find import find
    from bedside.commands._similar.out import show, told, write_page

    if html is not None:
        from bedside.commands._answers import check_place

        check_place(html, chart, resume=False, force=force)
    found = find(
        chart, among, index, of=of, top=top, allow=allow, role=role, weights=weights, encoder=encoder, quiet=json
    )
    if html is not None:
        write_page(html, found)
    if json:
        emit_json({**told(found), "html": html})
    else:
        show(found, html)
    if found.unread:
        raise typer.Exit(PARTLY)


COMMAND = run
