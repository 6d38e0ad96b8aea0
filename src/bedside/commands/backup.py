"""Copy a clinical server's data while it runs, ready to be restored | 在运行中备份临床服务数据，可随时恢复"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bedside.commands._clinic_open import DataFolder
from bedside.commands._io import JsonFlag, emit_json, say
from bedside.errors import UsageError
from bedside.lang import tr


def run(
    data: DataFolder,
    out: Annotated[Path, typer.Option("-o", "--out", help=tr("Folder to make", "新建的备份目录"))],
    json: JsonFlag = False,
) -> None:
    """Copy a data folder, consistent though the server goes on: databases, then the audit log to its signed end.

    The master key is not copied: keep it elsewhere. A PostgreSQL database is copied by `pg_dump`, before this.

    `bedside backup --data /srv/bedside -o /backup/2026-11-23`
    """
    from bedside.clinic.backup import back_up
    from bedside.files import check_out

    if not data.is_dir():
        raise UsageError(tr("no such data folder", "数据目录不存在"), value=data)
    if out.exists() or out.resolve().is_relative_to(data.resolve()):
        what = tr("a backup goes to a new folder outside the data", "备份须写入数据目录之外的新目录")
        raise UsageError(what, value=out)
    check_out(out, folder=True)
    made = back_up(data, out)
    if json:
        emit_json(made)
        return
    size = f"{made.bytes / 2**20:.1f} MiB"
    say(
        tr(
            f"{out}: {made.databases} databases, {made.audit_lines} audit lines, {size}",
            f"{out}：{made.databases} 个数据库，{made.audit_lines} 行审计日志，{size}",
        )
    )
    say(tr("the master key is not in it: keep it elsewhere", "不含主密钥，请另行保管"), quiet=True)


COMMAND = run
