"""Try whether a server keeps to CDS Hooks, FHIR and other standards | 检验服务器是否符合 CDS Hooks、FHIR 等标准"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bedside.commands._io import PARTLY, JsonFlag, emit_json, progress, say, table
from bedside.errors import UsageError
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.conformance._base import Tried


def run(
    url: Annotated[str, typer.Argument(metavar="URL", help=tr("Address of the server", "服务器地址"))],
    standard: Annotated[
        list[str] | None, typer.Option(help=tr("Try this one only; can be repeated", "仅检验该标准，可重复"))
    ] = None,
    key: Annotated[
        str | None, typer.Option(envvar="BEDSIDE_API_KEY", help=tr("API key to send", "要发送的 API 密钥"))
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Speak to a server as a client of the standard would, and say clause by clause whether it keeps to it.

    Any server can be tried, not ours alone; nothing is written to it but feedback of a made-up card. Exit code 0 when
    every clause that could be tried is kept, 3 otherwise.

    `bedside conformance http://127.0.0.1:8765 --key KEY`

    `bedside conformance https://cds.example.org --standard cds-hooks --json`
    """
    from bedside.conformance._base import http_client, try_all
    from bedside.conformance.standards import STANDARDS

    wanted = standard or list(STANDARDS)
    if strange := [name for name in wanted if name not in STANDARDS]:
        raise UsageError(
            tr("unknown standard", "未知的标准"), where="--standard", value=", ".join(strange), allowed=list(STANDARDS)
        )
    client = http_client(url, key)
    tried: list[Tried] = []
    with progress(tr("trying", "检验中"), len(wanted)) as advance:
        for name in wanted:
            tried += try_all(name, STANDARDS[name], client)
            advance()
    failed = [one for one in tried if one.outcome == "failed"]
    if json:
        emit_json({"url": url, "conforms": not failed, "tried": tried})
    else:
        _tell(tried)
    if failed:
        raise typer.Exit(PARTLY)


def _tell(tried: list[Tried]) -> None:
    names = {"passed": tr("kept", "符合"), "failed": tr("NOT kept", "不符合"), "skipped": tr("not tried", "未检验")}
    head = (tr("standard", "标准"), tr("what", "内容"), tr("clause", "条款"), "", tr("why", "原因"))
    rows = [(one.standard, one.what, one.clause, names[one.outcome], one.why) for one in tried]
    table(tr("Conformance", "一致性检验"), head, rows)
    count = {name: sum(one.outcome == name for one in tried) for name in names}
    say(", ".join(f"{names[name]}: {count[name]}" for name in names))


COMMAND = run
