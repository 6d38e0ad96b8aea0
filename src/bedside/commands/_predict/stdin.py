"""Rows from standard input, as they come: JSON Lines, or a text a line."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from bedside.commands._io import say
from bedside.formats._base import Problem
from bedside.formats._files.bytes import decode
from bedside.formats._files.lines import place
from bedside.formats._syntax.json import loads
from bedside.formats._tables import OnProblem, Placed
from bedside.lang import tr

STDIN = Path("-")
BLOCK = 1 << 16
PATIENCE_MS = 20
"""How long the end of a burst is waited for."""


class Arriving:
    """The lines of a stream; `more` says whether the next one is here, or would have to be waited for."""

    def __init__(self, stream: int) -> None:
        self._stream, self._rest, self._ended = stream, b"", False
        self._poll = select.poll()
        self._poll.register(stream, select.POLLIN)

    def __iter__(self) -> Iterator[bytes]:
        while True:
            line, newline, rest = self._rest.partition(b"\n")
            if newline:
                self._rest = rest
                yield line
            elif self._ended:
                if line:
                    self._rest = b""
                    yield line
                return
            else:
                self._read()

    def more(self) -> bool:
        """Whether there is another line already."""
        while not self._ended and b"\n" not in self._rest:
            if not self._poll.poll(PATIENCE_MS):
                return False
            self._read()
        return bool(self._rest)

    def _read(self) -> None:
        """Blocks are joined once a line ends, so that a long line takes no more than its own time."""
        blocks = [self._rest]
        while block := os.read(self._stream, BLOCK):
            blocks.append(block)
            if b"\n" in block or not self._poll.poll(PATIENCE_MS):
                break
        self._ended = not block
        self._rest = b"".join(blocks)


def stdin_rows(lines: Arriving, text_column: str, tell: OnProblem) -> tuple[bool, Iterator[Placed]]:
    """Whether the lines are JSON, and the rows they hold: an object a line, or a text a line under `text_column`.

    The first line decides, and what was decided is said on stderr. Blank lines are passed over; a line of JSON that is
    none goes to `tell`.
    """
    if sys.stdin.isatty():
        say(tr("reading from the keyboard; Ctrl-D ends", "从键盘读取；按 Ctrl-D 结束"), quiet=True)
    numbered = ((n, decode(line.removeprefix(b"\xef\xbb\xbf"), None).strip()) for n, line in enumerate(lines, 1))
    filled = ((number, line) for number, line in numbered if line)
    first = next(filled, None)
    if first is None:
        return False, iter(())
    is_json = isinstance(_value(first[1]), dict) or first[1].startswith('{"')
    kind = tr("JSON Lines", "JSON Lines") if is_json else tr("one text a line", "每行一段文本")
    say(tr(f"standard input: {kind}", f"标准输入：{kind}"), quiet=True)
    every = chain([first], filled)
    if is_json:
        return True, _objects(every, tell)
    return False, ((place(number), {text_column: line}) for number, line in every)


def _objects(lines: Iterator[tuple[int, str]], tell: OnProblem) -> Iterator[Placed]:
    """A key of the rows before is there as None where it is absent, as in a table."""
    known: dict[str, None] = {}
    for number, line in lines:
        value = _value(line)
        if not isinstance(value, dict):
            tell(Problem(place(number), tr("not a JSON object; left out", "不是 JSON 对象；未读取")))
            continue
        known.update(dict.fromkeys(value))
        yield place(number), {**known, **value}


def _value(line: str) -> Any:
    try:
        return loads(line)[0]
    except ValueError:
        return None
