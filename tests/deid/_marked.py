"""Notes with identity marked inline, `[[NAME:张伟]]诉头痛`, read as plain text and the spans that must be found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bedside.types import IDENTITY_TYPES, Span

MARK = re.compile(r"\[\[([A-Z_0-9/]+):(.*?)\]\]", re.S)


@dataclass(frozen=True, slots=True)
class Note:
    """A hand-written note: its title, its plain text and the identity in it."""

    title: str
    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts over notes: a marked span is found when every letter or digit of it is covered by the spans given."""

    wanted: int
    found: int
    given: int
    right: int
    missed: tuple[str, ...]
    false: tuple[str, ...]

    @property
    def recall(self) -> float:
        return self.found / self.wanted if self.wanted else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.given if self.given else 1.0


def parse(marked: str) -> tuple[str, list[Span]]:
    """`parse("[[NAME:张伟]]诉头痛")` gives `("张伟诉头痛", [Span(0, 2, "NAME")])`."""
    pieces: list[str] = []
    spans: list[Span] = []
    length = last = 0
    for mark in MARK.finditer(marked):
        if mark[1] not in IDENTITY_TYPES:
            raise ValueError(f"unknown type in markup: {mark[1]}")
        before = marked[last : mark.start()]
        start = length + len(before)
        length = start + len(mark[2])
        pieces += [before, mark[2]]
        spans.append(Span(start, length, mark[1]))
        last = mark.end()
    pieces.append(marked[last:])
    return "".join(pieces), spans


def read_notes(path: Path) -> Iterator[Note]:
    """Notes of one file: each begins with a line `=== title`."""
    for part in re.split(r"^=== *", path.read_text(encoding="utf-8"), flags=re.M)[1:]:
        title, _, body = part.partition("\n")
        text, spans = parse(body.strip("\n"))
        yield Note(title.strip(), text, tuple(spans))


def score(pairs: Iterable[tuple[Note, Iterable[Span]]], types: frozenset[str] | None = None) -> Score:
    """Compares the marked spans with those given; `types` restricts which marked spans count for recall.

    A given span is right when it overlaps a marked one, so cutting differently at a title or a unit is not a fault.
    """
    wanted = found = given = right = 0
    missed: list[str] = []
    false: list[str] = []
    for note, spans in pairs:
        got = list(spans)
        covered = {i for s in got for i in range(s.start, s.end)}
        for want in note.spans:
            if types is not None and want.type not in types:
                continue
            wanted += 1
            if all(i in covered for i in range(want.start, want.end) if note.text[i].isalnum()):
                found += 1
            else:
                missed.append(f"{note.title}: {want.type} {note.text[want.start : want.end]}")
        for one in got:
            given += 1
            if any(one.start < want.end and want.start < one.end for want in note.spans):
                right += 1
            else:
                false.append(f"{note.title}: {one.type} {note.text[one.start : one.end]}")
    return Score(wanted, found, given, right, tuple(missed), tuple(false))
