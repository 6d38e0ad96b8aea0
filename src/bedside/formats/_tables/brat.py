"""A folder as BRAT keeps it: a text in NAME.txt, its entities in NAME.ann; read and written.

    T1<tab>Disease 10 20<tab>lung cancer

Other lines (relations R, events E, attributes A, remarks #) are not entities and are passed over. Source:
https://brat.nlplab.org/standoff.html.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bedside.errors import FormatError
from bedside.formats._base import Problem
from bedside.formats._files.bytes import decode, read_all
from bedside.lang import tr

LARGEST = 64 * 2**20
"""Bytes of one text."""

PLACE = re.compile(r"(\S+) (\d+) (\d+)")
SEVERAL = re.compile(r"\S+ \d+ \d+(;\d+ \d+)+")
TEXT, MARKS = ".txt", ".ann"


def is_brat(folder: Path) -> bool:
    """Whether there is a text in it, or marks in it or in a folder of its; a folder of other things is none."""
    return any(any(folder.glob(pattern)) for pattern in (f"*{TEXT}", f"*{MARKS}", f"*/*{MARKS}"))


def brat_rows(folder: Path, tell: Callable[[Problem], None]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield `(place, row)` for each text by name: `id` and `document` its name, `text`, and `label` its entities.

    A text without an .ann file has no `label` (None). An entity of several stretches is told and left out; a line that
    is no entity after its T gives an empty one, which no reader of entities takes. A mark for which there is no text
    is told.
    """
    texts = sorted(_texts(folder))
    if not texts:
        what = tr("a folder without a text in it", "文件夹中没有文本")
        raise FormatError(what, value=f"{folder}/", allowed="NAME.txt, NAME.ann")
    for path in sorted(folder.rglob(f"*{MARKS}")):
        if not path.with_suffix(TEXT).exists():
            tell(Problem(_name(path, folder), tr("marks without their text", "标注缺少对应文本")))
    for path in texts:
        name = _name(path.with_suffix(""), folder)
        text = decode(read_all(path, LARGEST))
        marks = path.with_suffix(MARKS)
        label = list(_entities(marks, text, _name(marks, folder), tell)) if marks.exists() else None
        yield _name(path, folder), {"id": name, "document": name, "text": text, "label": label}


def write_brat(folder: Path, name: str, text: str, entities: Sequence[tuple[int, int, str]]) -> None:
    """Write a text and its entities (start, end, type) into a folder that is there; folders in `name` are made.

    Raises FormatError for a name that leads out of the folder. BRAT has no blank in a type: it becomes `_`.
    """
    place = folder / f"{name}{TEXT}"
    if os.path.isabs(name) or ".." in Path(name).parts or not Path(name).name or "\0" in name:
        raise FormatError(tr("an id that cannot be a file's name", "编号不能作为文件名"), value=name)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(text.encode("utf-8", "surrogatepass"))
    lines = [
        f"T{number}\t{'_'.join(kind.split())} {start} {end}\t{' '.join(text[start:end].splitlines())}\n"
        for number, (start, end, kind) in enumerate(entities, 1)
    ]
    (folder / f"{name}{MARKS}").write_bytes("".join(lines).encode("utf-8", "surrogatepass"))


def _texts(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob(f"*{TEXT}") if not path.name.startswith("."))


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _entities(marks: Path, text: str, name: str, tell: Callable[[Problem], None]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(decode(read_all(marks, LARGEST)).split("\n"), 1):
        if not line.startswith("T"):
            continue
        place, shown = (*line.rstrip("\r").split("\t")[1:3], "", "")[:2]
        if SEVERAL.fullmatch(place):
            why = tr("an entity of several stretches; this entity is left out", "实体由多段组成；该实体未使用")
            tell(Problem(f"{name} line {number}", why))
            continue
        found = PLACE.fullmatch(place)
        if not found:
            yield {}
            continue
        kind, start, end = found[1], int(found[2]), int(found[3])
        there = text[start:end]
        same = not shown or _plain(shown) == _plain(there)
        yield {"start": start, "end": end, "type": kind, "text": there if same else shown}


def _plain(text: str) -> str:
    return " ".join(text.split())
