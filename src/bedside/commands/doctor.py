"""Examine this installation and a server's data: is all there, private, whole | 检查安装与服务数据：齐全、私密、完好"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bedside.commands._clinic_open import DatabaseUrl, KeyFile
from bedside.commands._io import PARTLY, JsonFlag, emit_json, say
from bedside.lang import tr


def run(
    data: Annotated[
        Path | None,
        typer.Option(help=tr("A clinical server's data folder, examined too", "同时检查临床服务的数据目录")),
    ] = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    json: JsonFlag = False,
) -> None:
    """Examine this installation, and a clinical server's data; exit 3 when something is to be mended."""
    from bedside.clinic.doctor import examine

    checks = examine(data, database, key_file)
    good = all(check.good for check in checks)
    if json:
        emit_json({"good": good, "checks": checks})
    else:
        for check in checks:
            mend = "" if check.good or not check.next else tr(f"  Next: {check.next}", f"  下一步：{check.next}")
            say(f"{'✓' if check.good else '✗'} {check.name:12} {check.what}{mend}")
    if not good:
        raise typer.Exit(PARTLY)


COMMAND = run
