"""The hash of every file in a model folder: a folder that was changed, cut short or added to is refused."""

from __future__ import annotations

import json
import os
from pathlib import Path

from bedside.errors import ModelError, ModelTampered
from bedside.lang import tr
from bedside.receipt import file_sha256

NAME = "manifest.json"


def write_manifest(folder: Path) -> None:
    """Hash every file below `folder` into manifest.json."""
    hashes = {path.relative_to(folder).as_posix(): file_sha256(path) for path in _files(folder)}
    (folder / NAME).write_text(json.dumps({"sha256": hashes}, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def check_manifest(folder: Path) -> None:
    """Compare; raises ModelError for a missing file and ModelTampered for a changed or added one."""
    try:
        expected: dict[str, str] = dict(json.loads((folder / NAME).read_text(encoding="utf-8"))["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        raise ModelError(
            tr(
                "not a whole model folder: manifest.json is missing or broken",
                "模型目录不完整：缺少 manifest.json 或已损坏",
            ),
            where=str(folder),
            next="bedside fit --help",
        ) from None
    there = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
    for name in sorted(expected.keys() - there.keys()):
        raise ModelError(
            tr("a file of the model is missing", "模型缺少文件"),
            where=str(folder),
            value=name,
            next=tr("copy the whole folder again", "请重新完整复制该目录"),
        )
    changed = [name for name, path in there.items() if expected.get(name) != file_sha256(path)]
    if changed:
        raise ModelTampered(
            tr("not as it was saved: its hash differs", "与保存时不一致：哈希值不同"),
            where=str(folder),
            value=", ".join(sorted(changed)),
            next=tr("copy the folder again from where it was made", "请从生成处重新复制该目录"),
        )


def _files(folder: Path) -> list[Path]:
    found = [Path(root) / name for root, _, names in os.walk(folder) for name in names]
    return sorted(path for path in found if path != folder / NAME)
