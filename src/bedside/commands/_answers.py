"""Answers gather in OUT.part, which becomes OUT when the table is done, so that a stopped run can be taken up again."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from bedside.commands._io import STDOUT, check_lines_name
from bedside.errors import DataError, UsageError
from bedside.files import behind_links, check_out, hold
from bedside.lang import tr

OPENING = b'{"id": '
"""How each line begins; a last line that begins so and has no end was cut short by a kill."""

ANSWERS = {
    "probabilities",
    "entities",
    "tags",
    "relations",
    "documents",
    "ranking",
    "survival",
    "answer",
    "value",
    "draft",
    "present",
    "negated",
    "conditions",
    "trials",
    "verdict",
    "error",
}
"""One of these is in every line of `bedside predict`, `phenotypes`, `context`, `trials criteria` and `guard`."""


def check_place(out: Path, data: Path, *, resume: bool, force: bool) -> None:
    """Refuse a place that cannot be written, and a file that is there, unless to be continued or written over.

    Standard output can always be written, and never continued.
    """
    if out == STDOUT:
        if resume:
            raise UsageError(
                tr("standard output cannot be continued", "标准输出无法续写"), next="-o OUT.jsonl --resume"
            )
        return
    check_lines_name(out)
    for path in (out, _part(out)):
        check_out(path, inputs=[data])
        if path.exists() and path.stat().st_size and not (resume or force):
            raise UsageError(tr("the file is there already", "文件已存在"), value=path, next="--resume | --force")


def take_up(out: Path, ids: Iterator[str]) -> tuple[int, int]:
    """Leave in OUT.part the whole lines of a stopped run, or of OUT when none was stopped.

    Returns how many they are, and how many of them tell why there is no answer.

    As many are taken from `ids`, the ids of the table. Raises DataError for a line that is not the answer to its row,
    and then changes nothing.
    """
    part = _part(out)
    found = part if part.exists() else out
    if not found.exists():
        return 0, 0
    rows = size = failed = 0
    with found.open("rb") as lines:
        for line in lines:
            if not line.endswith(b"\n") and OPENING.startswith(line[: len(OPENING)]):
                break
            rows, size = rows + 1, size + len(line)
            answer = _parsed(line)
            failed += "error" in answer
            if fault := _fault(answer, next(ids, None)):
                where = tr(f"{found}: line {rows}", f"{found}：第 {rows} 行")
                raise DataError(fault, where=where, next=tr("choose another -o, or --force", "另选 -o，或 --force"))
    with part.open("ab") as file:
        hold(file, part)
        if found is out:
            shutil.copyfile(out, part)
        file.truncate(size)
    return rows, failed


@contextmanager
def growing_file(out: Path, *, resume: bool) -> Iterator[IO[str]]:
    """A stream onto OUT.part, at its end to resume, which replaces OUT when the block ends well and else stays.

    Raises UsageError when another run is writing there.
    """
    if out == STDOUT:
        yield sys.stdout
        sys.stdout.flush()
        return
    part = _part(out)
    with part.open("a", encoding="utf-8", errors="surrogatepass") as stream:
        hold(stream, part)
        if not resume:
            stream.truncate(0)
        yield stream
        stream.flush()
        os.fsync(stream.fileno())
        if os.name == "nt":  # where an open file cannot be replaced, none is held
            stream.close()
        os.replace(part, behind_links(out))


def _part(out: Path) -> Path:
    file = behind_links(out)
    return file.with_name(f"{file.name}.part")


def _parsed(line: bytes) -> dict[str, Any]:
    """A line's object; empty when it holds none."""
    try:
        answer = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _fault(answer: dict[str, Any], id: str | None) -> str:
    """What is wrong with a line as the answer to the row of that id; "" when nothing is."""
    if id is None:
        return tr("more answers than the table has rows", "结果行数多于表格行数")
    if "id" not in answer or not answer.keys() & ANSWERS:
        return tr("not an answer that bedside wrote", "不是 bedside 写出的结果")
    return "" if answer["id"] == id else tr("the id is not that of the table's row", "编号与表格中对应行的编号不符")
