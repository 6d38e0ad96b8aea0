"""Names and numbers in the columns of a table: what a head such as 床号, 姓名 or 交班人 says of the cells under it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from bedside.deid._recogniser import Candidate
from bedside.deid.lexicon.chinese import HAN, words
from bedside.deid.recognisers.names.zh_forms import PATIENT_LABELS, STAFF_LABELS
from bedside.deid.recognisers.names.zh_shapes import LATIN_NAME

_MARKS = "\t|｜,"
_MOST_TELLING = ("姓名", "患者", "床号", "签名", "医生", "医师", "护士")
"""A table without any of these heads tells of nobody."""
_FEWEST_CELLS = 3
_FEWEST_HEADS = 2
_PERSON = re.compile(rf"[{HAN}]{{2,4}}|{LATIN_NAME.pattern}")
_SHAPES = {
    "NAME": _PERSON,
    "STAFF": _PERSON,
    "BED/ROOM": re.compile(rf"[{HAN}]{{0,4}}[A-Z+]{{0,4}}-?\d{{1,4}}(?:-\d{{1,3}})?床?"),
    "ID": re.compile(r"[A-Za-z]{0,6}-?\d[\dA-Za-z-]{2,24}"),
    "PHONE": re.compile(r"\+?\d[\d -]{5,16}"),
    "ADDRESS": re.compile(rf"[{HAN}][{HAN}\dA-Za-z-]+"),
}


def recognise_columns(text: str) -> Iterator[Candidate]:
    """What stands under the heads of tables with tabs, bars or commas.

    >>> table = "床号|姓名|诊断\\n6|边城|肺脓肿"
    >>> [(c.type, table[c.start : c.end]) for c in recognise_columns(table)]
    [('BED/ROOM', '6'), ('NAME', '边城')]
    """
    if "\n" not in text or not any(head in text for head in _MOST_TELLING):
        return
    kinds: dict[int, str] = {}
    for mark in (mark for mark in _MARKS if mark in text):
        size = 0
        for cells in _rows(text, mark):
            heads = {place: _kinds()[shown] for place, (_, shown) in enumerate(cells) if shown in _kinds()}
            if len(heads) >= _FEWEST_HEADS and len(cells) >= _FEWEST_CELLS:
                kinds, size = heads, len(cells)
            elif len(cells) == size:
                yield from _read(cells, kinds)
            else:
                size = 0


def _rows(text: str, mark: str) -> Iterator[list[tuple[int, str]]]:
    """The cells of each line: where each begins without its blanks, and what it shows."""
    start = 0
    for line in text.split("\n"):
        cells, at = [], start
        for cell in line.split(mark):
            cells.append((at + len(cell) - len(cell.lstrip()), cell.strip()))
            at += len(cell) + 1
        yield cells
        start += len(line) + 1


def _read(cells: list[tuple[int, str]], kinds: dict[int, str]) -> Iterator[Candidate]:
    for place, kind in kinds.items():
        start, shown = cells[place]
        if shown not in _nobody() and _SHAPES[kind].fullmatch(shown):
            yield Candidate(start, start + len(shown), kind, 0.88, "cell under a head")


@cache
def _kinds() -> dict[str, str]:
    """The head of a column to what stands under it."""
    heads = {
        "ADDRESS": words("places label"),
        "PHONE": words("contacts telephone"),
        "ID": words("ids id labels"),
        "BED/ROOM": words("columns bed"),
        "NAME": PATIENT_LABELS,
        "STAFF": f"{STAFF_LABELS} {words('columns staff')}",
    }
    return {word: kind for kind, listed in heads.items() for word in listed.split()}


@cache
def _nobody() -> frozenset[str]:
    return frozenset(words("forms not names").split())
