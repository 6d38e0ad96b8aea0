"""What there is of each kind (formats, backbones, heads, commands, ...), and one of them by name, loaded late.

A kind is a folder of this package; a name is a file in it. Other packages add theirs through entry points of the group
`bedside.<kind>`. Nothing is imported to list names, so a broken file cannot hide its neighbours.
"""

from __future__ import annotations

import difflib
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from bedside.errors import UnknownName

EXPORTS = {
    "backbones": "BACKBONE",
    "commands": "COMMAND",
    "formats": "FORMAT",
    "guards": "GUARD",
    "heads": "HEAD",
    "knowledge": "SOURCE",
    "library": "READER",
    "pages": "PAGE",
    "tasks": "TASK",
}
"""The object each file of a kind must define."""
FOLDERS = {"pages": "server/workbench/pages"}
"""Where a kind's folder is not called as the kind is."""


def names(kind: str) -> list[str]:
    """The names of one kind, sorted; a file `import_.py` is the name "import".

    >>> "classify" in names("heads")
    True
    """
    _check(kind)
    ours = {name.rstrip("_") for name in files_in(_folder(kind))}
    return sorted(ours | {point.name for point in entry_points(group=f"bedside.{kind}")})


@cache
def load(kind: str, name: str) -> Any:
    """The object of that name; an unknown name is refused with the nearest ones."""
    if name not in names(kind):
        near = difflib.get_close_matches(name, names(kind), n=1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise UnknownName(f"unknown {kind.rstrip('s')}{hint}", value=name, allowed=names(kind))
    for point in entry_points(group=f"bedside.{kind}"):
        if point.name == name:
            return point.load()
    stem = next(s for s in (name, name + "_") if (_folder(kind) / f"{s}.py").exists())
    home = FOLDERS.get(kind, kind).replace("/", ".")
    return getattr(import_module(f"bedside.{home}.{stem}"), EXPORTS[kind])


def purpose(kind: str, name: str) -> str:
    """The first line of a name's file, read without importing it."""
    for stem in (name, name + "_"):
        path = _folder(kind) / f"{stem}.py"
        if path.exists():
            with path.open(encoding="utf-8") as lines:
                return lines.readline().strip().strip('"').rstrip(".")
    return ""


def files_in(folder: Path) -> list[str]:
    """The names that the files of a folder are, sorted; those that begin with `_` are its machinery."""
    return sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))


def _folder(kind: str) -> Path:
    return Path(__file__).parent / FOLDERS.get(kind, kind)


def _check(kind: str) -> None:
    if kind not in EXPORTS:
        raise UnknownName("unknown kind", value=kind, allowed=sorted(EXPORTS))
