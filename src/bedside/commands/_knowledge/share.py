"""`bedside knowledge share`: a library that many servers search, in one PostgreSQL."""

from __future__ import annotations

from typing import Annotated

import typer

from bedside.commands._io import JsonFlag, emit_json, progress, say
from bedside.commands._knowledge.open import LibraryFolder, folder_of
from bedside.lang import counted, tr


def share(
    address: Annotated[
        str,
        typer.Argument(
            metavar="ADDRESS",
            help=tr(
                "postgresql://USER@HOST/DATABASE?schema=library (password: PGPASSWORD)",
                "postgresql://USER@HOST/DATABASE?schema=library（密码：PGPASSWORD）",
            ),
        ),
    ],
    library: LibraryFolder = None,
    json: JsonFlag = False,
) -> None:
    """Keep the library in a PostgreSQL that many servers share: what one adds, all find.

    A library that the folder holds is moved there; a new folder is led to the library that is there already. From then
    on every command takes the folder as before. Vectors need the extension pgvector.

    `bedside knowledge share "postgresql://bedside@db.hospital.lan/texts" --library DIR`
    """
    from bedside.library._database.share import share as moved

    folder = folder_of(library)
    with progress(tr("moving", "迁移")) as advance:
        rows = moved(folder, address, advance)
    if json:
        emit_json({"library": folder, "moved": rows})
        return
    en = f"{folder} leads to the shared library; {counted(rows, 'passage')} moved"
    say(tr(en, f"{folder} 已指向共享知识库；迁移段落 {rows}"))
