"""Run the whole road on real lung-nodule readings, start to finish | 用真实肺结节阅片数据跑通全流程"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bedside.commands._io import JsonFlag, Seed, emit_json
from bedside.lang import tr


def run(
    out: Annotated[
        Path, typer.Option("--out", help=tr("Folder for everything it makes", "全部产物所在的文件夹"))
    ] = Path("quickstart"),
    seed: Seed = 0,
    epochs: Annotated[
        int | None, typer.Option(help=tr("Passes over the training readings (default: 2, in Chinese 1)", "训练轮数"))
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Charts in, a measured, explained, served model out: on the LIDC-IDRI readings that came with the install.

    Every step is a public command, printed as it runs, so each can be repeated on your own data. The label is what
    the *other* radiologists thought of the nodule: an impression, not pathology.

    Example: `bedside quickstart --out quickstart`
    """
    from bedside.commands._quickstart.steps import walk
    from bedside.files import check_out

    check_out(out, folder=True)
    result = walk(out, seed=seed, epochs=epochs, quiet=json)
    if json:
        emit_json(result)


COMMAND = run
