"""What the verbs share that keep a clinical server's data: where it lies, and opening it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bedside.errors import UsageError
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.clinic.open import Clinic

DATABASE = "BEDSIDE_DATABASE"
"""The variable that holds a database's address, for a line that others may read should not hold its password."""
DataFolder = Annotated[Path, typer.Option("--data", help=tr("The server's data folder", "临床服务的数据目录"))]
DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL|@FILE",
        envvar=DATABASE,
        help=tr("Its database, if not in --data", "数据库地址（若不在数据目录）"),
    ),
]
KeyFile = Annotated[
    Path | None, typer.Option("--key-file", help=tr("Master key (or BEDSIDE_CLINIC_KEY)", "主密钥文件"))
]


def opened(data: Path, database: str | None, key_file: Path | None) -> AbstractContextManager[Clinic]:
    """The clinic of a folder that is there; a mistyped name makes no new one."""
    from bedside.clinic.open import open_clinic

    if not data.is_dir():
        raise UsageError(tr("no such data folder", "数据目录不存在"), value=data, next=f"bedside serve --data {data}")
    return open_clinic(data, database=database, key_file=key_file)


def who_is_here() -> str:
    """The account of the machine itself that types."""
    import getpass

    return getpass.getuser()[:40]


def audited(clinic: Clinic, action: str, *, patient: str = "", **detail: str | int) -> None:
    """What is done at the machine itself stands in the audit log like the rest."""
    from bedside.clinic.audit.log import Event

    clinic.audit.write(
        Event(action=action, outcome="done", name=who_is_here(), via="command", patient=patient, detail=detail)
    )
