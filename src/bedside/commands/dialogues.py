"""Delete dialogues of a clinical server that need be kept no longer | 清理临床服务中已过保存期的对话"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from bedside.commands._clinic_open import DatabaseUrl, DataFolder, KeyFile, audited, opened
from bedside.commands._io import JsonFlag, emit_json, say
from bedside.lang import tr

COMMAND = typer.Typer(
    add_completion=False,
    help=tr("Dialogues of a clinical server", "临床服务的对话记录"),
    no_args_is_help=True,
    rich_markup_mode="markdown",
)


@COMMAND.callback()
def group() -> None:
    """Dialogues of a clinical server; they are read at the server, by those who may."""


@COMMAND.command()
def prune(
    data: DataFolder,
    before: Annotated[datetime, typer.Option(help=tr("Delete those of before this day", "删除此日期之前的对话"))],
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    json: JsonFlag = False,
) -> None:
    """Delete dialogues older than the law asks to keep; younger ones are refused."""
    with opened(data, database, key_file) as clinic:
        gone = clinic.dialogues.prune(before.replace(tzinfo=UTC))
        audited(clinic, "dialogues.prune", deleted=gone, before=str(before.date()))
    emit_json({"deleted": gone}) if json else say(tr(f"deleted: {gone}", f"已删除：{gone}"))
