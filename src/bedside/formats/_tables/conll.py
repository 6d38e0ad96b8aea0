"""Columns as CoNLL 2003 has them: a token a line, its tag last, a blank line after each sentence; read and written.

Tags may be of any scheme (IOB1, IOB2, BIOES, BILOU, BMES). `-DOCSTART-` begins a document; a line with # whose last
column is no tag is a remark. Source: Tjong Kim Sang & De Meulder 2003, "Introduction to the CoNLL-2003 Shared Task".
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bedside.formats._files.bytes import head, opened
from bedside.formats._files.encoding import checked, detect

TAG = re.compile(r"O|[BIESLUM]-\S+")
SUFFIXES = (".conll", ".iob", ".iob2", ".bio", ".bioes", ".bmes")
START = "-DOCSTART-"
LOOKED_AT = 20
"""Lines that must all be a token and its tag for a file of any name to be taken for columns."""


def is_conll(path: Path) -> bool:
    """By the file's name, or because each of its first lines is a token and a tag."""
    if path.name.lower().removesuffix(".gz").endswith(SUFFIXES):
        return True
    sample = head(path)
    text = sample.decode(detect(sample).name, "replace")
    lines = [cells for line in text.splitlines()[: LOOKED_AT + 1] if (cells := _cells(line))]
    judged = [cells for cells in lines[:LOOKED_AT] if cells[0] != START and not _is_remark(cells)]
    return len(judged) > 1 and all(len(cells) > 1 and TAG.fullmatch(cells[-1]) for cells in judged)


def conll_rows(path: Path, encoding: str | None = None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield `(place, row)` for each sentence: `text` its tokens, `label` their tags, `document` its document's number.

    A token without a tag has the tag "", which no reader of tags takes. The place is the line of the first token.
    """
    name = checked(encoding) if encoding else detect(head(path)).name
    document, tokens, tags, begun = 1, list[str](), list[str](), 0
    with opened(path) as data, io.TextIOWrapper(data, encoding=name, errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            cells = _cells(line.removeprefix("\ufeff"))
            ends = not cells or cells[0] == START
            if ends and tokens:
                yield _row(begun, document, tokens, tags)
                tokens, tags = [], []
            if cells and cells[0] == START:
                document += begun > 0
            elif cells and not _is_remark(cells):
                begun = begun if tokens else number
                tokens.append(cells[0])
                tags.append(cells[-1] if len(cells) > 1 else "")
    if tokens:
        yield _row(begun, document, tokens, tags)


def conll_lines(sentences: Iterable[tuple[Sequence[str], Sequence[str]]]) -> Iterator[str]:
    """Lines for sentences of tokens and tags, a tab between; a blank inside a token, which would end it, is `_`.

    >>> "".join(conll_lines([(["头", "痛"], ["B-symptom", "I-symptom"])]))
    '头\\tB-symptom\\n痛\\tI-symptom\\n\\n'
    """
    for tokens, tags in sentences:
        for token, tag in zip(tokens, tags, strict=True):
            yield "_".join(token.split()) + f"\t{tag}\n"
        yield "\n"


def _row(begun: int, document: int, tokens: list[str], tags: list[str]) -> tuple[str, dict[str, Any]]:
    return f"line {begun}", {"id": f"{begun}", "text": tokens, "label": tags, "document": f"{document}"}


def _cells(line: str) -> list[str]:
    """By tabs where there are any; a token may then hold blanks."""
    if not line.strip():
        return []
    return [cell.strip() for cell in line.strip("\r\n").split("\t")] if "\t" in line else line.split()


def _is_remark(cells: list[str]) -> bool:
    return cells[0].startswith("#") and not TAG.fullmatch(cells[-1])
